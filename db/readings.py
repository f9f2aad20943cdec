"""What members keep to read, with their notes and keywords: each for themselves, or for the group to read.

What is private is no part of the audit; what is shared has its line, without its words. All of it leaves with its
member.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, insert, select, update

from core.errors import VeilleError
from core.members import Reading, SharedReading, Wording
from core.text import fold
from db.audit import record
from db.engine import Database
from db.models import ArticleRow
from db.proposals import checked_note
from db.roster import MemberRow, ReadingRow

MOST = 500
"""Articles of one list."""
MOST_KEYWORDS, LONGEST_KEYWORD = 10, 40
"""Keywords of one article, and characters of each."""
_READING = (
    ReadingRow.article_id,
    ArticleRow.title,
    ArticleRow.url,
    ArticleRow.source,
    ArticleRow.language,
    ArticleRow.published,
    ArticleRow.first_seen,
    ReadingRow.note,
    ReadingRow.at,
    ReadingRow.keywords,
    ReadingRow.shared,
)


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
            values = {"member_id": member_id, "article_id": article_id, "note": "", "keywords": [], "at": at}
            connection.execute(insert(ReadingRow), values | {"shared": False})
            return True

    def annotate(self, member_id: int, article_id: int, wording: Wording, at: datetime) -> bool:
        """Raises VeilleError, in French, when the note or a keyword is too long, or there are too many."""
        note, keywords = checked_note(wording.note), checked_keywords(wording.keywords)
        shared = wording.shared and bool(note or keywords)
        with self._database.write() as connection:
            was = connection.execute(select(ReadingRow.shared).where(*_one(member_id, article_id))).scalar()
            if was is None:
                return False
            said = {"note": note, "keywords": list(keywords), "shared": shared}
            connection.execute(update(ReadingRow).where(*_one(member_id, article_id)).values(said))
            if was or shared:
                before, after = ({"article": article_id, "shared": each} for each in (was, shared))
                record(connection, at, f"member:{member_id}", "reading.share", before, after)
            return True

    def drop(self, member_id: int, article_id: int) -> bool:
        with self._database.write() as connection:
            return connection.execute(delete(ReadingRow).where(*_one(member_id, article_id))).rowcount > 0

    def one(self, member_id: int, article_id: int) -> Reading | None:
        with self._database.read() as connection:
            row = connection.execute(_readings().where(*_one(member_id, article_id))).first()
        return _reading(row) if row else None

    def of(self, member_id: int) -> list[Reading]:
        rows = _readings().where(ReadingRow.member_id == member_id)
        with self._database.read() as connection:
            return [_reading(row) for row in connection.execute(_last_first(rows))]

    def shared(self, article_id: int | None = None, limit: int = MOST) -> list[SharedReading]:
        """What members share, of one article or of all of them, the last kept first."""
        here = ReadingRow.shared & MemberRow.address.is_not(None)
        rows = _readings(MemberRow.name).join(MemberRow, MemberRow.id == ReadingRow.member_id).where(here)
        if article_id is not None:
            rows = rows.where(ReadingRow.article_id == article_id)
        with self._database.read() as connection:
            found = connection.execute(_last_first(rows).limit(limit))
            return [SharedReading(row.member_id, row.name, _reading(row)) for row in found]


def checked_keywords(given: tuple[str, ...]) -> tuple[str, ...]:
    """Words without what cannot be seen, each once whatever its case and accents; raises VeilleError, in French."""
    found: dict[str, str] = {}
    for each in given:
        word = " ".join(unicodedata.normalize("NFC", each).split())
        word = "".join(char for char in word if char.isprintable())
        if len(word) > LONGEST_KEYWORD:
            raise VeilleError(f"« {word[:LONGEST_KEYWORD]}… » est trop long : {LONGEST_KEYWORD} caractères au plus.")
        if word:
            found.setdefault(fold(word), word)
    if len(found) > MOST_KEYWORDS:
        raise VeilleError(f"{MOST_KEYWORDS} mots-clés au plus par article.")
    return tuple(found.values())


def _readings(*more: Any) -> Select[Any]:
    columns = (*_READING, ReadingRow.member_id, *more)
    return select(*columns).join(ArticleRow, ArticleRow.id == ReadingRow.article_id)


def _last_first(rows: Select[Any]) -> Select[Any]:
    return rows.order_by(ReadingRow.at.desc(), ReadingRow.article_id.desc(), ReadingRow.member_id)


def _reading(row: Row[Any]) -> Reading:
    values = {column.key: getattr(row, column.key) for column in _READING}
    return Reading(**values | {"keywords": tuple(row.keywords)})


def _one(member_id: int, article_id: int) -> tuple[ColumnElement[bool], ...]:
    return (ReadingRow.member_id == member_id, ReadingRow.article_id == article_id)
