"""Mails that came back, each acted upon once, in one transaction (threats B7 to B9)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, func, insert, select

from core.returns import (
    FEWEST_HELD,
    MOST_DEAD,
    MOST_SOFT,
    SOFT_DAYS,
    Effect,
    Returned,
    Suspension,
)
from core.saved import SavedSearch
from db.engine import Database
from db.ledger import EditionRow, OutboxRecord, ReturnedRow, SubscriberRow, SuspensionRow
from db.roster import SavedSearchRow
from db.saved import alert_told, end_alerts
from db.subscribers import go
from db.suspension import suspend

DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Returns:
    """The ReturnStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, returned: Returned, at: datetime, *, dry_run: bool = False) -> Effect:
        with self._database.write() as connection:
            before = select(ReturnedRow.digest).where(ReturnedRow.digest == returned.digest)
            if connection.execute(before).first():
                return "again"
            mail = _mail(connection, returned)
            for_alert = _act_for_alert(connection, returned, at)
            effect = for_alert or _act(connection, returned, mail, at)
            line = {"digest": returned.digest, "at": at, "effect": effect, "code": returned.code}
            ours = {"edition_id": mail.edition_id, "subscriber_id": mail.subscriber_id} if mail else {}
            if for_alert and returned.proof:
                ours = {"edition_id": returned.proof.edition_id}
            connection.execute(insert(ReturnedRow), {"edition_id": None, "subscriber_id": None, **line, **ours})
            if dry_run:
                connection.rollback()
            return effect

    def suspensions(self) -> list[Suspension]:
        """Of those who have not left, the latest first."""
        columns = (SubscriberRow.id, SubscriberRow.address, SuspensionRow.since, SuspensionRow.code)
        rows = select(*columns).join(SuspensionRow, SuspensionRow.subscriber_id == SubscriberRow.id)
        rows = rows.where(SubscriberRow.address.is_not(None)).order_by(SuspensionRow.since.desc(), SubscriberRow.id)
        with self._database.read() as connection:
            return [Suspension(row.id, row.address or "", row.since, row.code) for row in connection.execute(rows)]

    def effects(self, since: datetime) -> dict[Effect, int]:
        rows = select(ReturnedRow.effect).where(ReturnedRow.at >= since)
        with self._database.read() as connection:
            return dict(Counter(cast("Effect", effect) for effect in connection.execute(rows).scalars()))

    def returned(self, edition_id: int) -> int:
        """Only mails whose row says that they were accepted: a refusal during the sending is no return."""
        came_back = (
            select(func.count(ReturnedRow.subscriber_id.distinct()))
            .join(OutboxRecord, OutboxRecord.edition_id == ReturnedRow.edition_id)
            .where(ReturnedRow.edition_id == edition_id, OutboxRecord.subscriber_id == ReturnedRow.subscriber_id)
            .where(OutboxRecord.state == "sent", ReturnedRow.effect.not_in(("automatic", "left")))
        )
        with self._database.read() as connection:
            return connection.execute(came_back).scalar_one()


def _mail(connection: Connection, returned: Returned) -> Row[Any] | None:
    """The recipient of a mail that did leave for them, as they are now; None for a proof of nothing."""
    if returned.proof is None:
        return None
    columns: tuple[Any, ...] = (
        OutboxRecord.edition_id, OutboxRecord.subscriber_id, SubscriberRow.kind, SubscriberRow.address_key
    )  # fmt: skip
    theirs = select(*columns).join(SubscriberRow, SubscriberRow.id == OutboxRecord.subscriber_id)
    proof = returned.proof
    mail = OutboxRecord.edition_id == proof.edition_id, OutboxRecord.subscriber_id == proof.subscriber_id
    row: Row[Any] | None = connection.execute(theirs.where(*mail)).first()
    return row


