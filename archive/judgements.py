"""What visitors are told of people's word on an article, and of the tags that it no longer has; never who said it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from archive.names import Names
from core.corrections import Judged, PastTag, State, rulings
from core.names import CAUSES


@dataclass(frozen=True, slots=True)
class Word:
    """What people's opinions come to, for one topic."""

    state: State
    at: datetime | None
    topic: str
    """Its name, when several topics were judged; else empty."""


@dataclass(frozen=True, slots=True)
class FormerTag:
    name: str
    central: bool
    until: datetime
    cause: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    words: tuple[Word, ...] = ()
    former: tuple[FormerTag, ...] = ()
    off_topic: bool = False
    """True when people took away every label that the rules gave."""


def told(judged: Judged, past: Iterable[PastTag], names: Names, topics: Mapping[str, str]) -> Told:
    """`topics`: slug → name."""
    found = rulings(judged.opinions)
    several = len(found) > 1
    words = tuple(
        Word(ruling.state, ruling.at, topics.get(slug, slug) if several else "") for slug, ruling in found.items()
    )
    former = tuple(
        FormerTag(names.label(tag.label), tag.central, tag.ended_at, CAUSES[tag.cause], tag.rule_versions)
        for tag in past
    )
    return Told(words, former, bool(found) and bool(judged.machine) and not judged.article.tags)
