"""One source: what is read of it, since when, how it fares, what may be shown of it; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from archive.gaps import Interruption, interruptions
from archive.marks import web_link
from archive.source_page import SourceLine, source_line
from archive.wording import count
from core.names import CATEGORIES
from core.sources import MOST_QUOTED, Rights, Source, SourceState
from core.visits import Visit

GAPS_SHOWN = 20
"""Interruptions listed, the latest."""


@dataclass(frozen=True, slots=True)
class Entry:
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class SourceView:
    line: SourceLine
    family: str
    """Empty for a source that has left the configuration."""
    entries: tuple[Entry, ...]
    """Where its articles are announced, in the order in which they are tried."""
    rhythm: str
    kept: tuple[str, ...]
    """What is read, kept and shown of its texts, one French sentence each."""
    keywords: tuple[str, ...]
    gaps: tuple[Interruption, ...]
    older_gaps: int


def source_view(source: Source, state: SourceState | None, visits: Sequence[Visit], known: bool) -> SourceView:
    """`known`: it is in the configuration."""
    state = state or SourceState(source.slug)
    gaps = interruptions([source], {source.slug: state})
    line = source_line(source, state, visits)
    return SourceView(
        line=line if known else replace(line, health="stopped"),
        family=CATEGORIES[source.category] if known else "",
        entries=_entries(source),
        rhythm=_rhythm(source),
        kept=(_read(source), _shown(source.rights), _kept(source.rights)) if known else (),
        keywords=source.keywords,
        gaps=gaps[:GAPS_SHOWN],
        older_gaps=max(len(gaps) - GAPS_SHOWN, 0),
    )


def departed(slug: str) -> Source:
    """A source of which articles are kept, but which the configuration no longer names."""
    reason = "elle n’est plus dans la configuration de la veille"
    return Source(slug, slug, "presse", "", enabled=False, disabled_reason=reason, rights=Rights(full_text="nobody"))


def _entries(source: Source) -> tuple[Entry, ...]:
    found = [*(("flux", url) for url in source.feeds), *(("plan du site", url) for url in source.sitemaps)]
    found += [("liste d’articles", source.listing.url)] if source.listing else []
    found += [("données ouvertes", source.api.url)] if source.api else []
    found += [("page surveillée", url) for url in (source.pages.urls if source.pages else ())]
    return tuple(Entry(kind, url) for kind, url in found if web_link(url))


def _rhythm(source: Source) -> str:
    if not source.enabled:
        return ""
    if source.every is None:
        return "À son propre rythme, d’une à vingt-quatre heures entre deux lectures."
    hours, days = source.every // timedelta(hours=1), source.every // timedelta(days=1)
    if days >= 2:
        return f"Tous les {days}\u00a0jours."
    return f"Toutes les {count(hours, 'heure', 'heures')}." if hours > 1 else "Toutes les heures."


def _read(source: Source) -> str:
    match source.fetch:
        case "never":
            return "Les pages des articles ne sont pas demandées\u00a0: seul ce que la liste annonce est lu."
        case "excerpt":
            return "Des pages des articles, seul un extrait est lu."
        case _:
            return "Les articles sont lus en entier, pour y chercher le sujet."


def _shown(rights: Rights) -> str:
    if rights.full_text == "public":
        return "Leur texte est montré à tout le monde."
    if rights.excerpt_chars <= 0:
        short = "Rien n’en est montré que le titre et les mots repérés"
    else:
        short = f"Il en est montré {count(min(rights.excerpt_chars, MOST_QUOTED), 'caractère', 'caractères')} au plus"
    whole = "\u00a0; le texte entier, aux membres du groupe" if rights.full_text == "members" else ""
    return f"{short}{whole}."


def _kept(rights: Rights) -> str:
    if rights.keep_days is None:
        return "Leur texte est gardé sans limite de durée."
    return f"Leur texte est gardé {count(rights.keep_days, 'jour', 'jours')}\u00a0; ensuite, la fiche et l’index seuls."
