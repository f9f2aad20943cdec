"""Takes away the texts and raw pages whose time is over; cards, metadata, hashes and the index of stems stay.

Product decision 9, from CPI art. L122-5-3 III: copies made to mine texts are not kept for ever. The text of an article
leaves for good; its hash, which stays, tells a purged text from one that never was.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from core.history import Purged
from db import dialect, fts
from db.bodies import Bodies
from db.engine import Database
from db.models import ArticleRow, FetchStateRow, PageRow, VersionRow
from db.pending import empty_page
from db.verdicts import drop_proofs

BATCH = 200
"""Texts, or pages, of one transaction: a run that waits for its turn to write waits for a second at most."""
YOUNG = 86_400.0
"""Seconds during which a file that nothing names may belong to a page about to be committed."""

_IS_CURRENT = ArticleRow.version == VersionRow.number


class Purge:
    """The PurgeStore port; each call is one transaction, and what a killed one left is taken by the next."""

    def __init__(self, database: Database, bodies: Bodies) -> None:
        self._database = database
        self._bodies = bodies

    def overdue(self, sources: Sequence[str], before: datetime) -> Purged:
        unmatched = func.count().filter(ArticleRow.labels == "", _IS_CURRENT)
        with self._database.read() as connection:
            texts = connection.execute(_texts(sources, before, func.count(), unmatched)).one()
            pages = connection.execute(select(func.count()).where(*_old_pages(sources, before))).scalar_one()
            entries = connection.execute(select(func.count()).where(*_old_entries(sources, before))).scalar_one()
        return Purged(texts[0], texts[1], pages + entries)

    def texts(self, sources: Sequence[str], before: datetime) -> Purged:
        """An article without a label keeps its title, date, address and hash alone (decision 9)."""
        columns = (ArticleRow.id, ArticleRow.title, ArticleRow.labels, VersionRow.number, VersionRow.text)
        wanted = _texts(sources, before, *columns, _IS_CURRENT.label("current")).order_by(ArticleRow.id).limit(BATCH)
        unmatched = 0
        with self._database.write() as connection:
            rows = list(connection.execute(wanted))
            for row in rows:
                if row.current and not row.labels:
                    unmatched += 1
                    _forget_words(connection, row)
                version = (VersionRow.article_id == row.id, VersionRow.number == row.number)
                connection.execute(update(VersionRow).where(*version).values(text="", page_offsets=[]))
        return Purged(texts=len(rows), unmatched=unmatched)

    def pages(self, sources: Sequence[str], before: datetime) -> Purged:
        pages = select(PageRow.id, PageRow.hint, PageRow.body_hash).where(*_old_pages(sources, before))
        entries = select(FetchStateRow.url, FetchStateRow.body_hash).where(*_old_entries(sources, before))
        with self._database.write() as connection:
            old = list(connection.execute(pages.order_by(PageRow.id).limit(BATCH)))
            for row in old:
                empty_page(connection, row.id, row.hint)
            silent = list(connection.execute(entries.limit(BATCH - len(old))))
            for row in silent:
                asked = update(FetchStateRow).where(FetchStateRow.url == row.url)
                connection.execute(asked.values(body_hash="", etag="", last_modified=""))
        names = {row.body_hash for row in (*old, *silent)}
        return Purged(pages=len(old) + len(silent)) + _drop(
            [self._bodies.path(each) for each in names - named(self._database, names)]
        )

    def unnamed(self, dry_run: bool = False) -> Purged:
        limit, found = time.time() - YOUNG, Purged()
        for names in self._bodies.folders():
            old = {name for name, path in names.items() if path.stat().st_mtime < limit}
            paths = [names[each] for each in old - named(self._database, old)]
            found += _sizes(paths) if dry_run else _drop(paths)
        return found


def named(database: Database, names: set[str]) -> set[str]:
    """The bodies among these that a page, or the last answer of an entry point, still needs."""
    wanted = dialect.value_list(names)
    pages = select(PageRow.body_hash).where(PageRow.body_hash.in_(wanted))
    entries = select(FetchStateRow.body_hash).where(FetchStateRow.kind == "entry", FetchStateRow.body_hash.in_(wanted))
    with database.read() as connection:
        return {*connection.execute(pages).scalars(), *connection.execute(entries).scalars()}


def _forget_words(connection: Connection, row: Row[Any]) -> None:
    """Of an article without a label, which therefore has no tag."""
    fts.remove(connection, row.id, row.title, row.text)
    fts.add(connection, row.id, row.title, "")
    drop_proofs(connection, row.id)


def _texts(sources: Sequence[str], before: datetime, *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(ArticleRow)
        .join(VersionRow, VersionRow.article_id == ArticleRow.id)
        # The first condition says little more than the third, but is answered without reading the texts.
        .where(ArticleRow.first_seen < before, ArticleRow.source.in_(sources))
        .where(VersionRow.seen_at < before, VersionRow.text != "")
    )


def _old_pages(sources: Sequence[str], before: datetime) -> list[ColumnElement[bool]]:
    overdue = (PageRow.source.in_(sources), PageRow.fetched_at < before)
    return [*overdue, PageRow.body_hash != "", PageRow.state != "pending"]


def _old_entries(sources: Sequence[str], before: datetime) -> list[ColumnElement[bool]]:
    """Feeds and listings hold summaries: the last answer of one not asked for as long has its time over as well."""
    entries = (FetchStateRow.kind == "entry", FetchStateRow.source.in_(sources))
    return [*entries, FetchStateRow.checked_at < before, FetchStateRow.body_hash != ""]


def _drop(paths: Sequence[Path]) -> Purged:
    found = _sizes(paths)
    for path in paths:
        path.unlink(missing_ok=True)
    return found


def _sizes(paths: Sequence[Path]) -> Purged:
    sizes = [path.stat().st_size for path in paths if path.exists()]
    return Purged(files=len(sizes), bytes=sum(sizes))
