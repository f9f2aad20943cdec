"""A store on a real SQLite file, or on a real PostgreSQL server for the tests that must hold on both.

Its helpers are a module beside, put on the path because the folder is no package.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import PostgresServer

from db.store import open_store

sys.path.append(str(Path(__file__).parent))

from store_shelf import REVISIT, SOURCES, Shelf

ON_BOTH = (
    "test_articles test_corrections test_drafts test_editions test_facts test_forget test_members"
    " test_purge test_raw test_replay test_joining test_reports test_returns test_runs"
    " test_samples test_saved test_search test_subscribers test_visits"
).split()
"""Modules whose `shelf` is tried on both databases, in each test that says nothing of SQLite."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "backend" in metafunc.fixturenames:
        both = metafunc.module.__name__.rpartition(".")[2] in ON_BOTH
        both = both and metafunc.definition.get_closest_marker("sqlite") is None
        other = [pytest.param("postgresql", marks=pytest.mark.postgres)] if both else []
        metafunc.parametrize("backend", ["sqlite", *other])


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database just created, to copy rather than to migrate for every test."""
    path = tmp_path_factory.mktemp("blank") / "veille.db"
    open_store(f"sqlite:///{path}", path.parent).close()
    return path


@pytest.fixture(scope="session")
def served(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database made on the server, to empty rather than to make for every test."""
    with postgres.database() as name:
        open_store(postgres.url(name), tmp_path_factory.mktemp("served")).close()
        yield name


@pytest.fixture
def shelf(tmp_path: Path, backend: str, request: pytest.FixtureRequest) -> Iterator[Shelf]:
    if backend == "sqlite":
        path = tmp_path / "veille.db"
        shutil.copy(request.getfixturevalue("blank"), path)
        url = f"sqlite:///{path}"
    else:
        server, name = request.getfixturevalue("postgres"), request.getfixturevalue("served")
        server.empty(name)
        url = server.url(name)
    with open_store(url, tmp_path, revisit=REVISIT, sources=SOURCES) as store:
        yield Shelf(store, tmp_path, url)
