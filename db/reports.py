"""What readers report of articles: one line an article, however often and whoever does it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import aliased

from core.reports import Report
from db.engine import Database
from db.judged import CorrectionRow, ReportRow
from db.models import ArticleRow


class Reports:
    """The ReportStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def report(self, article_id: int, at: datetime) -> None:
        again = update(ReportRow).where(ReportRow.article_id == article_id).values(times=ReportRow.times + 1, at=at)
        with self._database.write() as connection:
            if connection.execute(again).rowcount:
                return
            if connection.execute(select(exists().where(ArticleRow.id == article_id))).scalar():
                connection.execute(insert(ReportRow), {"article_id": article_id, "times": 1, "at": at})

    def waiting(self, limit: int) -> list[Report]:
        copy = aliased(ArticleRow)
        judged = (
            exists()
            .where(CorrectionRow.article_id == copy.id, copy.story_id == ArticleRow.story_id)
            .correlate(ArticleRow)
        )
        rows = (
            select(ReportRow.article_id, ReportRow.times, ReportRow.at)
            .join(ArticleRow, ArticleRow.id == ReportRow.article_id)
            .where(~judged)
            .order_by(ReportRow.times.desc(), ReportRow.at.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [Report(*row) for row in connection.execute(rows)]
