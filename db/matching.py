"""Asks the full-text index over stems (`db/fts.py`): which articles match, and how well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.search import Word
from db.reader import Reader
from db.values import as_list, storable

TITLE_WEIGHT = 4.0
"""A word of the title counts as four of the text."""
MAX_WORDS = 60
"""Words of one query that are searched; FTS5 refuses expressions deeper than 256."""
MATCHING = "SELECT rowid FROM article_fts WHERE article_fts MATCH :match"
"""Ids of the articles that an expression matches."""

_RANKED = (
    f"SELECT rowid, bm25(article_fts, {TITLE_WEIGHT}, 1.0) FROM article_fts"
    # The plus sign keeps FTS5 from seeking every rowid: the list of matches is read once, and only these are scored.
    " WHERE article_fts MATCH :match AND +rowid IN (SELECT value FROM json_each(:ids))"
)


def phrase(word: Word) -> str:
    """A word as an FTS5 string: its stems, one after the other, whatever they hold (SQLite FTS5, 3.1)."""
    return '"' + storable(" ".join(word.stems)).replace('"', '""') + '"'


def match_expression(groups: Iterable[Sequence[Word]], excluded: Iterable[Word] = ()) -> str:
    """The FTS5 expression of AND-ed groups of OR-ed words, without the excluded ones; empty when no word is wanted."""
    wanted = [phrases for group in groups if (phrases := [phrase(word) for word in group if word.stems])]
    if not wanted:
        return ""
    wanted = wanted[:MAX_WORDS]
    expression = " AND ".join("(" + " OR ".join(phrases[:MAX_WORDS]) + ")" for phrases in wanted)
    banned = [phrase(word) for word in excluded if word.stems][:MAX_WORDS]
    return f"({expression}) NOT ({' OR '.join(banned)})" if banned else expression


def matching(reader: Reader, expression: str) -> set[int]:
    """Ids of the articles that an expression matches; none for the empty one."""
    return {row[0] for row in reader.execute(MATCHING, {"match": expression})} if expression else set()


def ranks(reader: Reader, expression: str, ids: Sequence[int]) -> dict[int, float]:
    """bm25 of some of the articles that an expression matches; the greater the better."""
    rows = reader.execute(_RANKED, {"match": expression, "ids": as_list(ids)})
    return {identity: -rank for identity, rank in rows}
