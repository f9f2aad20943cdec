"""What the crawl child commits: raw pages as they arrive, and what is known of every URL asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, exists, insert, or_, select, update

from core.pages import Failure, NewPage, Validators
from core.urls import article_key
from db import dialect, links
from db.bodies import Bodies, digest
from db.engine import Database
from db.failures import commit_failure, open_run
from db.models import ArticleRow, FetchStateRow, PageRow, SourceStateRow
from db.tombstones import among, removed

MAX_ATTEMPTS = 5
"""Runs in which an article is asked in vain before it is given up."""
FINAL = frozenset({"guard", "size"})
"""Refusals of our own that no later run would change."""

_STATE = select(FetchStateRow.__table__).where(FetchStateRow.url == bindparam("asked"))


class RawPages:
    """The RawStore port: every call commits before it returns.

    `revisit`: ages since first seen at which a known article is asked again, once each; "0d" is the next run.
    A visit stands for every age already passed, so that weeks of outage are not caught up visit by visit.
    `recheck`: every known article is due, whatever its age. `backfill`: what is saved is of the history of its source.
    """

    def __init__(
        self,
        database: Database,
        bodies: Bodies,
        revisit: tuple[timedelta, ...],
        recheck: bool = False,
        backfill: bool = False,
    ) -> None:
        self._database = database
        self._bodies = bodies
        self._revisit = tuple(sorted(revisit))
        self._recheck = recheck
        self._backfill = backfill

    def validators(self, url: str) -> Validators | None:
        with self._database.read() as connection:
            state = _state(connection, url)
        if state is None or not state.body_hash:
            return None
        if state.kind == "entry" and not self._bodies.holds(state.body_hash):
            return Validators(url)  # a 304 could not be read again
        return Validators(url, state.etag, state.last_modified, state.body_hash, state.status, state.checked_at)

    def body(self, url: str) -> bytes | None:
        with self._database.read() as connection:
            state = _state(connection, url)
        return self._bodies.read(state.body_hash) if state and state.body_hash else None

    def unknown(self, urls: Sequence[str]) -> set[str]:
        """The URLs among these to ask; of several that name one article, the first. An entry point is no article."""
        keys: dict[str, str] = {}
        for url in urls:
            key = _key(url)
            if key:
                keys.setdefault(key, url)
        known = select(FetchStateRow.key).where(
            FetchStateRow.key.in_(keys), or_(FetchStateRow.body_hash != "", FetchStateRow.given_up)
        )
        with self._database.read() as connection:
            found = set(connection.execute(known.union_all(among(keys))).scalars())
        return {url for key, url in keys.items() if key not in found}

    def revisits(self, source: str, now: datetime) -> list[str]:
        due = (
            select(FetchStateRow.url)
            .where(FetchStateRow.source == source, FetchStateRow.kind == "article", FetchStateRow.body_hash != "")
            .where(self._due(now))
            .order_by(FetchStateRow.first_seen, FetchStateRow.url)
        )
        with self._database.read() as connection:
            return list(connection.execute(due).scalars())

    def links(self, source: str, now: datetime) -> list[str]:
        with self._database.read() as connection:
            return links.due(connection, source, now)

    def save(self, page: NewPage) -> bool:
        name = digest(page.body)
        with self._database.read() as connection:
            if page.kind != "entry" and removed(connection, (_key(page.url), _key(page.final_url))):
                return False
            state = _state(connection, page.url)
        same = state is not None and state.body_hash == name and self._bodies.holds(name)
        if not same:
            # The file first: a crash before the commit leaves at most a file that nothing names.
            self._bodies.write(name, page.body)
        with self._database.write() as connection:
            self._note(connection, page, name, state)
            if not same and page.kind != "entry":
                connection.execute(insert(PageRow), {**_page_values(page, name), "backfill": self._backfill})
        if page.kind == "entry" and state and state.body_hash not in ("", name):
            self._drop_unused(state.body_hash)
        return not same

    def unchanged(self, url: str, at: datetime) -> None:
        with self._database.write() as connection:
            state = _state(connection, url)
            if state is None:
                return
            _set_state(
                connection, url, checked_at=at, visits=self._visits(state, at), gone=0, attempts=0, attempted_in=""
            )
            if state.gone > 1:
                _mark_deleted(connection, url, state.key, None)

    def gone(self, url: str, status: int, at: datetime) -> None:
        """A first 404 or 410 is checked at the next run, a second marks the article deleted (product decision 5)."""
        with self._database.write() as connection:
            state = _state(connection, url)
            if state is None:
                return
            values = {"checked_at": at, "status": status, "gone": state.gone + 1, "attempts": 0, "attempted_in": ""}
            if state.gone and state.body_hash:
                values["visits"] = self._visits(state, at)
            _set_state(connection, url, **values, given_up=bool(state.gone and not state.body_hash))
            if state.gone == 1:
                _mark_deleted(connection, url, state.key, at)

    def fail(self, failure: Failure, at: datetime) -> None:
        with self._database.write() as connection:
            commit_failure(connection, failure, at)
            key = "" if failure.entry else _key(failure.url)
            if key:
                self._note_attempt(connection, failure, key, at)

    def source_read(self, slug: str, entry: str, at: datetime) -> None:
        values = {"slug": slug, "entry_used": entry, "last_attempt": at}
        with self._database.write() as connection:
            connection.execute(dialect.upsert(SourceStateRow, "slug", tuple(values)), values)

    def mining(self, slug: str, said: str) -> None:
        values = {"slug": slug, "mining": said}
        with self._database.write() as connection:
            connection.execute(dialect.upsert(SourceStateRow, "slug", tuple(values)), values)

    def _due(self, now: datetime) -> ColumnElement[bool]:
        if self._recheck:
            return FetchStateRow.first_seen <= now
        ages = [
            and_(FetchStateRow.visits == visit, FetchStateRow.first_seen <= now - age)
            for visit, age in enumerate(self._revisit)
        ]
        return or_(FetchStateRow.gone == 1, *ages)

    def _visits(self, state: Row[Any], at: datetime) -> int:
        """Revisit ages behind an article once it has been visited at a time."""
        if state.first_seen is None:
            return 0
        passed = sum(1 for age in self._revisit if state.first_seen + age <= at)
        return int(max(state.visits, min(max(passed, state.visits + 1), len(self._revisit))))

    def _note(self, connection: Connection, page: NewPage, name: str, state: Row[Any] | None) -> None:
        seen_before = state is not None and bool(state.body_hash)
        values = {
            "url": page.url,
            "key": _key(page.url) or page.url,
            "source": state.source if state else page.source,
            "kind": page.kind,
            "etag": _header(page, "etag"),
            "last_modified": _header(page, "last-modified"),
            "body_hash": name,
            "status": page.status,
            "first_seen": state.first_seen if state and seen_before else page.fetched_at,
            "checked_at": page.fetched_at,
            "visits": self._visits(state, page.fetched_at) if state and seen_before else 0,
            "gone": 0,
            "attempts": 0,
            "attempted_in": "",
            "given_up": False,
        }
        connection.execute(dialect.upsert(FetchStateRow, "url", tuple(values)), values)
        if state and state.gone > 1:
            _mark_deleted(connection, page.url, state.key, None)

    def _note_attempt(self, connection: Connection, failure: Failure, key: str, at: datetime) -> None:
        state, run = _state(connection, failure.url), open_run(connection) or ""
        if state and run and state.attempted_in == run:
            return
        attempts = (state.attempts if state else 0) + 1
        enough = attempts >= MAX_ATTEMPTS
        values: dict[str, Any] = {"attempts": attempts, "attempted_in": run, "checked_at": at}
        if state and state.body_hash:
            if enough:  # a known article: this visit is skipped, the next age is waited for
                values |= {"attempts": 0, "visits": self._visits(state, at)}
        else:
            values["given_up"] = enough or failure.kind in FINAL
        first = {"url": failure.url, "key": key, "source": failure.source, "kind": "article", **values}
        connection.execute(dialect.upsert(FetchStateRow, "url", tuple(values)), first)

    def _drop_unused(self, name: str) -> None:
        with self._database.read() as connection:
            used = connection.execute(
                select(
                    or_(
                        exists().where(FetchStateRow.body_hash == name),
                        exists().where(PageRow.body_hash == name),
                    )
                )
            ).scalar()
        if not used:
            self._bodies.drop(name)


def _key(url: str) -> str:
    """Identity of a URL; empty when it cannot be an article's."""
    try:
        return article_key(url)
    except ValueError:
        return ""


