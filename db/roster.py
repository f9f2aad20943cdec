"""Tables of members, of what they may and did, and of what was taken down; without behaviour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.models import Base


class MemberRow(Base):
    """A member; one who left keeps a number, a role and two dates."""

    __tablename__ = "member"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str | None]
    address_key: Mapped[str | None] = mapped_column(unique=True)
    """The address in lower case: two that differ by case only are one."""
    name: Mapped[str]
    role: Mapped[str]
    since: Mapped[datetime]
    left_at: Mapped[datetime | None]


class SignInRow(Base):
    """A link that was asked for; the token is in the mail alone."""

    __tablename__ = "sign_in"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    next_path: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SessionRow(Base):
    """A device that is signed in; the token is in its cookie alone."""

    __tablename__ = "session"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    device: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AuditRow(Base):
    """Who changed what; lines are only added, and hold no address and no name."""

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ProposalRow(Base):
    __tablename__ = "proposal"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    key: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    outcome: Mapped[str]
    article_id: Mapped[int | None]
    """Not a foreign key, for articles are forgotten on their own."""


class ReadingRow(Base):
    """An article that a member keeps to read; leaves with either of them."""

    __tablename__ = "reading"
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True)
    note: Mapped[str]
    at: Mapped[datetime]
    keywords: Mapped[list[Any]] = mapped_column(default=list)
    shared: Mapped[bool] = mapped_column(default=False)
    """Whether the group may read the note and the keywords; otherwise they are for that member alone."""


class SavedSearchRow(Base):
    """A search that a member keeps; its number is never given again, for it names the series of its alert."""

    __tablename__ = "saved_search"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    name: Mapped[str]
    query: Mapped[str]
    everything: Mapped[bool]
    synonyms: Mapped[bool]
    frequency: Mapped[str]
    made_at: Mapped[datetime]
    alert_since: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    token: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)


class RemovalRow(Base):
    """An article taken down on request: its number, for its page, and its identity, so that it never comes back."""

    __tablename__ = "removal"
    key: Mapped[str] = mapped_column(primary_key=True)
    """`core.urls.article_key`: a hash, from which no address can be read."""
    article_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime]
    reason: Mapped[str]
