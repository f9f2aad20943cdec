"""Reads articles back as core records, many at once in three queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from core.articles import Match, StoredArticle, Tag
from db import dialect
from db.models import ArticleRow, VersionRow
from db.verdicts import cards_of, tags_of


def load(connection: Connection, ids: Sequence[int]) -> list[StoredArticle]:
    """The articles of these ids, in this order; those that do not exist are left out."""
    wanted = dialect.id_list(ids)
    rows = {
        row.id: row
        for row in connection.execute(
            select(ArticleRow.__table__, VersionRow.text, VersionRow.page_offsets)
            .join(VersionRow, (VersionRow.article_id == ArticleRow.id) & (VersionRow.number == ArticleRow.version))
            .where(ArticleRow.id.in_(wanted))
        )
    }
    tags = tags_of(connection, ids)
    cards = cards_of(connection, ids)
    return [_article(rows[each], tags[each], cards[each]) for each in ids if each in rows]


def _article(row: Row[Any], tags: list[Tag], cards: list[Match]) -> StoredArticle:
    return StoredArticle(
        id=row.id,
        story_id=row.story_id,
        source=row.source,
        url=row.url,
        title=row.title,
        text=row.text,
        author=row.author,
        language=row.language,
        published=row.published,
        date_has_time=row.date_has_time,
        date_origin=row.date_origin,
        first_seen=row.first_seen,
        backfilled=row.backfilled,
        deleted_at=row.deleted_at,
        truncated=row.truncated,
        media_type=row.media_type,
        version=row.version,
        page_offsets=tuple(row.page_offsets),
        tags=tuple(tags),
        matches=tuple(cards),
        reserved=row.reserved,
    )
