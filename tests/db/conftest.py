"""A store on a real SQLite file; its helpers are a module beside, put on the path because the folder is no package."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import open_store

sys.path.append(str(Path(__file__).parent))

from store_shelf import REVISIT, SOURCES, Shelf


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database just created, to copy rather than to migrate for every test."""
    path = tmp_path_factory.mktemp("blank") / "veille.db"
    open_store(f"sqlite:///{path}", path.parent).close()
    return path


@pytest.fixture
def shelf(tmp_path: Path, blank: Path) -> Iterator[Shelf]:
    path = tmp_path / "veille.db"
    shutil.copy(blank, path)
    with open_store(f"sqlite:///{path}", tmp_path, revisit=REVISIT, sources=SOURCES) as store:
        yield Shelf(store, tmp_path, f"sqlite:///{path}")
