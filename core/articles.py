"""What is read out of a page, why it matters, and how it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.facts import Fact


@dataclass(frozen=True, slots=True)
class Article:
    """What extraction found in one fetched page."""

    page_id: int
    source: str
    url: str
    """Canonical URL, shown to readers."""
    key: str
    """Identity: `core.urls.article_key(url)`."""
    title: str
    text: str
    fetched_at: datetime
    author: str = ""
    published: datetime | None = None
    date_origin: str = ""
    """Where the date was found: feed, meta, json-ld, prose, url, listing, header, visit; empty when undated."""
    date_has_time: bool = False
    language: str = ""
    page_offsets: tuple[int, ...] = ()
    """Start of every page in `text`, for a PDF; page n begins at page_offsets[n - 1]."""
    truncated: bool = False
    """True when the page itself says that the rest is for subscribers."""
    media_type: Literal["html", "pdf", "row", "feed"] = "html"
    reserved: bool = False
    """True when its publisher reserves text and data mining: `text` is the beginning of its announcement."""
    is_part: bool = False
    """True for an addition to a watched page, whose own text is still to be stored."""


@dataclass(frozen=True, slots=True)
class Match:
    """A card: why an article is tagged, with its proof (product decision 6)."""

    topic: str
    rule: str
    rule_version: str
    concept: str
    label: str
    """One of those of the topic, as `cis`; empty for a supporting concept."""
    field: Literal["title", "text"]
    form: str
    start: int
    end: int
    sentence: str
    sentence_start: int
    score: float
    threshold: float
    accepted: bool
    page: int | None = None
    confirmed_by: tuple[str, ...] = ()
    refuted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """A label given to an article for a topic; `central` when the article is mainly about it."""

    topic: str
    label: str
    central: bool
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that a classifier says of one article."""

    tags: tuple[Tag, ...] = ()
    matches: tuple[Match, ...] = ()
    """Accepted and refuted cards alike."""
    facts: tuple[Fact, ...] = ()
    """Empty for an article without a tag."""


@dataclass(frozen=True, slots=True)
class Signature:
    """MinHash of a text's shingles: 128 values of 32 bits; empty when the text is too short to compare."""

    values: tuple[int, ...] = ()
    exact: bool = False
    """True for a short dispatch, whose values are those of its hash: alike to the same words alone. Not stored."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A stored article that shares a signature band with another."""

    article_id: int
    story_id: int
    signature: Signature
    source: str


Outcome = Literal["new", "changed", "same", "removed"]
"""`removed`: taken down on request, and left out."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store did with an article."""

    article_id: int
    story_id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the archive shows it."""

    id: int
    story_id: int
    source: str
    url: str
    title: str
    text: str
    author: str
    language: str
    published: datetime | None
    date_has_time: bool
    date_origin: str
    first_seen: datetime
    backfilled: bool
    deleted_at: datetime | None
    truncated: bool
    media_type: str
    version: int
    page_offsets: tuple[int, ...]
    tags: tuple[Tag, ...]
    matches: tuple[Match, ...]
    reserved: bool = False
    facts: tuple[Fact, ...] = ()

    @property
    def day(self) -> datetime:
        """The date that readers see: published, else first seen."""
        return self.published or self.first_seen


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    number: int
    title: str
    text: str
    seen_at: datetime
