"""Asks the full-text index over stems (`db/fts.py`): which articles match, and how well."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.tree import And, Expression, Not, Or, Word
from db import postgres_ranks
from db.postgres_reader import PostgresReader
from db.reader import Reader
from db.values import as_list, storable

TITLE_WEIGHT = 4.0
"""A word of the title counts as four of the text."""
MAX_TERMS = 60
"""Words and filters of one query that are searched; FTS5 refuses expressions deeper than 256."""

_RANKED = (
    f"SELECT rowid, bm25(article_fts, {TITLE_WEIGHT}, 1.0) FROM article_fts"
    # The plus sign keeps FTS5 from seeking every rowid: the list of matches is read once, and only these are scored.
    " WHERE article_fts MATCH :match AND +rowid IN (SELECT value FROM json_each(:ids)) AND rowid BETWEEN :low AND :high"
)


def phrase(word: Word) -> str:
    """A word as an FTS5 string: its stems, one after the other, whatever they hold (SQLite FTS5, 3.1)."""
    return '"' + storable(" ".join(word.stems)).replace('"', '""') + '"'


def match_expression(asked: Expression, apart: Collection[Word] = ()) -> str:
    """The FTS5 expression of what the index alone can answer; empty for the rest.

    The index answers words, joined in any way that begins from some; neither filters, nor exclusions alone, nor the
    words `apart`, for which more is to be checked.
    """
    match asked:
        case Word():
            return phrase(asked) if asked.stems and asked not in apart else ""
        case Or(parts):
            found = [match_expression(part, apart) for part in parts]
            return f"({' OR '.join(found)})" if found and all(found) else ""
        case And(parts):
            wanted = [match_expression(part, apart) for part in parts if not isinstance(part, Not)]
            banned = [match_expression(part.part, apart) for part in parts if isinstance(part, Not)]
            if not wanted or not all(wanted) or not all(banned):
                return ""
            expression = f"({' AND '.join(wanted)})"
            return f"({expression} NOT ({' OR '.join(banned)}))" if banned else expression
    return ""


def any_of(words: Sequence[Word]) -> str:
    """The FTS5 expression of articles with one of the words, at least."""
    return " OR ".join(dict.fromkeys(phrase(word) for word in words if word.stems))


def ranks(reader: Reader, expression: str, ids: Sequence[int]) -> dict[int, float]:
    """bm25 of some of the articles that an expression matches; the greater the better."""
    if not ids or not expression:
        return {}
    if isinstance(reader, PostgresReader):
        return postgres_ranks.ranks(reader, expression, ids, TITLE_WEIGHT)
    values = {"match": expression, "ids": as_list(ids), "low": min(ids), "high": max(ids)}
    return {identity: -rank for identity, rank in reader.execute(_RANKED, values)}
