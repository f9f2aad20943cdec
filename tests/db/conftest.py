"""A store on a real SQLite file; its helpers are a module beside, put on the path because the folder is no package."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import open_store

sys.path.append(str(Path(__file__).parent))

from store_shelf import REVISIT, SOURCES, Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    url = f"sqlite:///{tmp_path / 'veille.db'}"
    with open_store(url, tmp_path, revisit=REVISIT, sources=SOURCES) as store:
        yield Shelf(store, tmp_path, url)
