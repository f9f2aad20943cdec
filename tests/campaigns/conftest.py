"""The demonstration web, and an archive that has read it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.web import DemoWeb

sys.path.insert(0, str(Path(__file__).parent))
from demo_program import program


@pytest.fixture(scope="session")
def demo_web() -> Iterator[DemoWeb]:
    with DemoWeb(datetime.now(UTC)) as web:
        yield web


@pytest.fixture(scope="session")
def filled(demo_web: DemoWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose archive has read the demonstration web once."""
    folder = tmp_path_factory.mktemp("filled")
    ran = program(demo_web, folder).run("run", "--json")
    assert ran.returncode == 4, ran.stderr
    return folder
