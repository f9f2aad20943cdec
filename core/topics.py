"""What readers are told of a topic: its labels, and its sections in an edition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """How readers are told of a label: `cis` → « Contrats à impact social »."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an edition: the central stories of a topic that carry one of some labels.

    `about` follows a number in the line of counts, as in "3 sur les contrats à impact social".
    """

    topic: str
    labels: tuple[str, ...]
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Acronym:
    """A short form that readers may not know: CIS, « contrat à impact social »."""

    short: str
    long: str


@dataclass(frozen=True, slots=True)
class Description:
    """A topic as readers are told of it; every label is in one section."""

    labels: tuple[Label, ...]
    sections: tuple[Section, ...]
    text: str
    """Its definition, in Markdown."""
    acronyms: tuple[Acronym, ...] = ()


def section_of(sections: Sequence[Section], topic: str, labels: Iterable[str]) -> Section | None:
    """The first section of a story's topic that takes one of its labels; of any topic, when the story names none (it
    was frozen before entries kept theirs)."""
    carried = set(labels)
    return next((s for s in sections if topic in ("", s.topic) and carried & set(s.labels)), None)