def _act_for_alert(connection: Connection, returned: Returned, at: datetime) -> Effect | None:
    """What is done about the mail of a member's alert; None when it is no alert's.

    A member is no subscriber: a mailbox that is dead, or refuses for weeks, stops their alerts, a complaint the one it
    is about; searches stay.
    """
    proof = returned.proof
    search = alert_told(connection, proof.edition_id, proof.subscriber_id) if proof else None
    if search is None or returned.kind in ("automatic", "other"):
        return None
    if returned.kind == "complaint":
        end_alerts(connection, search, at, all_of_them=False)
        return "left"
    if returned.fault == "ours":
        return "ours"
    if search.alert_since is None:
        return "gone"
    if returned.fault != "hard" and not _refuses_for_weeks(connection, search, at):
        return "counted"
    if returned.fault == "hard" and _too_many_alerts(connection, at):
        return "held"
    end_alerts(connection, search, at, all_of_them=True)
    return "suspended"


def _refuses_for_weeks(connection: Connection, search: SavedSearch, at: datetime) -> bool:
    """Refused as often, and for as long, as three weekly editions: a mailbox full for a few days stops no alert."""
    earlier = (
        select(ReturnedRow.at)
        .join(EditionRow, EditionRow.id == ReturnedRow.edition_id)
        .where(EditionRow.series == search.series, ReturnedRow.effect == "counted", ReturnedRow.at > at - SOFT_DAYS)
    )
    times = list(connection.execute(earlier).scalars())
    return len(times) + 1 >= MOST_SOFT and min(times) <= at - (MOST_SOFT - 1) * WEEK


def _act(connection: Connection, returned: Returned, mail: Row[Any] | None, at: datetime) -> Effect:
    if returned.kind == "automatic":
        return "automatic"
    if mail is None or returned.kind == "other":
        return "unproven"
    if mail.address_key is None:
        return "gone"
    if mail.kind == "list":
        return "list"
    if returned.kind == "complaint":
        go(connection, mail.subscriber_id, mail.address_key, at)
        return "left"
    if returned.fault == "ours":
        return "ours"
    return _refused(connection, returned, mail, at)


def _refused(connection: Connection, returned: Returned, mail: Row[Any], at: datetime) -> Effect:
    """A mailbox that refuses: at once when it is dead, at the third edition when it may be for a time."""
    if returned.fault == "soft" and _editions_refused(connection, mail, at) < MOST_SOFT:
        return "counted"
    if returned.fault == "hard" and _too_many(connection, at):
        return "held"
    suspend(connection, mail.subscriber_id, at, returned.code)
    return "suspended"


def _editions_refused(connection: Connection, mail: Row[Any], at: datetime) -> int:
    """How many editions a mailbox softly refused within thirty days, this one included."""
    earlier = select(ReturnedRow.edition_id).where(
        ReturnedRow.subscriber_id == mail.subscriber_id,
        ReturnedRow.effect == "counted",
        ReturnedRow.at > at - SOFT_DAYS,
    )
    return len({*connection.execute(earlier).scalars(), mail.edition_id})


def _too_many(connection: Connection, at: datetime) -> bool:
    """A provider that says of living mailboxes that they are dead, as Gmail did for a day in December 2020."""
    dead = select(func.count()).where(SuspensionRow.since > at - DAY)
    all_of_them = select(func.count()).where(SubscriberRow.address.is_not(None))
    return _are_too_many(connection, dead, all_of_them)


def _too_many_alerts(connection: Connection, at: datetime) -> bool:
    """As above, among the members who keep searches; a line about one of them names no subscriber."""
    dead = select(func.count()).where(
        ReturnedRow.at > at - DAY, ReturnedRow.effect == "suspended", ReturnedRow.subscriber_id.is_(None)
    )
    return _are_too_many(connection, dead, select(func.count(SavedSearchRow.member_id.distinct())))


def _are_too_many(connection: Connection, dead: Select[int], all_of_them: Select[int]) -> bool:
    count = connection.execute(dead).scalar_one() + 1
    return count > FEWEST_HELD and count > MOST_DEAD * connection.execute(all_of_them).scalar_one()
