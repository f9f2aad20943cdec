"""The people and lists who receive editions; of one who left, nothing that names them is kept."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from functools import cache
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, Select, bindparam, delete, exists, insert, select, update

from core.editions import Subscriber, SubscriberKind
from core.errors import VeilleError
from core.wishes import USUAL, Consent, Wishes
from db.addresses import address_key, checked_address, checked_sender
from db.audit import record
from db.engine import Database
from db.ledger import RequestRow, SubscriberRow
from db.suppression import left_on, revive, suppress
from db.suspension import lift, suspended, suspended_on
from db.tokens import hashed

TOKEN_BYTES = 16
"""128 bits (threat B12)."""


Standing = Literal["new", "known", "left"]


class Subscribers:
    """The SubscriberStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        address: str,
        kind: SubscriberKind,
        at: datetime,
        unsubscribe: str = "",
        sender: str = "",
        *,
        again: bool = False,
        consent: Consent | None = None,
    ) -> Subscriber:
        """Add a recipient, by the group; those who subscribe by themselves come by `db/joining.py`.

        Raises VeilleError when the address is not acceptable, is already there, or left by itself and `again` is
        False (threat B15: an import never brings back somebody who left; their own new request does).
        """
        address = checked_address(address)
        if kind == "list" and not unsubscribe:
            raise VeilleError("Une liste de diffusion doit dire comment s'en désinscrire : son adresse ou sa page.")
        own = {"unsubscribe": checked_way_out(unsubscribe), "sender": checked_sender(sender) if sender else ""}
        with self._database.write() as connection:
            mine = SubscriberRow.address_key == address.lower()
            if again and lift(connection, mine):
                return _one(connection, mine)
            self._refuse_known(connection, address, again)
            return insert_recipient(connection, address, kind, at, consent, **own)

    def remove(self, address: str) -> bool:
        """Erase an address at the group's own decision; it may be added again. False when it is not there."""
        key = address_key(address)
        if key is None:
            return False
        with self._database.write() as connection:
            row = connection.execute(
                select(SubscriberRow.id, SubscriberRow.since).where(SubscriberRow.address_key == key)
            ).first()
            if row is None:
                return False
            _erase(connection, row.id, row.since)
            return True

    def erase(self, address: str, at: datetime, who: str) -> bool:
        """Erase an address at its owner's request: as when they leave, its salted hash stays.

        So goes a subscription that was asked for and not confirmed. False for nobody.
        """
        key = address_key(address)
        if key is None:
            return False
        with self._database.write() as connection:
            number = connection.execute(select(SubscriberRow.id).where(SubscriberRow.address_key == key)).scalar()
            if number is None and not _requested(connection, key):
                return False
            go(connection, number, key, at)
            record(connection, at, who, "subscriber.forget", {"subscriber": number}, None)
            return True

    def active(self) -> list[Subscriber]:
        """Those who are written to: neither gone nor suspended (`db/returns.py`)."""
        with self._database.read() as connection:
            written_to = SubscriberRow.address.is_not(None), ~suspended(SubscriberRow.id)
            rows = select(SubscriberRow.__table__).where(*written_to).order_by(SubscriberRow.id)
            return [subscriber_of(row) for row in connection.execute(rows)]

    def find(self, address: str) -> Subscriber | None:
        """The recipient of an address, however it is written; None for nobody."""
        key = address_key(address)
        if key is None:
            return None
        with self._database.read() as connection:
            return _find(connection, SubscriberRow.address_key == key)

    def standing(self, address: str) -> Standing:
        """Whether the group may add an address; raises VeilleError when it is none. Writes nothing of it."""
        key = checked_address(address).lower()
        with self._database.write() as connection:
            if _find(connection, SubscriberRow.address_key == key):
                return "known"
            return "left" if left_on(connection, key) else "new"

    def by_id(self, subscriber_id: int) -> Subscriber | None:
        """A recipient who has not left."""
        with self._database.read() as connection:
            row = connection.execute(_by_id(), {"number": subscriber_id}).first()
            return subscriber_of(row) if row else None

    def by_token(self, token: str) -> Subscriber | None:
        """The person of a token, sought by its hash, then compared in constant time."""
        with self._database.read() as connection:
            found = _find(connection, SubscriberRow.token_hash == hashed(token))
        return found if found and hmac.compare_digest(found.token.encode(), token.encode("utf-8", "replace")) else None

    def wish(self, token: str, wishes: Wishes) -> bool:
        """Change what a person receives; False when the token is nobody's."""
        theirs = (SubscriberRow.token_hash == hashed(token), SubscriberRow.address.is_not(None))
        with self._database.write() as connection:
            changed = connection.execute(update(SubscriberRow).where(*theirs).values(_columns(wishes)))
            lift(connection, SubscriberRow.token_hash == hashed(token))  # they read their mail
            return changed.rowcount == 1

    def leave(self, token: str, at: datetime) -> bool:
        """Erase the person of a token, keep the salted hash of the address; True too when they had left before."""
        with self._database.write() as connection:
            row = connection.execute(
                select(SubscriberRow.id, SubscriberRow.address_key).where(SubscriberRow.token_hash == hashed(token))
            ).first()
            if row is None:
                return False
            if row.address_key is not None:
                go(connection, row.id, row.address_key, at)
            return True

    def _refuse_known(self, connection: Connection, address: str, again: bool) -> None:
        if since := suspended_on(connection, address.lower()):
            raise VeilleError(
                f"Cette adresse refuse nos mails depuis le {since:%d/%m/%Y}, elle est suspendue : si elle marche à"
                " nouveau, --again la remet."
            )
        if connection.execute(select(exists().where(SubscriberRow.address_key == address.lower()))).scalar():
            raise VeilleError("Cette adresse est déjà abonnée.")
        left = left_on(connection, address.lower())
        if left is None:
            return
        if not again:
            raise VeilleError(
                f"Cette personne s'est désinscrite le {left:%d/%m/%Y} : elle ne peut être réinscrite qu'à sa demande"
                " (--again)."
            )
        revive(connection, address.lower())


