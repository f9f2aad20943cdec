"""Asks whether an article was taken down on request, for whatever would keep it again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Select, bindparam, select

from core.urls import article_key
from db import dialect
from db.models import PageRow
from db.pending import empty_page
from db.roster import RemovalRow

# Made once: every page that is saved asks it, and building it takes five times as long as its answer.
_REMOVED = select(RemovalRow.key).where(RemovalRow.key.in_(bindparam("keys", expanding=True)))


def removed(connection: Connection, keys: Iterable[str]) -> set[str]:
    """The identities among these that were taken down: nothing of them may be kept."""
    return set(connection.execute(_REMOVED, {"keys": list(keys)}).scalars())


def among(keys: Iterable[str]) -> Select[str]:
    """The same question, to be asked with another."""
    return _REMOVED.params(keys=list(keys))


def turn_away(connection: Connection, page_id: int, key: str) -> None:
    """Empty a page that led to an article taken down, by an address not known so far; it is not asked again."""
    page = connection.execute(select(PageRow.url, PageRow.hint).where(PageRow.id == page_id)).first()
    told = connection.execute(select(RemovalRow.__table__).where(RemovalRow.key == key)).one()
    if page is None:
        return
    also = {"key": article_key(page.url), "article_id": told.article_id, "at": told.at, "reason": told.reason}
    connection.execute(dialect.insert_missing(RemovalRow), also)
    empty_page(connection, page_id, page.hint)
