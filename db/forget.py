"""Takes an article down on request: its texts, proofs, index, raw pages and addresses leave, and it never comes back.

What stays is its number, for its page to say so, and the hashes of its addresses (`core.urls.article_key`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select, update

from core.editions import Body, Edition
from core.members import Removal
from core.urls import article_key
from db import dialect, fts
from db.audit import record
from db.bodies import Bodies
from db.editions import rewrite
from db.engine import Database
from db.models import ArticleRow, CardRow, FailureRow, FetchStateRow, PageRow, VersionRow
from db.pending import empty_page
from db.purge import named
from db.roster import ProposalRow, RemovalRow
from db.signatures import drop_signature
from db.versions import by_id, is_purged


@dataclass(frozen=True, slots=True)
class Footprint:
    """How much of an article there is to take down."""

    versions: int
    cards: int
    pages: int


class Removals:
    """The RemovalStore port, and the only door by which an article leaves for good."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def find(self, article_id: int) -> Removal | None:
        return self._found(RemovalRow.article_id == article_id)

    def of_url(self, url: str) -> Removal | None:
        """What was taken down at an address; None for a text that is no address."""
        try:
            key = article_key(url)
        except ValueError:
            return None
        return self._found(RemovalRow.key == key)

    def footprint(self, article_id: int) -> Footprint:
        with self._database.read() as connection:
            return Footprint(
                _count(connection, VersionRow, VersionRow.article_id == article_id),
                _count(connection, CardRow, CardRow.article_id == article_id),
                len(_pages(connection, article_id)),
            )

    def forget(
        self, article_id: int, reason: str, at: datetime, who: str, editions: Sequence[tuple[Edition, Body]] = ()
    ) -> bool:
        """Take an article down, in one transaction; False when there is none of that number.

        `editions`: those that held it, as they are without it. The files of its raw pages leave once it is committed;
        what a kill left of them is taken by the next purge.
        """
        with self._database.write() as connection:
            if not dialect.on_postgres(connection):
                # Freed room is written over with zeros, for deleted rows can be read in the file.
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
            row = by_id(connection, article_id)
            if row is None:
                return False
            bodies = _erase(connection, row, at, reason)
            for edition, body in editions:
                rewrite(connection, edition, body)
            record(connection, at, who, "article.forget", {"article": article_id}, {"reason": reason})
        for name in bodies - named(self._database, bodies):
            self._bodies.drop(name)
        self._database.checkpoint()
        return True

    def _found(self, condition: ColumnElement[bool]) -> Removal | None:
        told = select(RemovalRow.article_id, RemovalRow.at, RemovalRow.reason).where(condition).limit(1)
        with self._database.read() as connection:
            row = connection.execute(told).first()
        return Removal(*row) if row else None


def _pages(connection: Connection, article_id: int) -> list[Row[Any]]:
    """The raw pages of its versions, its own and those where it is a part."""
    made = select(VersionRow.page_id).where(VersionRow.article_id == article_id)
    columns = (PageRow.id, PageRow.url, PageRow.final_url, PageRow.body_hash, PageRow.hint, PageRow.article_id)
    return list(connection.execute(select(*columns).where(or_(PageRow.article_id == article_id, PageRow.id.in_(made)))))


def _erase(connection: Connection, row: Row[Any], at: datetime, reason: str) -> set[str]:
    """Everything of an article but its editions; returns the names of bodies that may now be nobody's."""
    pages = _pages(connection, row.id)
    own = [page for page in pages if page.article_id in (row.id, None)]
    urls = {row.url, *(page.url for page in own), *(page.final_url for page in own)}
    keys = {row.key, *(article_key(page.url) for page in own), *(article_key(page.final_url) for page in own)}
    for key in keys:
        tombstone = {"key": key, "article_id": row.id, "at": at, "reason": reason}
        connection.execute(dialect.insert_missing(RemovalRow), tombstone)
    _unindex(connection, row)
    drop_signature(connection, row.id)
    bodies = _erase_pages(connection, pages, own) | _erase_visits(connection, row.source, keys, urls)
    blank = {"url": "", "note": ""}
    connection.execute(update(ProposalRow).where(ProposalRow.key.in_(keys)).values(blank))
    # Versions, tags and cards go with it.
    connection.execute(delete(ArticleRow).where(ArticleRow.id == row.id))
    return bodies - {""}


def _unindex(connection: Connection, row: Row[Any]) -> None:
    if is_purged(row):
        fts.remove_stems(connection, row.id, fts.held(connection, [row.id]).get(row.id, fts.Held()))
    else:
        fts.remove(connection, row.id, row.title, row.text)


def _erase_pages(connection: Connection, pages: Sequence[Row[Any]], own: Sequence[Row[Any]]) -> set[str]:
    """Its own raw pages, and the content of those that it shares: the texts of the other articles are kept apart."""
    mine = {page.id for page in own}
    connection.execute(delete(PageRow).where(PageRow.id.in_(mine)))
    for page in (page for page in pages if page.id not in mine):
        empty_page(connection, page.id, page.hint)
    return {page.body_hash for page in pages}


def _erase_visits(connection: Connection, source: str, keys: set[str], urls: set[str]) -> set[str]:
    """What is known of its addresses, and the last answers of its source's entry points, which may hold its summary."""
    connection.execute(delete(FailureRow).where(FailureRow.url.in_(urls)))
    theirs = FetchStateRow.key.in_(keys)
    entries = (FetchStateRow.kind == "entry") & (FetchStateRow.source == source)
    names = set(connection.execute(select(FetchStateRow.body_hash).where(or_(theirs, entries))).scalars())
    connection.execute(delete(FetchStateRow).where(theirs))
    connection.execute(update(FetchStateRow).where(entries).values(body_hash="", etag="", last_modified=""))
    return names


def _count(connection: Connection, table: Any, condition: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
