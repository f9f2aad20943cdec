"""The outbox: one row per recipient and edition, committed before and after each SMTP transaction (RFC 1047)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Update, and_, bindparam, exists, func, or_, select, update

from core.editions import OutboxRow, OutboxState, Receipt, Subscriber
from core.recipients import SERIES
from db import dialect
from db.columns import UtcDateTime
from db.engine import Database
from db.ledger import EditionRow, OutboxRecord, SubscriberRow
from db.roster import SavedSearchRow
from db.suspension import suspended

FIRST_RETRY = timedelta(minutes=30)
GIVE_UP = timedelta(days=5)
"""RFC 5321, section 4.5.4.1: at least 30 minutes between tries, 4 or 5 days in all."""


class Outbox:
    """Rows of the outbox; the edition's own state is `db.editions.Editions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def queue(self, edition_id: int, subscribers: Iterable[Subscriber]) -> int:
        """One row per recipient who has none yet; returns how many were added."""
        added = 0
        with self._database.write() as connection:
            for subscriber in subscribers:
                who = "alert_id" if subscriber.kind == "alert" else "subscriber_id"
                row = {"edition_id": edition_id, who: subscriber.id, "state": "queued"}
                added += connection.execute(dialect.insert_missing(OutboxRecord), row).rowcount
        return added

    def rows(self, edition_id: int) -> list[OutboxRow]:
        rows = select(OutboxRecord.__table__).where(OutboxRecord.edition_id == edition_id).order_by(OutboxRecord.id)
        with self._database.read() as connection:
            return [_row(row) for row in connection.execute(rows)]

    def begin(self, row_id: int, message_id: str, at: datetime) -> bool:
        """Commit `sending`; False when the row is not to be sent.

        It becomes suppressed when the recipient left, paused, changed frequency (threat B25) or is suspended.
        """
        known = {"row": row_id, "now": at, "number": message_id}
        with self._database.write() as connection:
            if connection.execute(_suppress_gone(), known).rowcount:
                return False
            return connection.execute(_begin(), known).rowcount == 1

    def end(self, row_id: int, receipt: Receipt, at: datetime, retry_at: datetime | None = None) -> OutboxState | None:
        """Commit how a transmission ended; the state of its row, None when it was not being sent.

        A temporary refusal is tried again at `retry_at`, else after 30 min, 1 h, 2 h, 4 h… (threat B3); five days
        after the first attempt it is a failure.
        """
        values: dict[str, Any] = {
            "row": row_id,
            "became": receipt.state,
            "said": receipt.reply,
            "now": at,
            "next": None,
        }
        with self._database.write() as connection:
            if receipt.state == "retry":
                sent = select(OutboxRecord.attempts, OutboxRecord.first_at).where(_sending(row_id))
                row = connection.execute(sent).first()
                if row is None:
                    return None
                after = retry_at or at + FIRST_RETRY * int(2 ** (row.attempts - 1))
                values |= {"became": "failed"} if after > row.first_at + GIVE_UP else {"next": after}
            ended = connection.execute(_end(), values).rowcount
            return cast("OutboxState", values["became"]) if ended else None

    def suppress(self, row_id: int) -> None:
        """The recipient left before the mail did; a mail that may have left keeps its state."""
        with self._database.write() as connection:
            connection.execute(update(OutboxRecord).where(_waiting(row_id)).values(state="suppressed", retry_at=None))

    def unknown(self, row_id: int) -> None:
        """Nobody knows whether the mail was accepted (RFC 1047)."""
        with self._database.write() as connection:
            connection.execute(update(OutboxRecord).where(_sending(row_id)).values(state="unknown"))

    def move(self, edition_id: int, old: OutboxState, new: OutboxState) -> int:
        moved = update(OutboxRecord).where(OutboxRecord.edition_id == edition_id, OutboxRecord.state == old)
        with self._database.write() as connection:
            return connection.execute(moved.values(state=new)).rowcount

    def release(self, edition_id: int, tries: int | None = None) -> int:
        """Put unknown rows back in the queue, only those tried fewer than `tries` times where it is given."""
        held = (OutboxRecord.edition_id == edition_id) & (OutboxRecord.state == "unknown")
        if tries is not None:
            held &= OutboxRecord.attempts < tries
        with self._database.write() as connection:
            return connection.execute(update(OutboxRecord).where(held).values(state="queued")).rowcount

    def pause(self, edition_id: int, refused: Sequence[int], until: datetime) -> None:
        """Rows still to send wait until then, and so do those refused for a fault that is ours (threat B4)."""
        waiting = OutboxRecord.state.in_(("queued", "retry"))
        ours = (OutboxRecord.state == "failed") & OutboxRecord.id.in_(dialect.id_list(refused))
        paused = update(OutboxRecord).where(OutboxRecord.edition_id == edition_id, waiting | ours)
        with self._database.write() as connection:
            connection.execute(paused.values(state="retry", retry_at=until))


def _still_wanted(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """`core.recipients.receives`, in the very transaction that marks a row as being sent."""
    awake = or_(SubscriberRow.paused_until.is_(None), SubscriberRow.paused_until <= at)
    own = or_(SubscriberRow.frequency == EditionRow.series, EditionRow.series.not_in(SERIES))
    return (or_(SubscriberRow.kind == "list", and_(awake, own)),)


# The statements of every mail are built once: building them takes SQLAlchemy longer than a server takes a mail.


@cache
def _suppress_gone() -> Update:
    """A waiting row whose recipient left, paused, changed frequency or is suspended."""
    now: Any = bindparam("now", type_=UtcDateTime())
    here = exists().where(
        SubscriberRow.id == OutboxRecord.subscriber_id,
        SubscriberRow.address.is_not(None),
        ~suspended(SubscriberRow.id),
    )
    here = here.where(EditionRow.id == OutboxRecord.edition_id, *_still_wanted(now))
    alerted = exists().where(SavedSearchRow.id == OutboxRecord.alert_id, SavedSearchRow.frequency != "none")
    gone = update(OutboxRecord).where(_waiting(bindparam("row")), ~here, ~alerted)
    return gone.values(state="suppressed", ended_at=now, retry_at=None)


@cache
def _begin() -> Update:
    now: Any = bindparam("now", type_=UtcDateTime())
    values = {
        "state": "sending",
        "attempts": OutboxRecord.attempts + 1,
        "first_at": func.coalesce(OutboxRecord.first_at, now),
        "started_at": now,
        "retry_at": None,
        "message_id": bindparam("number"),
    }
    return update(OutboxRecord).where(_waiting(bindparam("row"))).values(values)


@cache
def _end() -> Update:
    row: Any = bindparam("row")
    values: dict[str, Any] = {"state": bindparam("became"), "reply": bindparam("said"), "ended_at": bindparam("now")}
    return update(OutboxRecord).where(_sending(row)).values({**values, "retry_at": bindparam("next")})


def _waiting(row_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    return (OutboxRecord.id == row_id) & OutboxRecord.state.in_(("queued", "retry"))


def _sending(row_id: int) -> ColumnElement[bool]:
    return (OutboxRecord.id == row_id) & (OutboxRecord.state == "sending")


def _row(row: Row[Any]) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        edition_id=row.edition_id,
        subscriber_id=row.alert_id if row.subscriber_id is None else row.subscriber_id,
        state=cast("OutboxState", row.state),
        attempts=row.attempts,
        retry_at=row.retry_at,
        reply=row.reply,
    )
