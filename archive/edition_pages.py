"""Past editions as pages: the ledger's entries, not the mail's HTML; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from archive.marks import Piece, marked, site_of, web_link
from archive.names import Names, TagName
from archive.ports import ArchivePorts
from archive.rights import shown, view_for
from archive.wording import local_bounds, period_title, spaced
from core.editions import Edition, EditionState, Entry
from core.members import Role
from core.parts import parts_of
from core.search import Excerpt

_STATES: Mapping[EditionState, str] = {
    "frozen": "Pas encore envoyée",
    "sending": "Envoi en cours",
    "sent": "",
    "skipped": "Non envoyée\u00a0: ses articles ont été reportés",
    "empty": "Rien à signaler",
}

_SLUG_RE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,59}")


@dataclass(frozen=True, slots=True)
class EditionLine:
    series: str
    key: str
    title: str
    stories: int
    note: str


@dataclass(frozen=True, slots=True)
class EditionYear:
    year: int
    editions: tuple[EditionLine, ...]


@dataclass(frozen=True, slots=True)
class CopyLink:
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Story:
    id: int
    title: str
    source: str
    at: datetime
    dated: bool
    tags: tuple[TagName, ...]
    central: bool
    excerpt: tuple[Piece, ...]
    why: str
    url: str
    host: str
    page: int | None
    truncated: bool
    copies: tuple[CopyLink, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The stories of one section."""

    title: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class EditionPage:
    title: str
    series: str
    key: str
    note: str
    composed_at: datetime
    stories: int
    sources_read: int
    parts: tuple[Part, ...]
    notices: tuple[tuple[str, str], ...]
    versions: tuple[str, ...]
    introduction: tuple[str, ...]
    """Paragraphs of the editors."""


def is_public(edition: Edition) -> bool:
    """Frozen, and of everybody's series: a person's alerts are nobody else's business."""
    return edition.state != "composed" and not edition.period.series.startswith("alert")


def stored_edition(ports: ArchivePorts, series: str, key: str) -> Edition | None:
    """The public edition of that address; None when there is none. It quotes nothing of what is reserved by now."""
    named = _SLUG_RE.fullmatch(series) and _SLUG_RE.fullmatch(key)
    found = ports.editions.find(series, key) if named else None
    if found is None or not is_public(found):
        return None
    reserved = ports.articles.reserved(entry.article_id for entry in found.entries)
    entries = (replace(each, excerpt=Excerpt("")) if each.article_id in reserved else each for each in found.entries)
    return replace(found, entries=tuple(entries))


def editions_page(editions: Iterable[Edition]) -> tuple[EditionYear, ...]:
    public = [edition for edition in editions if is_public(edition)]
    public.sort(key=lambda edition: (edition.period.start, edition.period.series), reverse=True)
    return tuple(
        EditionYear(year, tuple(_line(edition) for edition in group))
        for year, group in groupby(public, key=lambda edition: local_bounds(edition.period)[0].year)
    )


def _line(edition: Edition) -> EditionLine:
    period = edition.period
    note = "" if edition.state == "empty" else _STATES.get(edition.state, "")
    return EditionLine(period.series, period.key, period_title(period), len(edition.entries), note)


def edition_page(edition: Edition, names: Names, role: Role = "visitor") -> EditionPage:
    return EditionPage(
        title=period_title(edition.period),
        series=edition.period.series,
        key=edition.period.key,
        note=_STATES.get(edition.state, "") or ("" if edition.entries else _STATES["empty"]),
        composed_at=edition.composed_at,
        stories=len(edition.entries),
        sources_read=edition.sources_read,
        parts=parts_page(edition.entries, names, role),
        introduction=tuple(spaced(" ".join(block.split())) for block in edition.introduction.split("\n\n") if block),
        notices=tuple((notice.name, spaced(notice.reason.strip().rstrip("."))) for notice in edition.notices),
        versions=edition.rule_versions,
    )


def parts_page(entries: Iterable[Entry], names: Names, role: Role) -> tuple[Part, ...]:
    """Stories under the titles of their parts, as in the mail."""
    groups = parts_of(entries, names.sections)
    return tuple(Part(title, tuple(story_page(entry, names, role) for entry in group)) for title, group in groups)


def story_page(entry: Entry, names: Names, role: Role) -> Story:
    url = web_link(entry.url)
    # An edition keeps the names that its sources had; their rights are those of today.
    excerpt = shown(entry.excerpt, view_for(role, names.sources.get(names.slug(entry.source))))
    return Story(
        id=entry.article_id,
        title=entry.title,
        source=names.source(entry.source),
        at=entry.published or entry.first_seen,
        dated=entry.published is not None,
        tags=names.tags(entry.labels),
        central=entry.central,
        excerpt=marked(excerpt),
        why=spaced(entry.why),
        url=f"{url}#page={entry.page}" if url and entry.page else url,
        host=site_of(url),
        page=entry.page,
        truncated=entry.truncated,
        copies=tuple(CopyLink(names.source(copy.source), web_link(copy.url)) for copy in entry.copies),
    )
