"""Subscribing by oneself: asked for, confirmed by a link sent by mail, found again when that link is lost."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or  # its ON CONFLICT is SQLite's too

from core.joining import Invitation, MailRecord, PersonRecord
from core.wishes import Consent
from db import suppression
from db.addresses import address_key, checked_address
from db.engine import Database
from db.ledger import ConfirmationRow, EditionRow, OutboxRecord, RequestRow, SubscriberRow, SuspensionRow
from db.subscribers import insert_recipient, subscriber_of
from db.suspension import lift, suspended_on
from db.tokens import hashed

TOKEN_BYTES = 32
LIFE = timedelta(days=7)
"""Of a confirmation link, and of an address that nobody confirmed."""
BETWEEN = timedelta(days=1)
"""Between two mails that anybody can have us send to one address (threat B13)."""
MOST = 3
"""Confirmations sent to one address that never answers."""


class Joining:
    """The JoinStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def check(self, address: str) -> str:
        return checked_address(address)

    def ask(self, address: str, topics: tuple[str, ...], consent: str, at: datetime) -> Invitation | None:
        address = checked_address(address)
        key, token = address.lower(), secrets.token_urlsafe(TOKEN_BYTES)
        with self._database.write() as connection:
            _sweep(connection, at)
            if (known := _known(connection, key)) is not None:
                return _reminder(connection, known, at)
            if not _counted(connection, _mailbox(connection, key), at):
                return None
            line: dict[str, Any] = {"token_hash": hashed(token), "address": address, "address_key": key}
            line |= {"topics": list(topics), "consent": consent, "asked_at": at, "expires_at": at + LIFE}
            connection.execute(insert(RequestRow), line)
        return Invitation(address, token, known=False)

    def remind(self, address: str, at: datetime) -> Invitation | None:
        key = address_key(address)
        with self._database.write() as connection:
            known = _known(connection, key) if key else None
            return _reminder(connection, known, at) if known else None

    def unsent(self, invitation: Invitation) -> None:
        key = invitation.address.lower()
        with self._database.write() as connection:
            if invitation.known:
                theirs = update(SubscriberRow).where(SubscriberRow.address_key == key)
                connection.execute(theirs.values(reminded_at=None))
                return
            connection.execute(delete(RequestRow).where(RequestRow.token_hash == hashed(invitation.token)))
            counted = ConfirmationRow.address_hash == _mailbox(connection, key)
            last = connection.execute(select(ConfirmationRow.last_at).where(counted)).scalar()
            if last is not None:
                one_less = {"times": ConfirmationRow.times - 1, "last_at": last - BETWEEN}
                connection.execute(update(ConfirmationRow).where(counted).values(one_less))

    def confirm(self, token: str, at: datetime) -> str | None:
        with self._database.write() as connection:
            live = (RequestRow.token_hash == hashed(token), RequestRow.expires_at > at)
            asked = connection.execute(select(RequestRow.__table__).where(*live)).first()
            if asked is None:
                return None
            connection.execute(delete(RequestRow).where(RequestRow.address_key == asked.address_key))
            answered = ConfirmationRow.address_hash == _mailbox(connection, asked.address_key)
            connection.execute(delete(ConfirmationRow).where(answered))
            suppression.revive(connection, asked.address_key)
            lift(connection, SubscriberRow.address_key == asked.address_key)
            known = _known(connection, asked.address_key)
            if known is None:
                consent = Consent(at, asked.consent)
                return insert_recipient(connection, asked.address, "person", at, consent, topics=asked.topics).token
            # The group added them meanwhile: they keep their link, and what they agreed to is noted.
            if known.kind == "person":
                proof = {"consented_at": at, "consent": asked.consent}
                connection.execute(update(SubscriberRow).where(SubscriberRow.id == known.id).values(proof))
            return cast("str | None", known.token)

    def suspended_since(self, token: str) -> datetime | None:
        theirs = SubscriberRow.id == SuspensionRow.subscriber_id, SubscriberRow.token_hash == hashed(token)
        with self._database.read() as connection:
            return connection.execute(select(SuspensionRow.since).where(*theirs)).scalar()

    def sweep(self, at: datetime) -> int:
        """Forget what was asked and not confirmed in time, and hashes too old to be kept; how many addresses went."""
        with self._database.write() as connection:
            return _sweep(connection, at)

    def record(self, address: str) -> PersonRecord | None:
        """All that is kept of an address; None when there is nothing."""
        key = address_key(address)
        if key is None:
            return None
        with self._database.read() as connection:
            known = connection.execute(select(SubscriberRow.__table__).where(SubscriberRow.address_key == key)).first()
            asked = connection.execute(
                select(RequestRow.asked_at).where(RequestRow.address_key == key).order_by(RequestRow.asked_at)
            )
            found = PersonRecord(
                subscriber_of(known) if known else None,
                _mails(connection, known.id) if known else (),
                tuple(asked.scalars()),
                suspended_on(connection, key),
            )
        return found if found.subscriber or found.asked else None


def _known(connection: Connection, key: str) -> Row[Any] | None:
    columns: tuple[Any, ...] = (
        SubscriberRow.id, SubscriberRow.address, SubscriberRow.kind, SubscriberRow.token, SubscriberRow.reminded_at
    )  # fmt: skip
    return connection.execute(select(*columns).where(SubscriberRow.address_key == key)).first()


def _reminder(connection: Connection, known: Row[Any], at: datetime) -> Invitation | None:
    """Their own link, once a day; never for a list, whose readers would all hold it."""
    if known.kind == "list" or (known.reminded_at is not None and known.reminded_at > at - BETWEEN):
        return None
    connection.execute(update(SubscriberRow).where(SubscriberRow.id == known.id).values(reminded_at=at))
    return Invitation(known.address, known.token, known=True)


def _mailbox(connection: Connection, key: str) -> str:
    """The hash of a mailbox: `ana+1@…` and `ana+2@…` are one to whoever wants to flood it (threat B14)."""
    return suppression.salted(connection, re.sub(r"(?<=.)\+[^@]*", "", key))


def _counted(connection: Connection, address_hash: str, at: datetime) -> bool:
    """Count one more confirmation; False when this address was sent too many, or one today."""
    counted = ConfirmationRow.address_hash == address_hash
    row = connection.execute(select(ConfirmationRow.times, ConfirmationRow.last_at).where(counted)).first()
    if row is not None and (row.times >= MOST or row.last_at > at - BETWEEN):
        return False
    first = insert_or(ConfirmationRow).values(address_hash=address_hash, times=1, last_at=at)
    again = {"times": ConfirmationRow.times + 1, "last_at": at}
    connection.execute(first.on_conflict_do_update(index_elements=["address_hash"], set_=again))
    return True


def _sweep(connection: Connection, at: datetime) -> int:
    suppression.sweep(connection, at)
    over = select(RequestRow.address_key).where(RequestRow.expires_at <= at).distinct()
    count = len(connection.execute(over).all())
    connection.execute(delete(RequestRow).where(RequestRow.expires_at <= at))
    return count


def _mails(connection: Connection, number: int) -> tuple[MailRecord, ...]:
    columns: tuple[Any, ...] = (
        EditionRow.series, EditionRow.key, OutboxRecord.state, OutboxRecord.reply, OutboxRecord.ended_at
    )  # fmt: skip
    joined = select(*columns).join(OutboxRecord, OutboxRecord.edition_id == EditionRow.id)
    rows = connection.execute(joined.where(OutboxRecord.subscriber_id == number).order_by(OutboxRecord.id))
    return tuple(MailRecord(*row) for row in rows)
