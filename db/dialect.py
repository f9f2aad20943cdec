"""The few statements that differ between databases; PostgreSQL will have its own forms here and in `db/fts.py`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, func, literal, select
from sqlalchemy.dialects.sqlite import Insert, insert

from db.values import as_list


@cache
def insert_missing(entity: Any) -> Insert:
    """An INSERT that leaves an existing row as it is."""
    return insert(entity).on_conflict_do_nothing()


@cache
def upsert(entity: Any, key: str, columns: tuple[str, ...]) -> Insert:
    """An INSERT that, where the key exists, replaces these columns alone; made once, so that it is compiled once."""
    statement = insert(entity)
    return statement.on_conflict_do_update(
        index_elements=[key], set_={name: statement.excluded[name] for name in columns}
    )


def value_list(values: Iterable[int | str]) -> Select[Any]:
    """A sub-select over any number of values, bound as one parameter."""
    return select(func.json_each(as_list(values)).table_valued("value").c.value)


def constant(value: int) -> ColumnElement[int]:
    return literal(value, Integer())
