"""The names that readers are shown for slugs, from the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.ports import ArchivePorts
from core.names import CATEGORIES
from core.sources import Source
from core.text import fold


@dataclass(frozen=True, slots=True)
class TagName:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Names:
    sources: Mapping[str, Source]
    labels: Mapping[str, str]

    def source(self, slug: str) -> str:
        """The source's name; the slug of one that has left the configuration."""
        return self.sources[slug].name if slug in self.sources else slug

    def slug(self, source: str) -> str:
        """The slug of a source that is named by its slug or its name; the value itself when there is none."""
        named = (slug for slug, known in self.sources.items() if fold(source) in (fold(slug), fold(known.name)))
        return next(named, source)

    def category(self, slug: str) -> str:
        return next((name for key, name in CATEGORIES.items() if key == slug), slug)

    def category_of(self, source: str) -> str:
        return CATEGORIES[self.sources[source].category] if source in self.sources else ""

    def label(self, slug: str) -> str:
        return "Sans étiquette" if slug == "none" else self.labels.get(slug, slug)

    def tags(self, slugs: Iterable[str]) -> tuple[TagName, ...]:
        return tuple(TagName(slug, self.label(slug)) for slug in slugs if slug)


def names_of(ports: ArchivePorts) -> Names:
    return Names(
        {source.slug: source for source in ports.sources},
        {label.slug: label.name for label in ports.settings.labels},
    )
