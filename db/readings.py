"""What members keep to read: each list is one member's, is no part of the audit, and leaves with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, select, update

from core.errors import VeilleError
from core.members import Reading
from db.engine import Database
from db.models import ArticleRow
from db.proposals import checked_note
from db.roster import ReadingRow

MOST = 500
"""Articles of one list."""


class Readings:
    """The ReadingStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, member_id: int, article_id: int, at: datetime) -> bool:
        """Raises VeilleError, in French, when the list is full."""
        with self._database.write() as connection:
            if not connection.execute(select(exists().where(ArticleRow.id == article_id))).scalar():
                return False
            if connection.execute(select(exists().where(*_one(member_id, article_id)))).scalar():
                return True
            own = select(func.count()).select_from(ReadingRow).where(ReadingRow.member_id == member_id)
            if connection.execute(own).scalar_one() >= MOST:
                raise VeilleError(f"Votre liste a {MOST} articles, c'est le plus qu'elle peut garder : retirez-en.")
            values = {"member_id": member_id, "article_id": article_id, "note": "", "at": at}
            connection.execute(insert(ReadingRow), values)
            return True

    def annotate(self, member_id: int, article_id: int, note: str) -> bool:
        """Raises VeilleError, in French, when the note is too long."""
        kept = update(ReadingRow).where(*_one(member_id, article_id)).values(note=checked_note(note))
        with self._database.write() as connection:
            return connection.execute(kept).rowcount > 0

    def drop(self, member_id: int, article_id: int) -> bool:
        with self._database.write() as connection:
            return connection.execute(delete(ReadingRow).where(*_one(member_id, article_id))).rowcount > 0

    def holds(self, member_id: int, article_id: int) -> bool:
        with self._database.read() as connection:
            return bool(connection.execute(select(exists().where(*_one(member_id, article_id)))).scalar())

    def of(self, member_id: int) -> list[Reading]:
        columns = (
            ReadingRow.article_id,
            ArticleRow.title,
            ArticleRow.url,
            ArticleRow.source,
            ArticleRow.language,
            ArticleRow.published,
            ArticleRow.first_seen,
            ReadingRow.note,
            ReadingRow.at,
        )
        rows = (
            select(*columns)
            .join(ArticleRow, ArticleRow.id == ReadingRow.article_id)
            .where(ReadingRow.member_id == member_id)
            .order_by(ReadingRow.at.desc(), ReadingRow.article_id.desc())
        )
        with self._database.read() as connection:
            return [Reading(*row) for row in connection.execute(rows)]


def _one(member_id: int, article_id: int) -> tuple[Any, ...]:
    return (ReadingRow.member_id == member_id, ReadingRow.article_id == article_id)
