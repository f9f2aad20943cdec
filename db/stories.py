"""Stories: articles that tell the same text, the earliest first, and stories merged into others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from db import dialect
from db.ledger import EditionStoryRow
from db.models import ArticleRow, StoryRow

_NEW = insert(StoryRow).returning(StoryRow.id)


def new_story(connection: Connection, at: datetime) -> int:
    return connection.execute(_NEW, {"created_at": at}).scalar_one()


def current_story(connection: Connection, story_id: int) -> int | None:
    """The story that took another's articles, or the same; None when there never was one.

    It ends: only stories that nothing took are ever merged into another.
    """
    while True:
        row = connection.execute(select(StoryRow.merged_into).where(StoryRow.id == story_id)).first()
        if row is None:
            return None
        if row.merged_into is None:
            return story_id
        story_id = row.merged_into


def merge_story(connection: Connection, story_id: int, into: int) -> None:
    """Move every article of a story into another, which inherits its editions; the old number leads to the new one."""
    if story_id == into:
        return
    connection.execute(update(ArticleRow).where(ArticleRow.story_id == story_id).values(story_id=into))
    connection.execute(update(StoryRow).where(StoryRow.id == story_id).values(merged_into=into))
    inherited = select(EditionStoryRow.series, dialect.constant(into), EditionStoryRow.edition_id).where(
        EditionStoryRow.story_id == story_id
    )
    connection.execute(
        dialect.insert_missing(EditionStoryRow).from_select(["series", "story_id", "edition_id"], inherited)
    )


def is_alone(connection: Connection, article_id: int, story_id: int) -> bool:
    """True when a story holds no other article."""
    others = select(func.count()).where(ArticleRow.story_id == story_id, ArticleRow.id != article_id)
    return connection.execute(others.select_from(ArticleRow)).scalar_one() == 0
