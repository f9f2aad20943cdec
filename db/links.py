"""Which links are asked again although nothing is awaited of their pages: are they still there?"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, union

from db.models import ArticleRow, FetchStateRow, PageRow

EVERY = timedelta(days=30)
"""A link of a matched article is asked at least so often; a dead one too, for pages come back."""
AT_ONCE = 10
"""Links of one source in one run: a backlog is worked off run by run."""

# By identity, and by the page last read: an article that was redirected has another address than was asked.
_MATCHED = (ArticleRow.source == bindparam("slug"), ArticleRow.labels != "")
_ADDRESSES = union(
    select(FetchStateRow.url).join(ArticleRow, ArticleRow.key == FetchStateRow.key).where(*_MATCHED),
    select(PageRow.url).join(ArticleRow, ArticleRow.page_id == PageRow.id).where(*_MATCHED),
).subquery()
_DUE = (
    select(FetchStateRow.url)
    .join(_ADDRESSES, _ADDRESSES.c.url == FetchStateRow.url)
    .where(FetchStateRow.kind == "article", FetchStateRow.body_hash != "", FetchStateRow.checked_at <= bindparam("by"))
    .order_by(FetchStateRow.checked_at, FetchStateRow.url)
    .limit(AT_ONCE)
)


def due(connection: Connection, source: str, now: datetime) -> list[str]:
    """Addresses of matched articles of a source, those that were not asked for the longest time first."""
    return list(connection.execute(_DUE, {"slug": source, "by": now - EVERY}).scalars())
