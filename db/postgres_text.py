"""Spells for PostgreSQL the SQL text that searches are written in, which is SQLite's (ADR 0019).

What differs is little, and is all here: lists travel as JSON to SQLite and as arrays to PostgreSQL; the full-text
index is asked otherwise; SQLite alone is told which index to use, by INDEXED BY, CROSS JOIN or a plus sign.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from db.postgres_match import matching

_LIST = re.compile(r"\b(NOT )?IN \(SELECT value FROM json_each\(:(\w+)\)\)")
_MATCH = re.compile(r"\barticle_fts MATCH :(\w+)")
_HINTS = re.compile(r"\bINDEXED BY \w+|\bCROSS (?=JOIN\b)|(?<=[ (,])\+(?=[a-z_])")
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")


class Spelled(NamedTuple):
    """A statement in psycopg's form, the parameters that are lists, and those that are questions to the index."""

    text: str
    lists: tuple[str, ...]
    questions: tuple[str, ...]


def spelled(statement: str, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The statement and its values as psycopg takes them."""
    text, lists, questions = _spelled(statement)
    bound = {name: json.loads(value) if name in lists else value for name, value in values.items()}
    for name in questions:
        condition, asked = matching(values[name], name)
        text = text.replace(_place(name), condition)
        bound |= asked
    return text, bound


@lru_cache(maxsize=500)
def _spelled(statement: str) -> Spelled:
    questions, lists = tuple(_MATCH.findall(statement)), tuple(name for _, name in _LIST.findall(statement))
    text = _HINTS.sub("", statement.replace("%", "%%"))
    text = _LIST.sub(lambda found: f"{'<> ALL' if found[1] else '= ANY'}(:{found[2]})", text)
    text = _MATCH.sub(lambda found: _place(found[1]), text)
    return Spelled(_PARAMETER.sub(r"%(\1)s", text), lists, questions)


def _place(name: str) -> str:
    """What stands for a condition until the question is known."""
    return f"<{name}>"
