"""Counts what a search finds by month: every story once, by the first of its articles that match."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from core.search import SearchQuery
from core.statistics import MonthCount
from db.exact import conditions
from db.postgres_reader import PostgresReader
from db.reader import Reader

_MATCHING = "article.id IN (SELECT rowid FROM article_fts WHERE article_fts MATCH :match)"
# A bare column beside min() is of the row that holds the minimum (SQLite, "Bare columns in an aggregate query").
_FIRST = """
SELECT month, source, labels, backfilled, min(day || printf('%019d', id)) FROM article WHERE {} GROUP BY story_id
"""

_FIRST_POSTGRES = """
SELECT DISTINCT ON (story_id) month, source, labels, backfilled, day FROM article WHERE {} ORDER BY story_id, day, id
"""


def monthly(reader: Reader, query: SearchQuery, sources: Mapping[str, tuple[str, str]]) -> tuple[MonthCount, ...]:
    """The stories that a search finds, all of them, in order of months; `sources`: slug → (name, category)."""
    wanted = conditions(reader, query, sources)
    condition = f"{_MATCHING} AND {wanted.rest}" if wanted.match else wanted.rest
    first = _FIRST_POSTGRES if isinstance(reader, PostgresReader) else _FIRST
    rows = reader.execute(first.format(condition), {**wanted.values, "match": wanted.match})
    families = {slug: category for slug, (_, category) in sources.items()}
    # Counted here: SQLite would sort what Counter only hashes, which takes twice as long.
    counts = Counter(
        (month, families.get(source, ""), labels, backfilled) for month, source, labels, backfilled, _ in rows
    )
    return tuple(
        MonthCount(month, category, tuple(labels.split()), bool(backfilled), stories)
        for (month, category, labels, backfilled), stories in sorted(counts.items())
    )