def _state(connection: Connection, url: str) -> Row[Any] | None:
    return connection.execute(_STATE, {"asked": url}).first()


def _set_state(connection: Connection, url: str, **values: Any) -> None:
    connection.execute(update(FetchStateRow).where(FetchStateRow.url == url).values(**values))


def _mark_deleted(connection: Connection, url: str, key: str, at: datetime | None) -> None:
    """Mark, or clear, the article of a URL: the one of that identity, else the one last read there."""
    read_there = select(PageRow.id).where(PageRow.url == url)
    connection.execute(
        update(ArticleRow).where(or_(ArticleRow.key == key, ArticleRow.page_id.in_(read_there))).values(deleted_at=at)
    )


def _header(page: NewPage, name: str) -> str:
    return next((value for key, value in page.headers if key.lower() == name), "")


def _page_values(page: NewPage, name: str) -> dict[str, Any]:
    published = page.hint.published
    return {
        "source": page.source,
        "kind": page.kind,
        "url": page.url,
        "final_url": page.final_url,
        "status": page.status,
        "headers": [list(pair) for pair in page.headers],
        "hint": {
            "title": page.hint.title,
            "published": published.isoformat() if published else None,
            "text": page.hint.text,
            "author": page.hint.author,
            "language": page.hint.language,
            "content": page.hint.content,
            "excerpt": page.hint.excerpt,
        },
        "body_hash": name,
        "fetched_at": page.fetched_at,
    }
