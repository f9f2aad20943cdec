"""The search by SQL text alone: when it opens, what it leaves to the store, what it never does to the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_shelf import NOW, SOURCES, Shelf, card

from core.errors import ConfigError, StoreError
from core.query import parse
from db import reader
from db.reader import SqliteReadOnly
from db.search import Index, open_index

TEXT = "Les contrats à impact social reviennent."


@pytest.fixture
def archive(shelf: Shelf) -> Path:
    """The file of an archive of two articles, that nobody has open any more."""
    shelf.keep("https://exemple.fr/a", TEXT, "contrat", matches=(card("contrats", TEXT),))
    shelf.keep("https://exemple.fr/b", TEXT, "autre contrat", source="senat")
    shelf.store.close()
    return shelf.path / "veille.db"


def opened(path: Path) -> Index:
    index = open_index(f"sqlite:///{path}", SOURCES)
    assert index is not None
    return index


@pytest.mark.parametrize("query", ["contrat", '"contrats à impact"', "tag:cis -autre", "source:senat", "mois:2026-11"])
def test_the_search_alone_answers_as_the_store_s_does(shelf: Shelf, query: str) -> None:
    shelf.keep("https://exemple.fr/a", TEXT, "contrat", matches=(card("contrats", TEXT),))
    shelf.keep("https://exemple.fr/b", TEXT, "autre contrat", source="senat")
    index = opened(shelf.path / "veille.db")
    found = index.search(parse(query), NOW)
    index.close()
    assert found == shelf.find(query)
    assert found.total > 0


def _absent(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _garbage(path: Path) -> None:
    path.write_bytes(b"ceci n'est pas une base " * 500)


def _changed(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        connection = sqlite3.connect(path)
        with connection:
            connection.execute(statement)
        connection.close()

    return change


@pytest.mark.parametrize(
    "damage",
    [
        _absent,
        _empty,
        _garbage,
        _changed("DROP TABLE alembic_version"),
        _changed("DELETE FROM alembic_version"),
        _changed("UPDATE alembic_version SET version_num = '9999'"),
        _changed("UPDATE alembic_version SET version_num = '0001'"),
    ],
)
def test_a_file_that_is_not_ready_is_left_to_the_store_as_it_was(archive: Path, damage: Callable[[Path], None]) -> None:
    damage(archive)
    before = archive.read_bytes() if archive.exists() else None
    assert open_index(f"sqlite:///{archive}", SOURCES) is None
    assert (archive.read_bytes() if archive.exists() else None) == before


def test_another_kind_of_database_is_refused_in_french() -> None:
    with pytest.raises(ConfigError, match="SQLite"):
        open_index("mysql://veille@localhost/veille", SOURCES)


def test_a_search_changes_nothing_and_leaves_nothing_beside_the_file(archive: Path) -> None:
    before, names = archive.read_bytes(), sorted(each.name for each in archive.parent.iterdir())
    index = opened(archive)
    assert index.search(parse("contrat"), NOW).total == 2
    index.close()
    assert archive.read_bytes() == before
    assert sorted(each.name for each in archive.parent.iterdir()) == names


def test_what_only_reads_cannot_write(archive: Path) -> None:
    database = SqliteReadOnly(archive)
    with pytest.raises(StoreError, match="lecture seule"), database.read() as connection:
        connection.execute("DELETE FROM card")
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM card").fetchone() == (1,)
    database.close()


def test_a_view_does_not_change_while_somebody_writes_and_the_next_one_does(shelf: Shelf) -> None:
    database = SqliteReadOnly(shelf.path / "veille.db")
    counts = []
    with database.read() as connection:
        counts.append(connection.execute("SELECT count(*) FROM article").fetchone()[0])
        shelf.keep("https://exemple.fr/a", TEXT)
        counts.append(connection.execute("SELECT count(*) FROM article").fetchone()[0])
    with database.read() as connection:
        counts.append(connection.execute("SELECT count(*) FROM article").fetchone()[0])
    database.close()
    assert counts == [0, 0, 1]


def test_many_threads_search_at_once(archive: Path) -> None:
    index = opened(archive)
    query = replace(parse("contrat"), everything=True)
    with ThreadPoolExecutor(reader.MAX_IDLE * 3) as threads:
        results = list(threads.map(lambda _: index.search(query, NOW), range(60)))
    index.close()
    assert {result.total for result in results} == {2}
    assert len(results) == 60


def test_a_file_damaged_meanwhile_is_told_in_french(archive: Path) -> None:
    index = opened(archive)
    index.close()
    data = archive.read_bytes()
    archive.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(StoreError, match="abîmée"):
        index.search(parse("contrat"), NOW)
    index.close()


@pytest.mark.parametrize("name", ["la base.db", "été #1?.db", "100%.db"])
def test_a_file_may_have_any_name(archive: Path, name: str) -> None:
    other = archive.rename(archive.with_name(name))
    database = SqliteReadOnly(other)
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (2,)
    database.close()


def test_what_is_read_has_the_types_that_the_core_declares(shelf: Shelf) -> None:
    kept = shelf.keep("https://exemple.fr/a", TEXT, matches=(card("contrats", TEXT, page=3),), published=NOW)
    article = shelf.store.articles.article(kept.article_id)
    assert article is not None
    checked = 0
    for record in (article, *article.tags, *article.matches):
        for field in fields(record):
            expected = {"bool": bool, "datetime": datetime, "datetime | None": (datetime, type(None))}.get(field.type)
            if expected:
                value = getattr(record, field.name)
                assert isinstance(value, expected), field.name
                assert not isinstance(value, datetime) or value.tzinfo is UTC, field.name
                checked += 1
    assert checked >= 8
    assert article.matches[0].confirmed_by == ("social",)
