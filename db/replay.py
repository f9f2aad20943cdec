"""Articles read again from their stored raw pages, each replaced in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update

from core.articles import Article, Signature, Verdict
from core.corrections import Judged, Occasion
from core.history import Gap, Replayable
from core.urls import is_change
from db import fts
from db.articles import dated
from db.bodies import Bodies
from db.corrections import judgements
from db.engine import Database
from db.models import ArticleRow, PageRow, VersionRow
from db.pending import page_of
from db.signatures import drop_signature, put_signature
from db.values import storable
from db.verdicts import replace_verdict
from db.versions import PRESENT, by_id, is_purged, text_hash


class Replays:
    """The ReplayStore port."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def count(self, source: str, since: datetime | None) -> int:
        wanted = select(func.count()).select_from(ArticleRow).where(*_chosen(source, since))
        with self._database.read() as connection:
            return int(connection.execute(wanted).scalar_one())

    def batch(self, after: int, limit: int, source: str, since: datetime | None) -> list[Replayable]:
        wanted = (
            select(
                ArticleRow.id.label("article"),
                ArticleRow.source.label("owner"),
                ArticleRow.url.label("address"),
                VersionRow.text,
                VersionRow.text_hash,
                PageRow.__table__,
            )
            .join(VersionRow, PRESENT)
            .outerjoin(PageRow, PageRow.id == ArticleRow.page_id)
            .where(ArticleRow.id > after, *_chosen(source, since))
            .order_by(ArticleRow.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = list(connection.execute(wanted))
        return [self._replayable(row) for row in rows]

    def judged(self, after: int, limit: int, source: str = "", since: datetime | None = None) -> list[Judged]:
        wanted = select(ArticleRow.id).where(ArticleRow.id > after, *_chosen(source, since))
        with self._database.read() as connection:
            ids = connection.execute(wanted.order_by(ArticleRow.id).limit(limit)).scalars().all()
            return judgements(connection, ids)

    def renew(
        self,
        article_id: int,
        page_id: int,
        article: Article,
        verdict: Verdict,
        signature: Signature,
        occasion: Occasion,
    ) -> bool:
        with self._database.write() as connection:
            known = by_id(connection, article_id)
            if known is None or known.page_id != page_id or is_purged(known):
                return False
            columns = _columns(known, article)
            connection.execute(update(ArticleRow).where(ArticleRow.id == article_id).values(**columns))
            connection.execute(
                update(VersionRow)
                .where(VersionRow.article_id == article_id, VersionRow.number == known.version)
                .values(
                    title=article.title,
                    text=article.text,
                    text_hash=text_hash(article.text),
                    page_offsets=list(article.page_offsets),
                )
            )
            fts.remove(connection, article_id, known.title, known.text)
            fts.add(connection, article_id, storable(article.title), storable(article.text))
            drop_signature(connection, article_id)
            put_signature(connection, article_id, signature)
            replace_verdict(connection, article_id, verdict, occasion)
        return True

    def _replayable(self, row: Row[Any]) -> Replayable:
        gap, body = self._body(row)
        page = page_of(row, body) if body is not None else None
        return Replayable(row.article, row.owner, row.address, page, gap)

    def _body(self, row: Row[Any]) -> tuple[Gap, bytes | None]:
        if is_change(row.address):
            return "part", None
        if is_purged(row) or row.body_hash == "":
            return "purged", None
        body = self._bodies.read(row.body_hash) if row.body_hash else None
        return ("missing", None) if body is None else ("", body)


def _columns(known: Row[Any], article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "author": article.author,
        "language": article.language,
        "truncated": article.truncated,
        "media_type": article.media_type,
        "date_origin": article.date_origin,
        "date_has_time": article.date_has_time,
        **dated(article.published, known.first_seen),
    }


def _chosen(source: str, since: datetime | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if source:
        found.append(ArticleRow.source == source)
    if since:
        found.append(ArticleRow.day >= since)
    return found