def insert_recipient(
    connection: Connection, address: str, kind: SubscriberKind, at: datetime, consent: Consent | None, **own: object
) -> Subscriber:
    """A new row for an address in its stored form; a person gets a token."""
    token = secrets.token_urlsafe(TOKEN_BYTES) if kind == "person" else None
    values = {
        "address": address,
        "address_key": address.lower(),
        "kind": kind,
        "token": token,
        "token_hash": hashed(token) if token else None,
        "since": at,
        "unsubscribe": "",
        "sender": "",
        "consented_at": consent.at if consent else None,
        "consent": consent.proof if consent else "",
    }
    number = connection.execute(insert(SubscriberRow).values(values | own).returning(SubscriberRow.id)).scalar_one()
    return _one(connection, SubscriberRow.id == number)


def checked_way_out(text: str) -> str:
    """How to leave a list: an address, or an http(s) or mailto link; raises VeilleError when it is neither."""
    text = text.strip()
    if not text:
        return ""
    if any(not char.isprintable() or char in ' <>"' for char in text):
        raise VeilleError("L'adresse de désinscription de la liste n'est pas valable.")
    if text.lower().startswith(("https://", "http://")):
        return text
    if text.lower().startswith("mailto:"):
        checked_address(text[len("mailto:") :].partition("?")[0])
        return text
    return checked_address(text)


def _requested(connection: Connection, key: str) -> bool:
    return bool(connection.execute(select(exists().where(RequestRow.address_key == key))).scalar())


def go(connection: Connection, number: int | None, key: str, at: datetime) -> None:
    """Somebody's own going: nothing of their address stays but its hash."""
    suppress(connection, key, at)
    connection.execute(delete(RequestRow).where(RequestRow.address_key == key))
    if number is not None:
        _erase(connection, number, at)


def _erase(connection: Connection, number: int, at: datetime) -> None:
    blank = {"address": None, "address_key": None, "token": None, "left_at": at, "sender": "", "unsubscribe": ""}
    unproven = {"consented_at": None, "consent": "", "reminded_at": None}
    row = update(SubscriberRow).where(SubscriberRow.id == number)
    connection.execute(row.values({**blank, **unproven, **_columns(USUAL)}))


def _columns(wishes: Wishes) -> dict[str, Any]:
    return {
        "frequency": wishes.frequency,
        "mail_format": wishes.format,
        "quiet": wishes.quiet,
        "topics": list(wishes.topics),
        "paused_until": wishes.paused_until,
    }


@cache
def _by_id() -> Select[Any]:
    """Built once: it is asked for every mail."""
    here = SubscriberRow.id == bindparam("number"), SubscriberRow.address.is_not(None)
    return select(SubscriberRow.__table__).where(*here)


def _find(connection: Connection, condition: Any) -> Subscriber | None:
    rows = select(SubscriberRow.__table__).where(condition, SubscriberRow.address.is_not(None))
    row = connection.execute(rows).first()
    return subscriber_of(row) if row else None


def _one(connection: Connection, condition: Any) -> Subscriber:
    return subscriber_of(connection.execute(select(SubscriberRow.__table__).where(condition)).one())


def subscriber_of(row: Row[Any]) -> Subscriber:
    """A line of the table, of somebody who has not left."""
    return Subscriber(
        id=row.id,
        address=row.address,
        kind=cast("SubscriberKind", row.kind),
        token=row.token or "",
        since=row.since,
        unsubscribe=row.unsubscribe,
        sender=row.sender,
        wishes=Wishes(row.frequency, row.mail_format, row.quiet, tuple(row.topics), row.paused_until),
        consent=Consent(row.consented_at, row.consent) if row.consented_at else None,
    )
