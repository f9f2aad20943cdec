"""Tables of the archive, without behaviour; those of editions and people are in `db/ledger.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.columns import PlainText, UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_PENDING, _MATCHED = text("state = 'pending'"), text("labels <> ''")
"""Conditions of partial indexes, the same on both databases."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        str: PlainText(),
        bytes: LargeBinary(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class MetaRow(Base):
    """What the database says of itself: the salt of suppressed addresses, the print of the French analysis."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class FetchStateRow(Base):
    """What is known of one URL asked; `url` as asked, `key` its identity for an article."""

    __tablename__ = "fetch_state"
    __table_args__ = (Index("ix_fetch_state_source_kind_visits", "source", "kind", "visits"),)
    url: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    source: Mapped[str]
    kind: Mapped[str]
    etag: Mapped[str] = mapped_column(default="")
    last_modified: Mapped[str] = mapped_column(default="")
    body_hash: Mapped[str] = mapped_column(default="", index=True)
    """Empty while nothing was ever read there."""
    status: Mapped[int] = mapped_column(default=0)
    first_seen: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    visits: Mapped[int] = mapped_column(default=0)
    """How many of the revisit ages are behind it."""
    gone: Mapped[int] = mapped_column(default=0)
    """404 or 410 answers in a row."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Runs in a row in which it could not be read."""
    attempted_in: Mapped[str] = mapped_column(default="")
    """The last of these runs."""
    given_up: Mapped[bool] = mapped_column(default=False)


class PageRow(Base):
    """A raw page: its body is the file `raw/ab/<body_hash>.gz`."""

    __tablename__ = "page"
    __table_args__ = (
        Index(
            "ix_page_pending", "id", sqlite_where=text("state = 'pending'"), postgresql_where=text("state = 'pending'")
        ),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str] = mapped_column(index=True)
    final_url: Mapped[str]
    status: Mapped[int]
    headers: Mapped[list[Any]]
    hint: Mapped[dict[str, Any]]
    body_hash: Mapped[str] = mapped_column(index=True)
    fetched_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="pending")
    """pending, done or failed."""
    article_id: Mapped[int | None] = mapped_column(index=True)
    """The article made of it; not a foreign key, for pages are purged and articles forgotten on their own."""
    backfill: Mapped[bool] = mapped_column(default=False)
    """Asked for the history of its source: its article is searchable and never mailed."""


class RunRow(Base):
    __tablename__ = "run"
    id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]


class FailureRow(Base):
    __tablename__ = "failure"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str | None] = mapped_column(index=True)
    source: Mapped[str]
    url: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str]
    entry: Mapped[bool]
    at: Mapped[datetime]
    page_id: Mapped[int | None]


class SourceStateRow(Base):
    __tablename__ = "source_state"
    slug: Mapped[str] = mapped_column(primary_key=True)
    first_run_at: Mapped[datetime | None]
    last_attempt: Mapped[datetime | None]
    last_success: Mapped[datetime | None]
    last_new: Mapped[datetime | None]
    entry_used: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    last_error_kind: Mapped[str] = mapped_column(default="")
    last_error_reason: Mapped[str] = mapped_column(default="")
    next_due: Mapped[datetime | None]
    condition: Mapped[str] = mapped_column(default="")
    condition_since: Mapped[datetime | None]
    condition_reason: Mapped[str] = mapped_column(default="")
    penalty: Mapped[float] = mapped_column(default=0.0)
    moved_from: Mapped[str] = mapped_column(default="")
    moved_to: Mapped[str] = mapped_column(default="")
    moved_since: Mapped[datetime | None]
    moved_times: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[datetime | None]
    stopped_entry: Mapped[str] = mapped_column(default="")
    mining: Mapped[str] = mapped_column(default="")


class StoryRow(Base):
    """Articles that tell the same text; a story merged away points to the one that took its articles."""

    __tablename__ = "story"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("story.id"), index=True)


class ArticleRow(Base):
    """What is searched, filtered and counted; texts are in `version`, so that this table stays narrow."""

    __tablename__ = "article"
    __table_args__ = (
        Index(
            "ix_article_matched_day", "day", sqlite_where=text("labels <> ''"), postgresql_where=text("labels <> ''")
        ),
        Index("ix_article_source_day", "source", "day"),
        Index("ix_article_story_day", "story_id", "day"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    """Also the rowid of its line in the full-text index."""
    key: Mapped[str] = mapped_column(unique=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    source: Mapped[str]
    day: Mapped[datetime] = mapped_column(index=True)
    """Published, else first seen; a date in the future counts as first seen (threat A30)."""
    month: Mapped[str]
    """Of `day`, in Europe/Paris: 2026-11."""
    language: Mapped[str]
    labels: Mapped[str]
    """Its labels between spaces, as ` cis iis `; empty when nothing matched."""
    central: Mapped[bool]
    machine_tags: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the rules say, once people have judged its story (`db/verdicts.py`); nothing while nobody has."""
    backfilled: Mapped[bool]
    truncated: Mapped[bool]
    reserved: Mapped[bool] = mapped_column(default=False)
    """Its publisher reserves text and data mining (CPI L122-5-3): title and link alone are kept."""
    date_has_time: Mapped[bool]
    version: Mapped[int]
    first_seen: Mapped[datetime] = mapped_column(index=True)
    published: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    date_origin: Mapped[str]
    media_type: Mapped[str]
    page_id: Mapped[int]
    """The raw page of its last version."""
    url: Mapped[str]
    title: Mapped[str]
    author: Mapped[str]


class VersionRow(Base):
    """Every text that an article has had."""

    __tablename__ = "version"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    text_hash: Mapped[str]
    """SHA-256 of the text, spaces folded; it outlives a purged text."""
    page_offsets: Mapped[list[Any]]
    seen_at: Mapped[datetime]
    page_id: Mapped[int]


class SignatureRow(Base):
    __tablename__ = "signature"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes]
    """MinHash values, 32 bits each, little-endian."""


class BandRow(Base):
    """One line per band of a signature: `value` is a 64-bit hash of the band's number and of its four values.

    No foreign key: nothing indexes `article_id`; lines are removed by the values of the stored signature.
    """

    __tablename__ = "band"
    __table_args__ = ({"sqlite_with_rowid": False},)
    value: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class TagRow(Base):
    __tablename__ = "tag"
    __table_args__ = (Index("ix_tag_label_article_id", "label", "article_id"),)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    central: Mapped[bool]
    score: Mapped[float]


class CardRow(Base):
    """A match card (`core.articles.Match`), accepted or refuted."""

    __tablename__ = "card"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]
    rule: Mapped[str]
    rule_version: Mapped[str]
    concept: Mapped[str]
    label: Mapped[str]
    field: Mapped[str]
    form: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    sentence: Mapped[str]
    sentence_start: Mapped[int]
    score: Mapped[float]
    threshold: Mapped[float]
    accepted: Mapped[bool]
    page: Mapped[int | None]
    confirmed_by: Mapped[list[Any]]
    refuted_by: Mapped[list[Any]]
