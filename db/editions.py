"""The ledger of editions: what is eligible, what was frozen, and that a story is told once in a series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Row, Select, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.articles import StoredArticle
from core.editions import Body, Copy, Edition, EditionState, OutboxRow, OutboxState, Receipt, Subscriber
from core.errors import StoreError
from core.saved import ALERTS
from db import dialect, drafts
from db.engine import Database, reader
from db.ledger import EditionRow, EditionStoryRow, OutboxRecord
from db.models import ArticleRow
from db.outbox import Outbox
from db.reading import load, members
from db.stories import current_story

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SILENT = ("skipped", "empty")
"""States in which an edition told nothing: its stories stay eligible."""
SENT_STATES = ("sending", "sent", "unknown")


class Editions:
    """The EditionLedger port; the rows of an outbox are `db.outbox.Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._outbox = Outbox(database)

    def eligible(self, series: str, since: datetime, until: datetime) -> list[tuple[StoredArticle, tuple[Copy, ...]]]:
        """Stories in no edition of a series, with a tagged, not backfilled, not deleted article seen in [since, until).

        Its day too must be in the period: a page from last year found today is no news. The article shown is the
        earliest tagged one, the copies are the others of the story. Earliest story first.
        """
        with self._database.read() as connection:
            shown: dict[int, int] = {}
            for row in connection.execute(_candidates(series, since, until)):
                shown.setdefault(row.story_id, row.id)
            by_story = members(reader(connection), list(shown))
            copies = {story: [each for each in by_story[story] if each != lead] for story, lead in shown.items()}
            places = _places(connection, [each for ids in copies.values() for each in ids])
            leads = load(reader(connection), list(shown.values()))
        return [(lead, tuple(places[each] for each in copies[lead.story_id] if each in places)) for lead in leads]

    def find(self, series: str, key: str) -> Edition | None:
        with self._database.read() as connection:
            return _find(connection, series, key)

    def latest(self, series: str) -> Edition | None:
        newest = (
            select(EditionRow.__table__).where(EditionRow.series == series).order_by(EditionRow.start.desc()).limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(newest).first()
        return edition_of(row) if row else None

    def editions(self, limit: int = 100) -> list[Edition]:
        """Every series but those of members' alerts (`db/saved.py`), the latest period first."""
        for_all = ~EditionRow.series.startswith(ALERTS, autoescape=True)
        rows = (
            select(EditionRow.__table__)
            .where(for_all)
            .order_by(EditionRow.start.desc(), EditionRow.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [edition_of(row) for row in connection.execute(rows)]

    def freeze(self, edition: Edition, body: Body) -> Edition:
        """Write an edition for good; when its period already has one, that one is returned and nothing is written.

        A state "composed" becomes "frozen"; "skipped" and "empty" are kept, and take no story. Raises StoreError
        when a story is already in another edition of the series: it was composed from an older state of the archive.
        """
        with self._database.write() as connection:
            stored = _find(connection, edition.period.series, edition.period.key)
            if stored is not None:
                return stored
            values = _values(edition, body)
            number = connection.execute(insert(EditionRow).values(values).returning(EditionRow.id)).scalar_one()
            drafts.take(connection, edition, number)
            if values["state"] not in SILENT:
                _tell(connection, edition, number)
            return edition_of(connection.execute(select(EditionRow.__table__).where(EditionRow.id == number)).one())

    def body(self, edition_id: int) -> Body | None:
        with self._database.read() as connection:
            body = connection.execute(select(EditionRow.body).where(EditionRow.id == edition_id)).scalar()
        return Body(**body) if body is not None else None

    def set_state(self, edition_id: int, state: EditionState) -> None:
        """Change the state; an edition skipped before any mail left gives its stories back to the next one."""
        with self._database.write() as connection:
            connection.execute(update(EditionRow).where(EditionRow.id == edition_id).values(state=state))
            left = exists().where(OutboxRecord.edition_id == edition_id, OutboxRecord.state.in_(SENT_STATES))
            if state in SILENT and not connection.execute(select(left)).scalar():
                connection.execute(delete(EditionStoryRow).where(EditionStoryRow.edition_id == edition_id))
                mine = select(EditionRow.series, EditionRow.key).where(EditionRow.id == edition_id)
                drafts.release(connection, *connection.execute(mine).one())

    def queue(self, edition_id: int, subscribers: Iterable[Subscriber]) -> int:
        return self._outbox.queue(edition_id, subscribers)

    def rows(self, edition_id: int) -> list[OutboxRow]:
        return self._outbox.rows(edition_id)

    def begin(self, row_id: int, message_id: str, at: datetime) -> bool:
        return self._outbox.begin(row_id, message_id, at)

    def end(self, row_id: int, receipt: Receipt, at: datetime, retry_at: datetime | None = None) -> OutboxState | None:
        return self._outbox.end(row_id, receipt, at, retry_at)

    def suppress(self, row_id: int) -> None:
        self._outbox.suppress(row_id)

    def unknown(self, row_id: int) -> None:
        self._outbox.unknown(row_id)

    def mark_interrupted(self, edition_id: int) -> int:
        return self._outbox.move(edition_id, "sending", "unknown")

    def move(self, edition_id: int, old: OutboxState, new: OutboxState) -> int:
        return self._outbox.move(edition_id, old, new)

    def release(self, edition_id: int, tries: int | None = None) -> int:
        return self._outbox.release(edition_id, tries)

    def pause(self, edition_id: int, refused: Sequence[int], until: datetime) -> None:
        self._outbox.pause(edition_id, refused, until)


def rewrite(connection: Connection, edition: Edition, body: Body) -> None:
    """Put a stored edition in the place of what it was: only for an article taken down on request.

    Its stories stay told, so that no later edition takes them up.
    """
    values = _values(edition, body)
    content = {"content": values["content"], "body": values["body"]}
    connection.execute(update(EditionRow).where(EditionRow.id == edition.id).values(content))


def _candidates(series: str, since: datetime, until: datetime) -> Select[int, int]:
    told = exists().where(EditionStoryRow.series == series, EditionStoryRow.story_id == ArticleRow.story_id)
    return (
        select(ArticleRow.id, ArticleRow.story_id)
        .where(ArticleRow.labels != "", ~ArticleRow.backfilled, ArticleRow.deleted_at.is_(None))
        .where(ArticleRow.first_seen >= since, ArticleRow.first_seen < until)
        .where(ArticleRow.day >= since, ArticleRow.day < until, ~told)
        .order_by(ArticleRow.day, ArticleRow.id)
    )


def _places(connection: Connection, ids: list[int]) -> dict[int, Copy]:
    """Where articles were published; those deleted since are left out."""
    rows = select(ArticleRow.id, ArticleRow.source, ArticleRow.url).where(
        ArticleRow.id.in_(dialect.id_list(ids)), ArticleRow.deleted_at.is_(None)
    )
    return {row.id: Copy(row.source, row.url) for row in connection.execute(rows)}


def _tell(connection: Connection, edition: Edition, number: int) -> None:
    """Write the stories of an edition, under the numbers they have today."""
    series, key = edition.period.series, edition.period.key
    for entry in edition.entries:
        story = current_story(connection, entry.story_id)
        if story is None:
            raise StoreError(f"« {entry.title} » n'est plus dans l'archive : composez à nouveau l'édition {key}.")
        try:
            connection.execute(insert(EditionStoryRow), {"series": series, "story_id": story, "edition_id": number})
        except IntegrityError as error:
            message = f"« {entry.title} » est déjà dans une édition : composez à nouveau l'édition {key}."
            raise StoreError(message) from error


def _find(connection: Connection, series: str, key: str) -> Edition | None:
    one = select(EditionRow.__table__).where(EditionRow.series == series, EditionRow.key == key)
    row = connection.execute(one).first()
    return edition_of(row) if row else None


@cache
def _json() -> TypeAdapter[Edition]:
    from pydantic import TypeAdapter

    return TypeAdapter(Edition)


def _values(edition: Edition, body: Body) -> dict[str, Any]:
    return {
        "series": edition.period.series,
        "key": edition.period.key,
        "start": edition.period.start,
        "end": edition.period.end,
        "composed_at": edition.composed_at,
        "state": "frozen" if edition.state == "composed" else edition.state,
        "content": _json().dump_json(edition).decode(),
        "body": {"subject": body.subject, "text": body.text, "html": body.html},
    }


def edition_of(row: Row[Any]) -> Edition:
    """A line of the table as it was frozen, in its state of today."""
    return replace(_json().validate_json(row.content), id=row.id, state=cast("EditionState", row.state))
