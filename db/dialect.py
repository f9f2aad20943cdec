"""The few statements of SQLAlchemy that differ between databases; SQL text is spelled by `db/postgres_text.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Integer, Select, cast, extract, literal, select
from sqlalchemy.dialects.postgresql import Insert, insert  # its ON CONFLICT is SQLite's too
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from db.values import as_list


def on_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


@cache
def insert_missing(entity: Any) -> Insert:
    """An INSERT that leaves an existing row as it is."""
    return insert(entity).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@cache
def upsert(entity: Any, key: str, columns: tuple[str, ...]) -> Insert:
    """An INSERT that, where the key exists, replaces these columns alone; made once, so that it is compiled once."""
    statement = insert(entity)
    return statement.on_conflict_do_update(
        index_elements=[key], set_={name: statement.excluded[name] for name in columns}
    )


def value_list(values: Iterable[str]) -> Select[str]:
    """A sub-select over any number of texts, bound as one parameter."""
    return select(_Elements(literal(as_list(values))).table_valued("value").c.value)


def id_list(ids: Iterable[int]) -> Select[int]:
    """A sub-select over any number of ids, bound as one parameter."""
    return select(cast(_Elements(literal(as_list(ids))).table_valued("value").c.value, BigInteger()))


def constant(value: int) -> ColumnElement[int]:
    return literal(value, Integer())


class _Elements(FunctionElement[Any]):
    """The elements of a JSON list, as rows with one column, `value`."""

    inherit_cache = True


@compiles(_Elements, "sqlite")
def _of_sqlite(element: _Elements, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Elements, "postgresql")
def _of_postgres(element: _Elements, compiler: Any, **options: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS jsonb))"


def days_between(start: ColumnElement[datetime], end: ColumnElement[datetime]) -> ColumnElement[Any]:
    return (extract("epoch", end) - extract("epoch", start)) / 86_400.0
