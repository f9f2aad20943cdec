"""The names that readers are shown for slugs, from the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from archive.ports import ArchivePorts
from core.names import CATEGORIES, family_name
from core.sources import Source, source_name
from core.text import fold
from core.topics import Section


@dataclass(frozen=True, slots=True)
class TagName:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Names:
    sources: Mapping[str, Source]
    labels: Mapping[str, str]
    sections: tuple[Section, ...] = ()
    named: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(actor or place, its id) → its name, of those that a search found."""

    def told(self, kind: str, value: str) -> str:
        """The name of a value of the filters tag, source, category, actor and place."""
        match kind:
            case "tag":
                return self.label(value)
            case "source":
                return self.source(self.slug(value))
            case "category":
                return self.category(value)
        identity = self.identity(kind, value)
        return self.named.get((kind, identity), identity)

    def identity(self, kind: str, value: str) -> str:
        """The id of a source, actor or place that is given by its id or its name; else the value itself."""
        if kind == "source":
            return self.slug(value)
        known = (each for (of, each), name in self.named.items() if of == kind and fold(name) == fold(value))
        return next(known, value)

    def source(self, slug: str) -> str:
        """The source's name; the slug of one that has left the configuration."""
        return source_name(slug, self.sources)

    def slug(self, source: str) -> str:
        """The slug of a source that is named by its slug or its name; the value itself when there is none."""
        if source in self.sources:
            return source
        named = (slug for slug, known in self.sources.items() if fold(source) in (fold(slug), fold(known.name)))
        return next(named, source)

    def category(self, slug: str) -> str:
        return family_name(slug) or slug

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
        ports.settings.sections,
    )
