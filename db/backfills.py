"""How far back the history of each source has been asked, and what that has brought."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, exists, func, select, update

from core.history import Backfill, Brought, Cursor
from core.pages import Failure, FailureKind
from db import dialect
from db.engine import Database
from db.journal import BackfillRow
from db.models import ArticleRow, FailureRow, PageRow

_ENTRIES = "entries"
"""Beside the cursor: the print of the entry points that it walks."""


class Backfills:
    """The BackfillStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, source: str) -> Backfill | None:
        with self._database.read() as connection:
            row = connection.execute(select(BackfillRow.__table__).where(BackfillRow.source == source)).first()
        if row is None:
            return None
        known = {name: row.cursor[name] for name in Cursor.__dataclass_fields__ if name in row.cursor}
        return Backfill(row.source, row.since, row.started_at, row.finished_at, Cursor(**known))

    def begin(self, source: str, since: datetime, entries: str, at: datetime) -> bool:
        with self._database.write() as connection:
            row = connection.execute(select(BackfillRow.__table__).where(BackfillRow.source == source)).first()
            if row is not None and _goes_on(row, since, entries):
                return True
            values = {"source": source, "since": since, "started_at": at, "finished_at": None}
            values["cursor"] = {**asdict(Cursor()), _ENTRIES: entries}
            connection.execute(dialect.upsert(BackfillRow, "source", tuple(values)), values)
        return False

    def goes_on(self, source: str, since: datetime, entries: str) -> bool:
        """What `begin` would say."""
        with self._database.read() as connection:
            row = connection.execute(select(BackfillRow.__table__).where(BackfillRow.source == source)).first()
        return row is not None and _goes_on(row, since, entries)

    def cursor(self, source: str) -> Cursor:
        found = self.find(source)
        return found.cursor if found else Cursor()

    def save(self, source: str, cursor: Cursor) -> None:
        chosen = BackfillRow.source == source
        with self._database.write() as connection:
            known = connection.execute(select(BackfillRow.cursor).where(chosen)).scalar() or {}
            values = {**asdict(cursor), _ENTRIES: known.get(_ENTRIES, "")}
            connection.execute(update(BackfillRow).where(chosen).values(cursor=values))

    def finish(self, source: str, at: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(update(BackfillRow).where(BackfillRow.source == source).values(finished_at=at))

    def brought(self, source: str) -> Brought:
        asked = exists().where(PageRow.article_id == ArticleRow.id, PageRow.backfill)
        counted = select(
            func.count(),
            func.count().filter(ArticleRow.labels != ""),
            func.count().filter(ArticleRow.published.is_(None)),
            func.min(ArticleRow.published),
            func.max(ArticleRow.published),
        ).where(ArticleRow.source == source, ArticleRow.backfilled, asked)
        with self._database.read() as connection:
            return Brought(*connection.execute(counted).one())

    def last_failure(self) -> int:
        with self._database.read() as connection:
            return int(connection.execute(select(func.max(FailureRow.id))).scalar() or 0)

    def failures(self, source: str, after: int) -> list[Failure]:
        noted = (
            select(FailureRow.source, FailureRow.url, FailureRow.kind, FailureRow.reason, FailureRow.entry)
            .where(FailureRow.source.in_((source, "")), FailureRow.id > after)  # "": the crawl itself
            .order_by(FailureRow.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(noted)
            return [Failure(row.source, row.url, cast("FailureKind", row.kind), row.reason, row.entry) for row in rows]


def _goes_on(row: Row[Any], since: datetime, entries: str) -> bool:
    return bool(row.finished_at is None and row.since == since and row.cursor.get(_ENTRIES) == entries)
