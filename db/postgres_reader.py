"""Reads a PostgreSQL database without SQLAlchemy, giving what SQLite gives: times as stored text, JSON as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from db.postgres import connect, french_error, place
from db.postgres_text import spelled

if TYPE_CHECKING:
    from psycopg import Connection

MAX_IDLE = 4
"""Connections kept open between reads: each is a process of the server."""


class PostgresReader:
    """A Reader inside a transaction of psycopg."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Mapping[str, Any], /) -> Iterable[Any]:
        from psycopg.types.string import TextLoader

        cursor = self._connection.cursor()
        cursor.adapters.register_loader("timestamptz", _stored_time())
        cursor.adapters.register_loader("json", TextLoader)
        text, bound = spelled(statement, values)
        # Planned for these very values: the best way to a rare word is not the one to a frequent word.
        return cursor.execute(text.encode(), bound, prepare=False)


@cache
def _stored_time() -> Any:
    """A loader of times, in UTC for the session is, as `db.values.stored_time` writes them."""
    from psycopg.adapt import Loader

    class StoredTime(Loader):
        def load(self, data: Any) -> str:
            time, _, fraction = bytes(data).decode().removesuffix("+00").partition(".")
            return f"{time}.{fraction:0<6}"

    return StoredTime


class PostgresReadOnly:
    """The ReadOnly of a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[Connection[Any]] = []

    @property
    def place(self) -> str:
        return place(self._url)

    @contextmanager
    def read(self) -> Iterator[PostgresReader]:
        connection = self._take()
        try:
            yield PostgresReader(connection)
            connection.rollback()
        except BaseException as error:
            connection.close()
            told = french_error(error, self._url)
            if told is None:
                raise
            raise told from error
        if len(self._idle) < MAX_IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> Connection[Any]:
        from psycopg import IsolationLevel, OperationalError

        while self._idle:
            with suppress(IndexError, OperationalError):
                connection = self._idle.pop()
                connection.execute("SELECT 1")  # the server may have been started again since
                return connection
        connection = connect(self._url)
        connection.read_only = True
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        return connection
