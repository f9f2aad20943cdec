"""A parsed query and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Sort = Literal["relevance", "date"]


@dataclass(frozen=True, slots=True)
class Word:
    """One searched word or quoted phrase; `stems` is its French analysis, in order."""

    text: str
    stems: tuple[str, ...]
    exact: bool = False
    """True for "…": the folded text itself must be present, word for word."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A parsed query: every group must match (AND), in a group any word does (OR), no excluded word may.

    Filters hold plain values; several values of one filter are alternatives.
    """

    text: str = ""
    groups: tuple[tuple[Word, ...], ...] = ()
    excluded: tuple[Word, ...] = ()
    tags: tuple[str, ...] = ()
    """Labels; the word `none` stands for "no label"."""
    sources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """Ids or names of what a fact names."""
    after: datetime | None = None
    before: datetime | None = None
    """Exclusive upper bound."""
    months: tuple[str, ...] = ()
    """`2026-11`, in Europe/Paris."""
    central: bool | None = None
    everything: bool = False
    """Unmatched stories too."""
    sort: Sort = "relevance"
    limit: int = 20
    offset: int = 0
    notes: tuple[str, ...] = ()
    """French remarks on what was not understood; never an error."""


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open offsets of a word to show in bold."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One story found, shown by its first article."""

    article_id: int
    story_id: int
    url: str
    title: str
    source: str
    published: datetime | None
    first_seen: datetime
    tags: tuple[str, ...]
    central: bool
    excerpt: Excerpt
    title_spans: tuple[Span, ...]
    score: float
    copies: int
    deleted: bool = False
    author: str = ""
    language: str = ""
    media_type: str = "html"
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    value: str
    count: int
    name: str = ""
    """As readers see it, when the configuration does not say: of an actor or a place."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[tuple[str, tuple[Facet, ...]], ...] = ()
    """(name, values with counts) for tag, source, category, actor, place, month; a filter in use leaves its own values
    counted."""
