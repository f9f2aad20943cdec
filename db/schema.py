"""Brings a database to the schema of this program.

Alembic is loaded only when there is something to do, SQLAlchemy never by this file: a search asks it the revision.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import SchemaTooNew, StoreError
from db.file import BUSY_SECONDS
from db.postgres_reader import PostgresReader
from db.reader import Reader

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.engine import Database

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
"""Every revision of `db/migrations/versions`, oldest first; a test compares them."""
HEAD = REVISIONS[-1]
MIGRATIONS = Path(__file__).parent / "migrations"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_SERVER_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
WAL_TRIES, WAL_PATIENCE_MS = 60, 300


def prepare(database: Database) -> bool:
    """Create or migrate the schema, in one transaction; True when the file was new.

    A database that is not new is copied beside itself first. Raises SchemaTooNew when a later version of veille
    wrote the file, StoreError when the file is not usable.
    """
    if database.is_postgres:
        from db.postgres_schema import prepare as prepare_server

        return prepare_server(database)
    with database.read() as connection:
        current = revision(_raw(connection), database.place)
        connection.rollback()
        _to_wal(_raw(connection))
    if current != HEAD:
        _migrate(database)
    return not current


def revision(reader: Reader, place: str) -> str:
    """The stored revision, empty for a new database; raises SchemaTooNew or StoreError when it is not one of ours."""
    statement = _SERVER_TABLES if isinstance(reader, PostgresReader) else _TABLES
    tables = {name for (name,) in reader.execute(statement, {})}
    if not tables:
        return ""
    if "alembic_version" not in tables:
        raise StoreError(f"{place} : elle n'a pas été créée par veille ; indiquez-en une autre.")
    stored = next((str(name) for (name,) in reader.execute("SELECT version_num FROM alembic_version", {}) if name), "")
    if stored and stored not in REVISIONS:
        raise SchemaTooNew(
            f"{place} : elle a été écrite par une version plus récente de veille (schéma {stored}) ; "
            "mettez veille à jour, ou restaurez une sauvegarde plus ancienne."
        )
    return stored


def _migrate(database: Database) -> None:
    with database.read() as connection:
        # Rebuilding a table would fire its foreign keys; the pragma does nothing once a transaction has begun.
        connection.rollback()
        _raw(connection).execute("PRAGMA foreign_keys = OFF")
        try:
            _upgrade(connection.execution_options(writing=True), database)
        finally:
            connection.invalidate()


def _to_wal(raw: sqlite3.Connection) -> None:
    """Set WAL mode: once for all, and only in a file that is ours; a copy made by other tools may have lost it.

    Two processes that change the mode at once may wait for each other: each gives way quickly and tries again.
    """
    raw.execute(f"PRAGMA busy_timeout = {WAL_PATIENCE_MS}")
    try:
        for attempt in range(1, WAL_TRIES + 1):
            try:
                raw.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if attempt == WAL_TRIES:
                    raise
                time.sleep(random.uniform(0.01, 0.2))
    finally:
        raw.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _raw(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, for what must be said outside a transaction."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _upgrade(connection: Connection, database: Database) -> None:
    with connection.begin():
        # Another process may have migrated while this one waited for the lock.
        current = revision(_raw(connection), database.place)
        if current == HEAD:
            return
        if current:
            copy_beside(database.path, f"avant-schema-{HEAD}")
        upgrade(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise StoreError(
                f"{database.place} : la mise à jour du schéma a échoué, rien n'a été changé (table {broken[0]})."
            )


def upgrade(connection: Connection) -> None:
    """Run the revisions that a database lacks, in the transaction of this connection."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, HEAD)


def copy_beside(path: Path, suffix: str) -> Path:
    """A consistent copy of a database file, named `<file>.<suffix>`; it appears whole or not at all."""
    target = path.with_name(f"{path.name}.{suffix}")
    copy_database(path, target)
    return target


def copy_database(path: Path, target: Path) -> None:
    """Copy a database that may be in use (SQLite's online backup); in WAL mode, synced, put in place by a rename.

    Raises StoreError when the copy cannot be written or is not sound.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        for stale in (partial, Path(f"{partial}-wal"), Path(f"{partial}-shm")):
            stale.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
            answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
            copy.execute("PRAGMA journal_mode = WAL")
        if answer != "ok":
            raise StoreError(f"Base {path} : la copie {target} est abîmée ({answer}).")
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"Base {path} : la copie {target} n'a pas pu être écrite ({error}).") from error
