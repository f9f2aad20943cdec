"""Opening a database: refusals in French, times in UTC, durability."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.errors import ConfigError, StoreError
from db.columns import UtcDateTime, storable
from db.engine import Database, open_database
from db.store import open_store


def write(database: Database, *statements: str) -> None:
    """Run some statements in one write transaction."""
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("mysql://localhost/veille", "SQLite"),
        ("sqlite://", "SQLite"),
        ("sqlite:///:memory:", "SQLite"),
        ("var/veille.db", "adresse"),
        ("", "adresse"),
        ("nimporte://u:secret@quoi/b", "SQLite"),
    ],
)
def test_a_database_of_another_kind_is_refused_with_one_french_sentence(url: str, word: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=word) as caught:
        open_store(url, tmp_path)
    assert caught.value.exit_code == 3
    assert "secret" not in str(caught.value)


def _garbage(path: Path) -> None:
    path.write_bytes(b"ceci n'est pas une base " * 500)


def _truncated(path: Path) -> None:
    open_store(f"sqlite:///{path}", path.parent).close()
    data = path.read_bytes()
    path.write_bytes(data[:4096] + os.urandom(len(data) - 4096))


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recettes (nom TEXT)")
    connection.close()


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (_garbage, "abîmée"),
        (_truncated, "abîmée"),
        (_foreign, "pas été créée par veille"),
        (_folder, "ne peut pas être ouverte"),
    ],
)
def test_an_unusable_file_is_told_in_french_and_left_as_it_was_c13(damage: object, word: str, tmp_path: Path) -> None:
    path = tmp_path / "veille.db"
    damage(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError, match=word):
        open_store(f"sqlite:///{path}", tmp_path)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_parent_folder_that_cannot_be_made_is_told_in_french_c4(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("je ne suis pas un dossier")
    with pytest.raises(StoreError, match="ne peut pas être créé"):
        open_store(f"sqlite:///{tmp_path}/fichier/veille.db", tmp_path)


def test_a_read_only_database_says_so_when_written_c4(tmp_path: Path) -> None:
    path = tmp_path / "veille.db"
    open_store(f"sqlite:///{path}", tmp_path).close()
    database = open_database(f"sqlite:///{path}", durable=True)
    with pytest.raises(StoreError, match="lecture seule"):
        write(database, "PRAGMA query_only = ON", "INSERT INTO meta VALUES ('a', 'b')")
    database.close()


def test_a_full_disk_says_so_and_loses_nothing_c3(tmp_path: Path) -> None:
    path = tmp_path / "veille.db"
    open_store(f"sqlite:///{path}", tmp_path).close()
    database = open_database(f"sqlite:///{path}", durable=True)
    with database.write() as connection:
        connection.execute(text("INSERT INTO meta VALUES ('avant', 'là')"))
    with database.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    with pytest.raises(StoreError, match="disque est plein"):
        write(database, f"PRAGMA max_page_count = {pages}", "INSERT INTO meta VALUES ('gros', hex(zeroblob(100000)))")
    with database.read() as connection:
        assert connection.execute(text("SELECT name FROM meta WHERE name <> 'analysis'")).scalars().all() == ["avant"]
    database.close()


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_commits_outlive_a_power_cut_when_durable_c2(durable: bool, level: int, tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path).close()
    database = open_database(f"sqlite:///{tmp_path}/veille.db", durable=durable)
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == level
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
    database.close()


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/veille.db", tmp_path).close()
    database = open_database(f"sqlite:///{tmp_path}/veille.db", durable=True)
    with pytest.raises(OperationalError, match="no such table"):
        write(database, "INSERT INTO meta VALUES ('a', 'b')", "INSERT INTO absente VALUES (1)")
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM meta WHERE name = 'a'")).scalar() == 0
    database.close()


def test_a_time_of_another_zone_is_stored_in_utc_and_comes_back_aware() -> None:
    from sqlalchemy.dialects import sqlite

    kind, dialect = UtcDateTime(), sqlite.dialect()
    paris = datetime(2026, 11, 23, 8, 30, tzinfo=timezone(timedelta(hours=1)))
    stored = kind.process_bind_param(paris, dialect)
    assert stored == datetime(2026, 11, 23, 7, 30)
    assert kind.process_result_value(stored, dialect) == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="naive"):
        kind.process_bind_param(datetime(2026, 11, 23), dialect)


@pytest.mark.parametrize("hostile", ["a\0b", "a\ud800b", "\udfff", "é\0\udc80"])
def test_text_that_no_database_takes_keeps_its_length(hostile: str) -> None:
    clean = storable(hostile)
    assert len(clean) == len(hostile)
    assert "\0" not in clean
    assert clean.encode()
