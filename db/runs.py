"""Runs and the health of sources: what was read, when each source is due again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import Connection, func, select, update

from core.pages import Failure
from core.runs import RunReport
from core.sources import Source, SourceState
from db import dialect
from db.engine import Database
from db.failures import commit_failure, failures_of
from db.models import ArticleRow, RunRow, SourceStateRow

FIRST_RHYTHM = timedelta(hours=6)
"""Between two visits while a source is too young to have a rhythm (Media Cloud's default)."""
SHORTEST, LONGEST = timedelta(hours=1), timedelta(hours=24)
RECENT = 20
"""Articles that tell a source's rhythm."""


class Runs:
    """The RunStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    def states(self) -> dict[str, SourceState]:
        """Every source ever visited or holding articles, by slug."""
        with self._database.read() as connection:
            counts = _counts(connection)
            rows = {row.slug: row._asdict() for row in connection.execute(select(SourceStateRow.__table__))}
        return {
            slug: SourceState(
                **rows.get(slug, {"slug": slug}),
                articles=counts.get(slug, (0, 0))[0],
                matched=counts.get(slug, (0, 0))[1],
            )
            for slug in sorted(rows.keys() | counts.keys())
        }

    def close_source(self, source: Source, read: bool, new: int, failure: Failure | None, at: datetime) -> None:
        """End of a source's turn.

        Read: its failures are cleared, and it is due again after `every`, else at its own rhythm. Not read: it is due
        after twice the wait for each failure in a row, 24 hours at most (threat A21).
        """
        with self._database.write() as connection:
            old = connection.execute(select(SourceStateRow.__table__).where(SourceStateRow.slug == source.slug)).first()
            wait = source.every or rhythm(_days(connection, source.slug))
            values: dict[str, Any] = {"slug": source.slug, "last_attempt": at}
            if read:
                values |= {"last_success": at, "failures": 0, "last_error_kind": "", "last_error_reason": ""}
                values |= {"next_due": at + wait, "first_run_at": old.first_run_at if old and old.first_run_at else at}
                values |= {"last_new": at} if new else {}
            else:
                failures = (old.failures if old else 0) + 1
                values |= {"failures": failures, "next_due": at + back_off(wait, failures)}
            if failure:
                values |= {"last_error_kind": failure.kind, "last_error_reason": failure.reason}
            connection.execute(dialect.upsert(SourceStateRow, "slug", tuple(values)), values)


def back_off(wait: timedelta, failures: int) -> timedelta:
    """Wait before a source that failed is asked again: doubled for each failure after the first, 24 hours at most."""
    return max(wait, min(wait * int(2 ** min(failures - 1, 10)), LONGEST))


def rhythm(days: list[datetime]) -> timedelta:
    """Half the usual gap between two articles, from one hour to one day; six hours when there are too few to tell."""
    if len(days) < 5:
        return FIRST_RHYTHM
    ordered = sorted(days)
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    return min(max(timedelta(seconds=median(gap.total_seconds() for gap in gaps) / 2), SHORTEST), LONGEST)


def _days(connection: Connection, slug: str) -> list[datetime]:
    latest = select(ArticleRow.day).where(ArticleRow.source == slug).order_by(ArticleRow.day.desc()).limit(RECENT)
    return list(connection.execute(latest).scalars())


def _counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """Articles and matched articles by source."""
    matched = func.count().filter(ArticleRow.labels != "")
    rows = connection.execute(select(ArticleRow.source, func.count(), matched).group_by(ArticleRow.source))
    return {source: (total, kept) for source, total, kept in rows}
