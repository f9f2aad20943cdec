"""Reads the database without SQLAlchemy, an SQLite file with the standard library alone: a search answers before
SQLAlchemy would be loaded (ADR 0013).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from db.file import BUSY_SECONDS, CACHE_KIB, database_path, french_error
from db.postgres import is_postgres

MAX_IDLE = 4
"""Connections kept open between reads: each holds its part of the file in memory."""


class Reader(Protocol):
    """A view of the database that does not change: a connection of sqlite3, `db.postgres_reader` over psycopg's, or
    `db.engine.reader` over SQLAlchemy's.
    """

    def execute(self, statement: str, values: Mapping[str, Any], /) -> Iterable[Any]:
        """Rows, as tuples, of SQL text with `:name` parameters, written for SQLite (`db/postgres_text.py`)."""
        ...


class ReadOnly(Protocol):
    """A database that is only read, by any number of threads; close it when done."""

    @property
    def place(self) -> str:
        """How messages name it: « Base var/veille.db »."""
        ...

    def read(self) -> AbstractContextManager[Reader]:
        """A consistent view of the whole database; raises StoreError, in French, when it cannot be used."""
        ...

    def close(self) -> None: ...


def open_read_only(url: str) -> ReadOnly:
    """The database of a URL, not opened yet; raises ConfigError on a URL not supported."""
    if is_postgres(url):
        from db.postgres_reader import PostgresReadOnly

        return PostgresReadOnly(url)
    return SqliteReadOnly(database_path(url))


def is_there(url: str) -> bool:
    """False for an SQLite file not made yet; a server is taken as there. Raises ConfigError on a URL not supported."""
    return is_postgres(url) or database_path(url).exists()


class SqliteReadOnly:
    """A database file that is only read, by any number of threads; close it when done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []

    @property
    def place(self) -> str:
        return f"Base {self.path}"

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A consistent view of the whole database; raises StoreError, in French, when the file cannot be used."""
        try:
            connection = self._take()
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("ROLLBACK")
            except BaseException:
                connection.close()
                raise
            self._give_back(connection)
        except sqlite3.DatabaseError as error:
            told = french_error(error, self.path)
            if told is None:
                raise
            raise told from error

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> sqlite3.Connection:
        with suppress(IndexError):
            return self._idle.pop()
        # Not mode=ro, which leaves the log's files behind: SQLite removes them only for a connection that may write.
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        try:
            for pragma in ("query_only = ON", f"cache_size = -{CACHE_KIB}", "temp_store = MEMORY"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if len(self._idle) < MAX_IDLE:
            self._idle.append(connection)
        else:
            connection.close()
