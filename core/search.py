"""A parsed query and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.tree import ANYTHING, Expression, Word, wanted

Sort = Literal["relevance", "date"]


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A parsed query."""

    text: str = ""
    expression: Expression = ANYTHING
    everything: bool = False
    """Unmatched stories too."""
    synonyms: bool = True
    """False when the query asks for its own words alone."""
    added: tuple[str, ...] = ()
    """Synonyms that are searched too (`core/synonyms.py`)."""
    sort: Sort = "relevance"
    limit: int = 20
    offset: int = 0
    counted: bool = True
    """False when neither the total nor the facets are wanted, as for a feed: by date, that is much quicker."""
    notes: tuple[str, ...] = ()
    """French remarks on what was not understood; never an error."""

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that are asked for, in order; those that are excluded aside."""
        return tuple(leaf for leaf in wanted(self.expression) if isinstance(leaf, Word))


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
    deleted_at: datetime | None = None
    """When its page was found to be gone."""
    author: str = ""
    language: str = ""
    media_type: str = "html"
    reserved: bool = False
    page: int | None = None
    """Of a PDF, where its excerpt is."""

    @property
    def deleted(self) -> bool:
        return self.deleted_at is not None


@dataclass(frozen=True, slots=True)
class Facet:
    value: str
    count: int
    name: str = ""
    """As readers see it, when the configuration does not say: of an actor or a place."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    total: int
    """Stories among the articles looked at; those of the page alone when they were not to be counted."""
    hits: tuple[Hit, ...]
    facets: tuple[tuple[str, tuple[Facet, ...]], ...] = ()
    """(name, values with counts) for tag, source, category, actor, place, month; a filter in use leaves its own values
    counted."""
    bound: int | None = None
    """When too many articles match: how many were counted and put in order, the newest ones. None when all were."""
