"""The visits of sources: a bounded memory of what each of them showed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from core.visits import Visit
from db.journal import VisitRow
from db.models import ArticleRow

FULL = 100
"""Newest visits of a source that are all kept; beyond, one line a day."""
MOST = 400
OLDEST = timedelta(days=2 * 365)
PARIS = ZoneInfo("Europe/Paris")
INSTANTS = 60
"""Publication instants that tell a source's rhythm: five years of a monthly one."""
_FIELDS = tuple(Visit.__dataclass_fields__)
_COLUMNS = tuple(getattr(VisitRow, name) for name in _FIELDS)


def note(connection: Connection, source: str, visit: Visit, run_id: str) -> None:
    """Add a visit, and let the oldest ones go."""
    values = {name: getattr(visit, name) for name in _FIELDS}
    connection.execute(insert(VisitRow), {"source": source, "run_id": run_id, **values})
    _thin(connection, source)
    newest = select(VisitRow.id).where(VisitRow.source == source).order_by(VisitRow.id.desc())
    beyond = connection.execute(newest.offset(MOST).limit(1)).scalar()
    old = or_(VisitRow.id <= (beyond or 0), VisitRow.at < visit.at - OLDEST)
    connection.execute(delete(VisitRow).where(VisitRow.source == source, old))


def _thin(connection: Connection, source: str) -> None:
    """The visit that leaves the newest FULL joins the line of its day, when there is one already."""
    leaving = select(VisitRow.id, *_COLUMNS).where(VisitRow.source == source)
    pair = connection.execute(leaving.order_by(VisitRow.id.desc()).offset(FULL).limit(2)).all()
    if len(pair) < 2 or pair[0].at.astimezone(PARIS).date() != pair[1].at.astimezone(PARIS).date():
        return
    kept, other = sorted(pair, key=lambda row: (row.new, row.read, row.id), reverse=True)
    sums = {"new": kept.new + other.new, "matched": kept.matched + other.matched}
    connection.execute(update(VisitRow).where(VisitRow.id == kept.id).values(**sums))
    connection.execute(delete(VisitRow).where(VisitRow.id == other.id))


def visits(connection: Connection, source: str) -> tuple[Visit, ...]:
    """All that is remembered of one source, oldest first."""
    rows = connection.execute(select(*_COLUMNS).where(VisitRow.source == source).order_by(VisitRow.id))
    return tuple(_visit(row) for row in rows)


def latest(connection: Connection, most: int) -> dict[str, tuple[Visit, ...]]:
    """The last visits of every source, newest first."""
    rank = func.row_number().over(partition_by=VisitRow.source, order_by=VisitRow.id.desc()).label("rank")
    ranked = select(VisitRow.source, *_COLUMNS, rank).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.rank <= most).order_by(ranked.c.source, ranked.c.rank))
    found: dict[str, list[Visit]] = {}
    for row in rows:
        found.setdefault(row.source, []).append(_visit(row))
    return {source: tuple(group) for source, group in found.items()}


def instants(connection: Connection, source: str) -> tuple[datetime, ...]:
    """When its last articles came out, newest first, each instant once: a bulletin of ten articles tells one."""
    days = select(ArticleRow.day).where(ArticleRow.source == source).distinct()
    return tuple(connection.execute(days.order_by(ArticleRow.day.desc()).limit(INSTANTS)).scalars())


def _visit(row: Row[Any]) -> Visit:
    return Visit(**{name: getattr(row, name) for name in _FIELDS})
