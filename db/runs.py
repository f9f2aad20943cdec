"""Runs and the health of sources: what was read, when each source is due again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, func, select, update

from core.health import Condition, History, weight
from core.pages import Failure
from core.runs import RunReport
from core.sources import Gap, Source, SourceState
from core.visits import Sight, Visit
from db import dialect, visits
from db.engine import Database
from db.failures import commit_failure, failures_of
from db.models import ArticleRow, RunRow, SourceStateRow

FIRST_RHYTHM = timedelta(hours=6)
"""Between two visits while a source is too young to have a rhythm (Media Cloud's default)."""
SHORTEST, LONGEST = timedelta(hours=1), timedelta(hours=24)
RECENT = 20
"""Publications that tell how often a source is asked."""


class Runs:
    """The RunStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gaps: tuple[int, dict[str, tuple[Gap, ...]]] = (0, {})
        """With the newest visit when they were told: every page says them, and they change with a visit only."""

    def start(self, run_id: str, at: datetime) -> None:
        with self._database.write() as connection:
            connection.execute(dialect.insert_missing(RunRow), {"id": run_id, "started_at": at})

    def finish(self, run_id: str, report: RunReport, at: datetime) -> None:
        """Close a run; failures of the report that nobody committed are committed with it."""
        with self._database.write() as connection:
            committed = {(each.source, each.url, each.kind) for each in failures_of(connection, run_id)}
            for failure in report.failures:
                if (failure.source, failure.url, failure.kind) not in committed:
                    commit_failure(connection, failure, at)
            counts = {name: value for name, value in asdict(report).items() if name != "failures"}
            connection.execute(update(RunRow).where(RunRow.id == run_id).values(finished_at=at, report=counts))

    def failures(self, run_id: str) -> list[Failure]:
        with self._database.read() as connection:
            return failures_of(connection, run_id)

    def last_finished(self) -> datetime | None:
        with self._database.read() as connection:
            return connection.execute(select(func.max(RunRow.finished_at))).scalar()

    def states(self, counted: bool = False) -> dict[str, SourceState]:
        """Every source ever visited, by slug; `counted`: those that only hold articles too, and how many each holds.

        Counting reads the whole table of articles: a fifth of a second at 100,000.
        """
        with self._database.read() as connection:
            counts, gaps = _counts(connection) if counted else {}, self._gaps_now(connection)
            rows = {row.slug: row._asdict() for row in connection.execute(select(SourceStateRow.__table__))}
        return {
            slug: SourceState(
                **rows.get(slug, {"slug": slug}),
                articles=counts.get(slug, (0, 0))[0],
                matched=counts.get(slug, (0, 0))[1],
                gaps=gaps.get(slug, ()),
            )
            for slug in sorted(rows.keys() | counts.keys())
        }

    def _gaps_now(self, connection: Connection) -> dict[str, tuple[Gap, ...]]:
        newest = visits.newest(connection)
        if self._gaps[0] != newest:
            self._gaps = (newest, visits.gaps(connection))
        return self._gaps[1]

    def close_source(self, source: Source, visit: Visit, sight: Sight | None = None, run_id: str = "") -> None:
        """End of a source's turn.

        Read: its failures are cleared, and it is due again after `every`, else at its own rhythm. Not read: it is due
        after twice the wait for each failure in a row, 24 hours at most (threat A21). `sight` is what the crawl saw,
        None when it did not come to an end for this source.
        """
        with self._database.write() as connection:
            known = select(SourceStateRow.__table__).where(SourceStateRow.slug == source.slug)
            row = connection.execute(known).first()
            old = SourceState(**row._asdict()) if row else SourceState(source.slug)
            wait = source.every or spread(source.slug, rhythm(visits.instants(connection, source.slug)))
            seen = sight or Sight(source.slug)
            values = _closed(source, old, visit, wait) | _seen(source, old, visit, seen)
            # What a server asks for by Retry-After holds for the runs to come too (RFC 9110, section 10.2.3).
            values["next_due"] = max(values["next_due"], visit.at + timedelta(seconds=seen.wait))
            connection.execute(dialect.upsert(SourceStateRow, "slug", tuple(values)), values)
            visits.note(connection, source.slug, visit, run_id)

    def histories(self, sources: Sequence[Source]) -> dict[str, History]:
        """What is remembered of these sources, by slug."""
        states = self.states()
        with self._database.read() as connection:
            return {
                source.slug: History(
                    states.get(source.slug, SourceState(source.slug)),
                    visits.visits(connection, source.slug),
                    visits.instants(connection, source.slug),
                )
                for source in sources
            }

    def latest_visits(self, most: int) -> dict[str, tuple[Visit, ...]]:
        """The last visits of every source, newest first, by slug."""
        with self._database.read() as connection:
            return visits.latest(connection, most)

    def note_conditions(self, conditions: Mapping[str, Condition]) -> None:
        """Write how sources fare, for who only reads states."""
        with self._database.write() as connection:
            for slug, told in conditions.items():
                values = {"condition": told.state, "condition_since": told.since, "condition_reason": told.reason}
                connection.execute(dialect.upsert(SourceStateRow, "slug", ("slug", *values)), {"slug": slug, **values})


def _closed(source: Source, old: SourceState, visit: Visit, wait: timedelta) -> dict[str, Any]:
    """The state after a visit: failures, back-off, next turn."""
    at = visit.at
    values: dict[str, Any] = {"slug": source.slug, "last_attempt": at}
    if visit.read:
        values |= {"last_success": at, "failures": 0, "last_error_kind": "", "last_error_reason": "", "penalty": 0.0}
        values |= {"next_due": at + wait, "first_run_at": old.first_run_at or at}
        return values | ({"last_new": at} if visit.new else {})
    failures = old.failures + 1
    values |= {"failures": failures, "next_due": at + back_off(wait, failures)}
    values |= {"penalty": old.penalty + weight(visit.failure_kind, visit.failure_reason)}
    return values | {"last_error_kind": visit.failure_kind, "last_error_reason": visit.failure_reason}


def _seen(source: Source, old: SourceState, visit: Visit, sight: Sight) -> dict[str, Any]:
    """The state after a visit: a move for good, an end for good."""
    gone = {"stopped_at": visit.at, "stopped_entry": "\n".join(source.entries)}
    values: dict[str, Any] = {"stopped_at": None, "stopped_entry": ""} if visit.read else gone if sight.gone else {}
    if not visit.read:
        return values
    same = bool(sight.moved_to) and (sight.moved_from, sight.moved_to) == (old.moved_from, old.moved_to)
    since = old.moved_since if same else visit.at if sight.moved_to else None
    values |= {"moved_from": sight.moved_from, "moved_to": sight.moved_to, "moved_since": since}
    return values | {"moved_times": old.moved_times + 1 if same else int(bool(sight.moved_to))}


def back_off(wait: timedelta, failures: int) -> timedelta:
    """Wait before a source that failed is asked again: doubled for each failure after the first, 24 hours at most."""
    return max(wait, min(wait * int(2 ** min(failures - 1, 10)), LONGEST))


def spread(slug: str, wait: timedelta) -> timedelta:
    """A wait made up to a tenth longer, by the source's name: sources first read together drift apart."""
    return wait * (1 + (crc32(slug.encode()) % 1_000) / 10_000)


def rhythm(instants: Sequence[datetime]) -> timedelta:
    """Half the usual gap between two publications, from one hour to one day; six hours when too few are known."""
    ordered = sorted(set(instants))[-RECENT:]
    if len(ordered) < 5:
        return FIRST_RHYTHM
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    return min(max(timedelta(seconds=median(gap.total_seconds() for gap in gaps) / 2), SHORTEST), LONGEST)


def _counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """Articles and matched articles by source."""
    matched = func.count().filter(ArticleRow.labels != "")
    rows = connection.execute(select(ArticleRow.source, func.count(), matched).group_by(ArticleRow.source))
    return {source: (total, kept) for source, total, kept in rows}
