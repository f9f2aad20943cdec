"""Tables of what was done, visit by visit: the history from which the health of a source is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from db.models import Base


class VisitRow(Base):
    """What one visit of a source showed."""

    __tablename__ = "visit"
    __table_args__ = (Index("ix_visit_source_at", "source", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime]
    read: Mapped[bool]
    kind: Mapped[str]
    """Of the entry point that answered; empty when none did."""
    entry: Mapped[str]
    announced: Mapped[int]
    dated: Mapped[int]
    """Of the announced articles, those that came with a date."""
    new: Mapped[int]
    matched: Mapped[int]
    text_length: Mapped[int | None]
    """Characters, median of the new articles; none without new articles."""
    language: Mapped[str]
    """The usual one of the new articles."""
    failure_kind: Mapped[str]
    failure_reason: Mapped[str]


class BackfillRow(Base):
    """The history of a source asked back to a day, and how far that is."""

    __tablename__ = "backfill"
    source: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    cursor: Mapped[dict[str, Any]]
