"""The raw page from which an article was made, for those who may have it as evidence."""

from __future__ import annotations

from sqlalchemy import select

from core.members import Capture
from db.bodies import Bodies
from db.engine import Database
from db.models import ArticleRow, PageRow


class Captures:
    """The CaptureStore port."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def of(self, article_id: int) -> Capture | None:
        wanted = (
            select(PageRow.__table__)
            .join(ArticleRow, ArticleRow.page_id == PageRow.id)
            .where(ArticleRow.id == article_id, PageRow.body_hash != "")
        )
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        body = self._bodies.read(row.body_hash) if row else None
        if row is None or body is None:
            return None
        headers = tuple((str(name), str(value)) for name, value in row.headers)
        return Capture(row.final_url or row.url, row.status, headers, body, row.fetched_at)
