"""Addresses whose owners left, known by a salted hash alone, so that no import brings them back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from db import dialect
from db.ledger import ConfirmationRow, SuppressionRow
from db.models import MetaRow

_SALT = "suppression-salt"
KEPT = timedelta(days=3 * 365)
"""The CNIL's habit for lists of those who object (reference document on commercial management, 2022)."""


def salted(connection: Connection, key: str) -> str:
    """Hash of an address in lower case under a salt of this database, made once: a leaked table compares with none."""
    connection.execute(dialect.insert_missing(MetaRow), {"name": _SALT, "value": secrets.token_hex(16)})
    salt = connection.execute(select(MetaRow.value).where(MetaRow.name == _SALT)).scalar_one()
    return hmac.new(salt.encode(), key.encode(), hashlib.sha256).hexdigest()


def suppress(connection: Connection, key: str, at: datetime) -> None:
    """Note that the owner of an address left."""
    line = {"address_hash": salted(connection, key), "at": at}
    connection.execute(dialect.insert_missing(SuppressionRow), line)


def left_on(connection: Connection, key: str) -> datetime | None:
    """The day on which the owner of an address left; None when they did not."""
    return connection.execute(
        select(SuppressionRow.at).where(SuppressionRow.address_hash == salted(connection, key))
    ).scalar()


def revive(connection: Connection, key: str) -> None:
    """The owner of an address asks again: nothing is left of their going."""
    connection.execute(delete(SuppressionRow).where(SuppressionRow.address_hash == salted(connection, key)))


def sweep(connection: Connection, at: datetime) -> None:
    """Forget hashes whose time is over."""
    connection.execute(delete(SuppressionRow).where(SuppressionRow.at < at - KEPT))
    connection.execute(delete(ConfirmationRow).where(ConfirmationRow.last_at < at - KEPT))
