"""The last raw pages of a source, to learn what it repeats from one to the next."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select

from core.pages import FetchedPage
from db.bodies import Bodies
from db.engine import Database
from db.models import ArticleRow, PageRow
from db.pending import page_of

LARGEST = 1_000_000
"""Bytes of the largest body that is taken: what is learnt from a larger one is not worth its time."""


class Samples:
    """The PageSamples port."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def of(self, source: str, count: int) -> list[FetchedPage]:
        stored = (
            select(PageRow.__table__)
            .join(ArticleRow, ArticleRow.page_id == PageRow.id)
            .where(ArticleRow.source == source, PageRow.kind == "article", PageRow.body_hash != "")
            .order_by(ArticleRow.day.desc(), ArticleRow.id.desc())
        )
        waiting = select(PageRow.__table__).where(
            PageRow.state == "pending", PageRow.source == source, PageRow.kind == "article"
        )
        found: dict[str, FetchedPage] = {}
        for query in (stored, waiting.order_by(PageRow.id)):
            if len(found) < count:
                self._add(found, query.limit(count), count)
        return list(found.values())

    def _add(self, found: dict[str, FetchedPage], query: Select[Any], count: int) -> None:
        with self._database.read() as connection:
            rows = list(connection.execute(query))
        for row in rows:
            page = self._page(row)
            if page is not None and len(found) < count:
                found.setdefault(page.url, page)

    def _page(self, row: Row[Any]) -> FetchedPage | None:
        body = self._bodies.read(row.body_hash)
        return None if body is None or len(body) > LARGEST else page_of(row, body)
