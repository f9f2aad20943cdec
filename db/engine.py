"""Opens the database, SQLite or PostgreSQL: short transactions, one writer at a time, errors told in French."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from core.errors import StoreError
from db import postgres
from db.dialect import on_postgres
from db.file import BUSY_SECONDS, CACHE_KIB, database_path, french_error
from db.postgres_reader import PostgresReader
from db.reader import Reader

CHECKPOINT_PAGES = 4_000
"""16 MB of log before it is written back: an article touches forty scattered pages, many of them again soon."""


WRITING = 0x7665_696C_6C65
"""Number of the advisory lock that a writer holds on PostgreSQL: « veille » in ASCII."""


def open_database(url: str, *, durable: bool) -> Database:
    """A database, without opening it yet.

    `durable`: a commit outlives a power cut (synchronous FULL, threat C2); otherwise it outlives a killed
    process only, which is enough for pages that can be fetched again. Raises ConfigError on a URL not supported.
    """
    if postgres.is_postgres(url):
        return Database(_postgres_engine(url, durable), postgres.place(url), partial(postgres.french_error, url=url))
    path = database_path(url)
    return Database(_sqlite_engine(path, durable), f"Base {path}", partial(french_error, path=path))


def _postgres_engine(url: str, durable: bool) -> Engine:
    engine = create_engine(
        "postgresql+psycopg://",
        module=postgres.driver(),
        creator=partial(postgres.connect, url, durable=durable),
        pool_size=4,
        max_overflow=28,
        pool_pre_ping=True,
        # What is read is one view of the whole database.
        isolation_level="REPEATABLE READ",
    )

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")

    event.listen(engine, "begin", begin)
    return engine


def _sqlite_engine(path: Path, durable: bool) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=4,
        max_overflow=28,
    )

    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # sqlite3 would begin transactions by itself, and too late for a lock
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        connection.execute("PRAGMA temp_store = MEMORY")

    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin)
    return engine


class Database:
    """Short transactions on one engine; every database error leaves it as a StoreError with a French sentence."""

    def __init__(self, engine: Engine, place: str, told: Callable[[BaseException | None], StoreError | None]) -> None:
        self.engine = engine
        self.place = place
        """How messages name it."""
        self.is_postgres = engine.dialect.name == "postgresql"
        self._french = told
        # A PostgreSQL writer sees what was committed while it waited for its turn.
        level = {"isolation_level": "READ COMMITTED"} if self.is_postgres else {}
        self._writer = engine.execution_options(writing=True, **level)

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        return Path(self.engine.url.database or "")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the whole database, rolled back at the end."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; committed at the end, rolled back on an error."""
        with self._told(), self._writer.begin() as connection:
            yield connection

    def checkpoint(self) -> None:
        """Write the log back and empty it, where no reader needs it: what was erased is then in no file.

        A PostgreSQL server writes over what was erased in its own time (VACUUM, and the end of its archived logs).
        """
        if self.is_postgres:
            return
        with self._told(), self.engine.connect() as connection:
            connection.rollback()
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError, self.engine.dialect.loaded_dbapi.Error) as error:
            told = self._french(error.orig if isinstance(error, DatabaseError) else error)
            if told is None:
                raise
            raise told from error


class _TextReader:
    """A Reader inside an SQLAlchemy transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Mapping[str, Any], /) -> Iterable[Any]:
        return self._connection.execute(text(statement), values)


def reader(connection: Connection) -> Reader:
    """The same transaction, for what reads by SQL text."""
    if on_postgres(connection):
        return PostgresReader(connection.connection.driver_connection)  # type: ignore[arg-type]
    return _TextReader(connection)
