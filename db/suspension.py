"""Persons who are written to no more because their mailbox refuses, until they or the group say that it works again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, select

from db import dialect
from db.ledger import SubscriberRow, SuspensionRow


def suspended(subscriber_id: Any) -> ColumnElement[bool]:
    """The condition that a recipient's mailbox refuses."""
    return exists().where(SuspensionRow.subscriber_id == subscriber_id)


def suspend(connection: Connection, number: int, at: datetime, code: str) -> None:
    line = {"subscriber_id": number, "since": at, "code": code}
    connection.execute(dialect.insert_missing(SuspensionRow), line)


def lift(connection: Connection, theirs: ColumnElement[bool]) -> bool:
    """Write again to those whom a condition on `SubscriberRow` names; True when somebody was suspended."""
    numbers = select(SubscriberRow.id).where(theirs)
    lifted = delete(SuspensionRow).where(SuspensionRow.subscriber_id.in_(numbers))
    return connection.execute(lifted).rowcount > 0


def suspended_on(connection: Connection, address_key: str) -> datetime | None:
    """Since when an address is suspended."""
    mine = SubscriberRow.id == SuspensionRow.subscriber_id, SubscriberRow.address_key == address_key
    return connection.execute(select(SuspensionRow.since).where(*mine)).scalar()
