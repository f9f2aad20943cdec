"""The records that the templates of an edition read: words and safe links, nothing of outside as it came."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as it is shown; `url` is empty when the address must not be a link."""

    number: int
    title: str
    url: str
    source: str
    mark: str
    date: str
    reserved: bool
    quote: tuple[Part, ...]
    why: str
    page: int | None
    page_url: str
    copies: tuple[Link, ...]
    more_copies: int
    terms: tuple[str, ...]
    """Acronyms met here for the first time, in full."""
    off_topic: str
    """Where to say that it has nothing to do here; empty without a public address."""


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Sources that could not be read for one same reason."""

    names: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the two edition templates read."""

    name: str
    period: str
    counts: str
    order: str
    introduction: tuple[str, ...]
    """Paragraphs of the editors."""
    preheader: str
    groups: tuple[Group, ...]
    more: str
    online: str
    troubles_title: str
    troubles: tuple[Trouble, ...]
    more_troubles: str
    sources: str
    contact: str
    correct: str
    definition: str
    topic_url: str
