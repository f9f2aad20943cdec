"""Named failures, attached to the run that is open."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Connection, func, insert, select

from core.pages import Failure, FailureKind
from db.models import FailureRow, RunRow


def open_run(connection: Connection) -> str | None:
    """The run under way: the latest started that is not finished; None between two runs."""
    latest = select(RunRow.id, RunRow.finished_at).order_by(RunRow.started_at.desc(), RunRow.id.desc()).limit(1)
    row = connection.execute(latest).first()
    return row.id if row and row.finished_at is None else None


def commit_failure(connection: Connection, failure: Failure, at: datetime, page_id: int | None = None) -> None:
    connection.execute(
        insert(FailureRow),
        {
            "run_id": open_run(connection),
            "source": failure.source,
            "url": failure.url,
            "kind": failure.kind,
            "reason": failure.reason,
            "entry": failure.entry,
            "at": at,
            "page_id": page_id,
        },
    )


def failures_of_page(connection: Connection, page_id: int) -> int:
    """How often a page could not be processed."""
    failed = select(func.count()).select_from(FailureRow).where(FailureRow.page_id == page_id)
    return int(connection.execute(failed).scalar_one())


def failures_of(connection: Connection, run_id: str) -> list[Failure]:
    rows = connection.execute(
        select(FailureRow.source, FailureRow.url, FailureRow.kind, FailureRow.reason, FailureRow.entry)
        .where(FailureRow.run_id == run_id)
        .order_by(FailureRow.id)
    )
    return [Failure(row.source, row.url, cast("FailureKind", row.kind), row.reason, row.entry) for row in rows]
