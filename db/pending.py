"""Raw pages waiting to be processed, for the parent process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, bindparam, select, update

from core.pages import Failure, FetchedPage, Hint, PageKind
from db.bodies import Bodies
from db.engine import Database
from db.failures import commit_failure, failures_of_page
from db.models import FetchStateRow, PageRow

TRIES = 3
"""Runs that try a page whose failure may be this machine's, not the page's."""
_OURS = frozenset({"timeout", "memory", "internal"})

_CLOSE = update(PageRow).where(PageRow.id == bindparam("page"))


class PendingPages:
    """The PageQueue port; a page stays pending until its outcome is committed."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def pending(self, limit: int, after: int = 0) -> list[FetchedPage]:
        """The oldest pending pages above an id; one whose body is lost becomes a failure, and will be asked again."""
        found: list[FetchedPage] = []
        while len(found) < limit:
            rows = self._rows(limit - len(found), after)
            if not rows:
                break
            after = rows[-1].id
            for row in rows:
                body = self._bodies.read(row.body_hash)
                if body is None:
                    self._lost(row)
                else:
                    found.append(page_of(row, body))
        return found

    def processed(self, page_id: int) -> None:
        with self._database.write() as connection:
            close_page(connection, page_id, "done")

    def failed(self, page_id: int, failure: Failure) -> None:
        """Commit a page's failure; one that may be this machine's leaves the page pending, for TRIES runs in all."""
        with self._database.write() as connection:
            at = connection.execute(select(PageRow.fetched_at).where(PageRow.id == page_id)).scalar_one()
            commit_failure(connection, failure, at, page_id)
            if failure.kind not in _OURS or failures_of_page(connection, page_id) >= TRIES:
                close_page(connection, page_id, "failed")

    def _rows(self, limit: int, after: int) -> list[Row[Any]]:
        waiting = (
            select(PageRow.__table__)
            .where(PageRow.state == "pending", PageRow.id > after)
            .order_by(PageRow.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return list(connection.execute(waiting))

    def _lost(self, row: Row[Any]) -> None:
        reason = "La page enregistrée manque sur le disque ou y est abîmée : elle sera redemandée."
        with self._database.write() as connection:
            connection.execute(
                update(FetchStateRow)
                .where(FetchStateRow.url == row.url, FetchStateRow.body_hash == row.body_hash)
                .values(body_hash="", etag="", last_modified="")
            )
            commit_failure(connection, Failure(row.source, row.url, "internal", reason), row.fetched_at, row.id)
            close_page(connection, row.id, "failed")


def close_page(connection: Connection, page_id: int, state: str, article_id: int | None = None) -> None:
    connection.execute(_CLOSE, {"page": page_id, "state": state, "article_id": article_id})


def empty_page(connection: Connection, page_id: int, hint: Mapping[str, Any]) -> None:
    """Take away the content of a page, what its entry point said of it (`hint`, as stored) included; not the file."""
    empty = {"body_hash": "", "hint": {**hint, "text": ""}}
    connection.execute(update(PageRow).where(PageRow.id == page_id).values(empty))


def page_of(row: Row[Any], body: bytes) -> FetchedPage:
    """A line of the table of pages, with its body, as a record."""
    published = row.hint.get("published")
    return FetchedPage(
        id=row.id,
        source=row.source,
        kind=cast("PageKind", row.kind),
        url=row.url,
        final_url=row.final_url,
        status=row.status,
        headers=tuple((key, value) for key, value in row.headers),
        body=body,
        body_hash=row.body_hash,
        fetched_at=row.fetched_at,
        hint=Hint(**{**row.hint, "published": datetime.fromisoformat(published) if published else None}),
        backfill=row.backfill,
    )
