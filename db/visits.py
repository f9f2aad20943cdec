"""The visits of sources: a bounded memory of what each of them showed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from core.clock import PARIS
from core.sources import Gap
from core.visits import Visit
from db import dialect
from db.columns import UtcDateTime
from db.journal import VisitRow
from db.models import ArticleRow

FULL = 100
"""Newest visits of a source that are all kept; beyond, one line a day."""
MOST = 400
OLDEST = timedelta(days=2 * 365)
INSTANTS = 60
"""Publication instants that tell a source's rhythm: five years of a monthly one."""
_FIELDS = tuple(Visit.__dataclass_fields__)
_COLUMNS = tuple(getattr(VisitRow, name) for name in _FIELDS)
# Made once: building a statement takes longer than running it.
_OF_SOURCE = VisitRow.source == bindparam("slug")
_INSERT = insert(VisitRow)
_LEAVING = (
    select(VisitRow.id, VisitRow.at, VisitRow.read, VisitRow.new, VisitRow.matched)
    .where(_OF_SOURCE)
    .order_by(VisitRow.id.desc())
    .offset(FULL)
    .limit(2)
)
_BEYOND = select(VisitRow.id).where(_OF_SOURCE).order_by(VisitRow.id.desc()).offset(MOST).limit(1)
_FORGET = delete(VisitRow).where(_OF_SOURCE, or_(VisitRow.id <= bindparam("beyond"), VisitRow.at < bindparam("since")))
_SUM = update(VisitRow).where(VisitRow.id == bindparam("kept"))
_DROP = delete(VisitRow).where(VisitRow.id == bindparam("other"))
_VISITS = select(*_COLUMNS).where(_OF_SOURCE).order_by(VisitRow.id)
_RANKED = select(
    VisitRow.source,
    *_COLUMNS,
    func.row_number().over(partition_by=VisitRow.source, order_by=VisitRow.id.desc()).label("rank"),
).subquery()
_LATEST = (
    select(_RANKED.c.source, *(_RANKED.c[name] for name in _FIELDS))
    .where(_RANKED.c.rank <= bindparam("most"))
    .order_by(_RANKED.c.source, _RANKED.c.rank)
)
LONG = timedelta(days=7)
"""Without a successful visit for longer than this, readers are told: many feeds show one or two weeks."""
_READ = (
    select(
        VisitRow.source,
        VisitRow.at,
        func.lag(VisitRow.at, type_=UtcDateTime())
        .over(partition_by=VisitRow.source, order_by=VisitRow.at)
        .label("before"),
    )
    .where(VisitRow.read)
    .subquery()
)
_GAPS = (
    select(_READ.c.source, _READ.c.before, _READ.c.at)
    .where(dialect.days_between(_READ.c.before, _READ.c.at) > LONG.days)
    .order_by(_READ.c.source, _READ.c.at)
)
_NEWEST = select(func.max(VisitRow.id))
_INSTANTS = (
    select(ArticleRow.day)
    .where(ArticleRow.source == bindparam("slug"))
    .where(or_(~ArticleRow.backfilled, ArticleRow.published.is_not(None)))
    .distinct()
    .order_by(ArticleRow.day.desc())
    .limit(INSTANTS)
)


def note(connection: Connection, source: str, visit: Visit, run_id: str) -> None:
    """Add a visit, and let the oldest ones go."""
    values = {name: getattr(visit, name) for name in _FIELDS}
    connection.execute(_INSERT, {"source": source, "run_id": run_id, **values})
    leaving = connection.execute(_LEAVING, {"slug": source}).all()
    if not leaving:
        return
    _thin(connection, leaving)
    beyond = connection.execute(_BEYOND, {"slug": source}).scalar() or 0
    connection.execute(_FORGET, {"slug": source, "beyond": beyond, "since": visit.at - OLDEST})


def _thin(connection: Connection, pair: Sequence[Any]) -> None:
    """The visit that leaves the newest FULL joins the line of its day, when there is one already."""
    if len(pair) < 2 or pair[0].at.astimezone(PARIS).date() != pair[1].at.astimezone(PARIS).date():
        return
    kept, other = sorted(pair, key=lambda row: (row.new, row.read, row.id), reverse=True)
    sums = {"new": kept.new + other.new, "matched": kept.matched + other.matched}
    connection.execute(_SUM.values(**sums), {"kept": kept.id})
    connection.execute(_DROP, {"other": other.id})


def visits(connection: Connection, source: str) -> tuple[Visit, ...]:
    """All that is remembered of one source, oldest first."""
    return tuple(Visit(*row) for row in connection.execute(_VISITS, {"slug": source}))


def latest(connection: Connection, most: int) -> dict[str, tuple[Visit, ...]]:
    """The last visits of every source, newest first."""
    found: dict[str, list[Visit]] = {}
    for source, *seen in connection.execute(_LATEST, {"most": most}):
        found.setdefault(source, []).append(Visit(*seen))
    return {source: tuple(group) for source, group in found.items()}


def newest(connection: Connection) -> int:
    """Changes whenever a visit is noted, and only then."""
    return connection.execute(_NEWEST).scalar() or 0


def gaps(connection: Connection) -> dict[str, tuple[Gap, ...]]:
    """Of every source, when it was not read for LONG, oldest first."""
    found: dict[str, list[Gap]] = {}
    for source, start, end in connection.execute(_GAPS):
        found.setdefault(source, []).append(Gap(start, end))
    return {source: tuple(group) for source, group in found.items()}


def instants(connection: Connection, source: str) -> tuple[datetime, ...]:
    """When its last articles came out, newest first, each instant once: a bulletin of ten articles tells one.

    An undated article of the past tells when it was asked for, and nothing of its source.
    """
    return tuple(connection.execute(_INSTANTS, {"slug": source}).scalars())
