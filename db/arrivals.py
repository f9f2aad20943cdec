"""What a search finds among the stories first seen since a day: the news of an alert, and how many it would have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.saved import Arrivals
from core.search import SearchQuery
from db.exact import conditions
from db.found import Found
from db.hits import hits
from db.listing import stories
from db.reader import Reader
from db.values import stored_time

_MATCHING = " AND article.id IN (SELECT rowid FROM article_fts WHERE article_fts MATCH :match)"
# A story of which any article was seen before, or came with a source's history, is no news (product decision 5).
_ARRIVED = f"""
SELECT {", ".join(f"article.{name}" for name in Found._fields)} FROM article
WHERE article.first_seen >= :since AND article.day >= :young AND NOT article.backfilled
AND article.deleted_at IS NULL AND {{rest}}{{matching}}
AND NOT EXISTS (SELECT * FROM article AS earlier WHERE earlier.story_id = article.story_id
                AND (earlier.first_seen < :since OR earlier.backfilled))
AND NOT EXISTS (SELECT * FROM edition_story WHERE edition_story.series = :series
                AND edition_story.story_id = article.story_id)
ORDER BY article.day DESC, article.id DESC
"""


def arrivals(
    reader: Reader,
    query: SearchQuery,
    sources: Mapping[str, tuple[str, str]],
    since: datetime,
    young: datetime,
    series: str,
) -> Arrivals:
    """Stories whose first article was seen from `since` on and that no edition of the series holds.

    `young`: the day before which an article is no news, whenever it was seen. `query.limit` bounds the hits, not the
    count. `sources`: slug → (name, category).
    """
    wanted = conditions(reader, query, sources)
    bounds = {"since": stored_time(since), "young": stored_time(young), "series": series}
    statement = _ARRIVED.format(rest=f"({wanted.rest})", matching=_MATCHING if wanted.match else "")
    rows = reader.execute(statement, {**wanted.values, **bounds, **({"match": wanted.match} if wanted.match else {})})
    listed = stories(list(map(Found._make, rows)), {})
    words = [word for word in query.words if word.stems]
    return Arrivals(len(listed), hits(reader, listed[: query.limit], words))
