"""Tables of editions, mails and people, without behaviour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models import Base


class EditionRow(Base):
    """A frozen edition: what it holds is written once in `content` and `body`."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("series", "key"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str]
    key: Mapped[str]
    start: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[datetime]
    composed_at: Mapped[datetime]
    state: Mapped[str]
    content: Mapped[str]
    """The `core.editions.Edition`, as JSON."""
    body: Mapped[dict[str, Any]]


class EditionStoryRow(Base):
    """A story is told once in a series; a story that takes another's articles inherits its lines."""

    __tablename__ = "edition_story"
    series: Mapped[str] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True, index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)


class DraftRow(Base):
    """What editors prepared of an edition (`core.drafts.Draft`)."""

    __tablename__ = "edition_draft"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(index=True)
    key: Mapped[str]
    introduction: Mapped[str]
    stories: Mapped[list[Any]]
    """Their numbers, in order."""
    pinned: Mapped[list[Any]]
    dropped: Mapped[list[Any]]
    revision: Mapped[int]
    used_by: Mapped[str]
    """The key of the edition that took it; empty while it is open."""


class SubscriberRow(Base):
    """A recipient; one who left keeps its number and the hash of its token, nothing else."""

    __tablename__ = "subscriber"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str | None]
    address_key: Mapped[str | None] = mapped_column(unique=True)
    """The address in lower case: two that differ by case only are one."""
    kind: Mapped[str]
    token: Mapped[str | None]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    since: Mapped[datetime]
    left_at: Mapped[datetime | None]
    unsubscribe: Mapped[str]
    sender: Mapped[str]
    frequency: Mapped[str] = mapped_column(default="weekly")
    mail_format: Mapped[str] = mapped_column(default="html")
    quiet: Mapped[bool] = mapped_column(default=False)
    topics: Mapped[list[str]] = mapped_column(JSON(), default=list)
    paused_until: Mapped[datetime | None]
    consented_at: Mapped[datetime | None]
    consent: Mapped[str] = mapped_column(default="")
    reminded_at: Mapped[datetime | None]
    """When their own link was last sent to them."""


class RequestRow(Base):
    """A subscription that was asked for; gone once confirmed, or a week later."""

    __tablename__ = "subscription_request"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    address_key: Mapped[str] = mapped_column(index=True)
    topics: Mapped[list[str]] = mapped_column(JSON())
    consent: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ConfirmationRow(Base):
    """How many confirmations an address was sent without an answer; it is known by its salted hash alone."""

    __tablename__ = "confirmation"
    address_hash: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]
    last_at: Mapped[datetime]


class SuppressionRow(Base):
    """An address whose owner left, known by its salted hash alone."""

    __tablename__ = "suppression"
    address_hash: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class OutboxRecord(Base):
    """One mail of one edition to one recipient; committed before and after its SMTP transaction."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("edition_id", "subscriber_id"),
        UniqueConstraint("edition_id", "alert_id"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    subscriber_id: Mapped[int | None] = mapped_column(ForeignKey("subscriber.id"), index=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("saved_search.id"), index=True)
    """In the place of a subscriber, the alert whose member is written to."""
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(default="")
    message_id: Mapped[str] = mapped_column(default="")
    first_at: Mapped[datetime | None]
    """The first attempt: temporary refusals end five days after it."""
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ReturnedRow(Base):
    """A mail that came back, or was refused, and what was done about it; the same one is acted upon once."""

    __tablename__ = "returned"
    digest: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    effect: Mapped[str]
    code: Mapped[str]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    subscriber_id: Mapped[int | None] = mapped_column(ForeignKey("subscriber.id"), index=True)


class SuspensionRow(Base):
    """A person who is written to no more, because their mailbox refuses."""

    __tablename__ = "suspension"
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), primary_key=True)
    since: Mapped[datetime]
    code: Mapped[str]
