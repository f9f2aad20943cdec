"""Tables of what people say of articles, and of the tags that articles have had."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.models import Base


class CorrectionRow(Base):
    """An opinion (`core.corrections.Correction`); never changed."""

    __tablename__ = "correction"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    text_hash: Mapped[str]
    topic: Mapped[str]
    opinion: Mapped[str]
    labels: Mapped[list[Any]]
    central: Mapped[bool | None]
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class PastTagRow(Base):
    """A tag that was replaced (`core.corrections.PastTag`)."""

    __tablename__ = "tag_history"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    topic: Mapped[str]
    label: Mapped[str]
    central: Mapped[bool]
    score: Mapped[float]
    rule_versions: Mapped[list[Any]]
    ended_at: Mapped[datetime]
    cause: Mapped[str]


class ReportRow(Base):
    """An article that readers say has nothing to do here (`core.reports.Report`)."""

    __tablename__ = "report"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    times: Mapped[int]
    at: Mapped[datetime]
