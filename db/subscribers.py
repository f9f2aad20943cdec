"""The people and lists who receive editions; of one who left, nothing that names them is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from core.editions import Subscriber, SubscriberKind
from core.errors import VeilleError
from db import dialect
from db.addresses import address_key, checked_address, checked_sender
from db.audit import record
from db.engine import Database
from db.ledger import SubscriberRow, SuppressionRow
from db.models import MetaRow
from db.tokens import hashed

TOKEN_BYTES = 16
"""128 bits (threat B12)."""
_SALT = "suppression-salt"


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
    ) -> Subscriber:
        """Add a recipient.

        Raises VeilleError when the address is not acceptable, is already there, or left by itself and `again` is
        False (threat B15: an import never brings back somebody who left; their own new request does).
        """
        address = checked_address(address)
        if kind == "list" and not unsubscribe:
            raise VeilleError("Une liste de diffusion doit dire comment s'en désinscrire : son adresse ou sa page.")
        token = secrets.token_urlsafe(TOKEN_BYTES) if kind == "person" else None
        values = {
            "address": address,
            "address_key": address.lower(),
            "kind": kind,
            "token": token,
            "token_hash": hashed(token) if token else None,
            "since": at,
            "unsubscribe": checked_way_out(unsubscribe),
            "sender": checked_sender(sender) if sender else "",
        }
        with self._database.write() as connection:
            self._refuse_known(connection, address, again)
            number = connection.execute(insert(SubscriberRow).values(values).returning(SubscriberRow.id)).scalar_one()
            return _one(connection, SubscriberRow.id == number)

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
        """Erase an address at its owner's request: as when they leave, its salted hash stays. False for nobody."""
        key = address_key(address)
        if key is None:
            return False
        with self._database.write() as connection:
            number = connection.execute(select(SubscriberRow.id).where(SubscriberRow.address_key == key)).scalar()
            if number is None:
                return False
            _suppress(connection, key, at)
            _erase(connection, number, at)
            record(connection, at, who, "subscriber.forget", {"subscriber": number}, None)
            return True

    def active(self) -> list[Subscriber]:
        with self._database.read() as connection:
            rows = select(SubscriberRow.__table__).where(SubscriberRow.address.is_not(None)).order_by(SubscriberRow.id)
            return [_subscriber(row) for row in connection.execute(rows)]

    def find(self, address: str) -> Subscriber | None:
        """The recipient of an address, however it is written; None for nobody."""
        key = address_key(address)
        if key is None:
            return None
        with self._database.read() as connection:
            return _find(connection, SubscriberRow.address_key == key)

    def by_id(self, subscriber_id: int) -> Subscriber | None:
        """A recipient who has not left."""
        with self._database.read() as connection:
            return _find(connection, SubscriberRow.id == subscriber_id)

    def by_token(self, token: str) -> Subscriber | None:
        """The person of a token, sought by its hash, then compared in constant time."""
        with self._database.read() as connection:
            found = _find(connection, SubscriberRow.token_hash == hashed(token))
        return found if found and hmac.compare_digest(found.token.encode(), token.encode("utf-8", "replace")) else None

    def leave(self, token: str, at: datetime) -> bool:
        """Erase the person of a token, keep the salted hash of the address; True too when they had left before."""
        with self._database.write() as connection:
            row = connection.execute(
                select(SubscriberRow.id, SubscriberRow.address_key).where(SubscriberRow.token_hash == hashed(token))
            ).first()
            if row is None:
                return False
            if row.address_key is not None:
                _suppress(connection, row.address_key, at)
                _erase(connection, row.id, at)
            return True

    def _refuse_known(self, connection: Connection, address: str, again: bool) -> None:
        if connection.execute(select(exists().where(SubscriberRow.address_key == address.lower()))).scalar():
            raise VeilleError("Cette adresse est déjà abonnée.")
        salted = _salted(connection, address.lower())
        left = connection.execute(select(SuppressionRow.at).where(SuppressionRow.address_hash == salted)).scalar()
        if left is None:
            return
        if not again:
            raise VeilleError(
                f"Cette personne s'est désinscrite le {left:%d/%m/%Y} : elle ne peut être réinscrite qu'à sa demande"
                " (--again)."
            )
        connection.execute(delete(SuppressionRow).where(SuppressionRow.address_hash == salted))


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


def _salted(connection: Connection, address: str) -> str:
    """Hash of an address under a salt of this database, made once: a leaked table cannot be compared with others."""
    connection.execute(dialect.insert_missing(MetaRow), {"name": _SALT, "value": secrets.token_hex(16)})
    salt = connection.execute(select(MetaRow.value).where(MetaRow.name == _SALT)).scalar_one()
    return hmac.new(salt.encode(), address.encode(), hashlib.sha256).hexdigest()


def _suppress(connection: Connection, key: str, at: datetime) -> None:
    """Note that the owner of an address left; `key` is the address in lower case."""
    line = {"address_hash": _salted(connection, key), "at": at}
    connection.execute(dialect.insert_missing(SuppressionRow), line)


def _erase(connection: Connection, number: int, at: datetime) -> None:
    blank = {"address": None, "address_key": None, "token": None, "left_at": at, "sender": "", "unsubscribe": ""}
    connection.execute(update(SubscriberRow).where(SubscriberRow.id == number).values(blank))


def _find(connection: Connection, condition: Any) -> Subscriber | None:
    rows = select(SubscriberRow.__table__).where(condition, SubscriberRow.address.is_not(None))
    row = connection.execute(rows).first()
    return _subscriber(row) if row else None


def _one(connection: Connection, condition: Any) -> Subscriber:
    return _subscriber(connection.execute(select(SubscriberRow.__table__).where(condition)).one())


def _subscriber(row: Row[Any]) -> Subscriber:
    return Subscriber(
        id=row.id,
        address=row.address,
        kind=cast("SubscriberKind", row.kind),
        token=row.token or "",
        since=row.since,
        unsubscribe=row.unsubscribe,
        sender=row.sender,
    )
