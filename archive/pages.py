"""Search results and the home page, from records to what the templates show; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.asking import Asked
from archive.coverage import covered
from archive.filter_names import filter_name
from archive.marks import Piece, marked, pieces, site_of, web_link
from archive.names import Names, TagName
from archive.query import PAGE_SIZE, Address, Filter
from archive.rights import shown, view_of
from archive.search_remarks import search_remarks
from core.members import Role
from core.search import Facet, Hit, SearchResult
from core.sources import SourceState

_FACETS = {
    "tag": "Étiquettes",
    "source": "Sources",
    "category": "Familles de sources",
    "actor": "Acteurs",
    "place": "Lieux",
    "month": "Mois",
}
_OPEN_VALUES = 8


@dataclass(frozen=True, slots=True)
class Result:
    """One story found."""

    id: int
    title: tuple[Piece, ...]
    source: str
    at: datetime
    dated: bool
    """False when the source gave no date: `at` is then the day it was first seen."""
    tags: tuple[TagName, ...]
    central: bool
    excerpt: tuple[Piece, ...]
    copies: int
    deleted_at: datetime | None
    url: str
    """To the page of the excerpt, in a PDF."""
    host: str
    page: int | None
    discussed: bool = False
    """Told to editors alone."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes the search."""

    name: str
    href: str
    count: int | None = None
    active: bool = False


@dataclass(frozen=True, slots=True)
class FacetGroup:
    title: str
    slug: str
    values: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Pager:
    previous: str
    next: str
    numbers: tuple[Choice | None, ...]
    """None stands for a gap."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    address: Address
    total: int
    first: int
    last: int
    results: tuple[Result, ...]
    groups: tuple[FacetGroup, ...]
    chips: tuple[Choice, ...]
    notes: tuple[str, ...]
    scopes: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    central: Choice
    pager: Pager | None
    feed: str
    watched: tuple[str, ...]
    advice: tuple[Choice, ...]
    added: tuple[str, ...]
    """Synonyms that were searched too."""
    synonyms: Choice | None
    """The link that leaves them out, or takes them again; None when there are none."""
    bound: int | None
    """When too many articles match: how many were counted and put in order."""


def result(hit: Hit, names: Names, role: Role = "visitor") -> Result:
    link = web_link(hit.url)
    return Result(
        id=hit.article_id,
        title=pieces(hit.title, hit.title_spans),
        source=names.source(hit.source),
        at=hit.published or hit.first_seen,
        dated=hit.published is not None,
        tags=names.tags(hit.tags),
        central=hit.central,
        excerpt=marked(shown(hit.excerpt, view_of(hit, names, role))),
        copies=hit.copies,
        deleted_at=hit.deleted_at,
        url=f"{link}#page={hit.page}" if link and hit.page else link,
        page=hit.page,
        host=site_of(link),
    )


def search_page(
    address: Address,
    asked: Asked,
    names: Names,
    states: Mapping[str, SourceState],
    prefix: str,
    role: Role = "visitor",
) -> SearchPage:
    path = f"{prefix}/recherche"
    query, found = asked.query, asked.found
    names = replace(names, named={(kind, each.value): each.name for kind, some in found.facets for each in some})
    first = query.offset + 1
    return SearchPage(
        address=address,
        total=found.total,
        first=first if found.hits else 0,
        last=query.offset + len(found.hits),
        results=tuple(result(hit, names, role) for hit in found.hits),
        groups=tuple(_group(name, values, address, names, path) for name, values in found.facets if name in _FACETS),
        chips=_chips(address, names, path),
        notes=search_remarks(address, asked, names),
        scopes=_scopes(address, query.everything, path),
        sorts=_sorts(address, query.sort, path) if query.words else (),
        central=_central(address, path),
        pager=_pager(address, found.total, path),
        feed=replace(address, sort=None, page=1).href(f"{prefix}/flux.atom"),
        watched=covered(address, query, names, states),
        advice=_advice(address, names, path) if not found.total else (),
        added=query.added,
        synonyms=_synonyms(address, asked, path),
        bound=found.bound,
    )


def _group(name: str, values: Sequence[Facet], address: Address, names: Names, path: str) -> FacetGroup:
    used = [item for item in address.filters() if item.name == name and not item.excluded]
    spelled = {item.value: names.identity(name, item.value) for item in used}
    active = set(spelled.values())
    counts = {facet.value: facet.count for facet in values}
    counts |= dict.fromkeys(active - counts.keys(), 0)
    order = sorted(counts.items(), key=lambda item: item[0], reverse=True) if name == "month" else list(counts.items())
    choices = [
        Choice(
            filter_name(Filter(name, value), names),
            _toggled(address, name, value, spelled).href(path),
            number,
            value in active,
        )
        for value, number in order
    ]
    choices.sort(key=lambda choice: not choice.active)
    return FacetGroup(_FACETS[name], name, tuple(choices[:_OPEN_VALUES]), tuple(choices[_OPEN_VALUES:]))


def _toggled(address: Address, name: str, value: str, spelled: Mapping[str, str]) -> Address:
    """Narrowed by a value; widened when it is in use, however it was spelled."""
    written = [spelling for spelling, meant in spelled.items() if meant == value]
    if not written:
        return address.with_filter(name, value)
    for spelling in written:
        address = address.without(name, spelling)
    return address


def _chips(address: Address, names: Names, path: str) -> tuple[Choice, ...]:
    unique = {(item.name, item.value, item.excluded): item for item in address.filters()}
    return tuple(Choice(filter_name(item, names), address.without(*key).href(path)) for key, item in unique.items())


def _synonyms(address: Address, asked: Asked, path: str) -> Choice | None:
    if not asked.has_synonyms:
        return None
    if asked.query.added:
        return Choice("Chercher sans eux", replace(address, synonyms=False, page=1).href(path))
    wider = replace(address, synonyms=True, page=1).without("synonyms", "no")
    return Choice("Chercher aussi les synonymes", wider.href(path))


def _scopes(address: Address, everything: bool, path: str) -> tuple[Choice, ...]:
    first = replace(address, page=1)
    matched = replace(first, everything=False).without("tag", "none")
    return (
        Choice("Articles repérés", matched.href(path), active=not everything),
        Choice("Tous les articles", replace(first, everything=True).href(path), active=everything),
    )


def _sorts(address: Address, sort: str, path: str) -> tuple[Choice, ...]:
    return (
        Choice("Pertinence", replace(address, sort=None, page=1).href(path), active=sort == "relevance"),
        Choice("Date", replace(address, sort="date", page=1).href(path), active=sort == "date"),
    )


def _central(address: Address, path: str) -> Choice:
    active = [item for item in address.filters() if (item.name, item.excluded) == ("central", False)]
    changed = address.without("central", active[0].value) if active else address.with_filter("central", "oui")
    return Choice("Sujet principal seulement", changed.href(path), active=bool(active))


def _pager(address: Address, total: int, path: str) -> Pager | None:
    last = (total + PAGE_SIZE - 1) // PAGE_SIZE
    if last < 2:
        return None

    def link(number: int) -> str:
        return replace(address, page=number).href(path)

    wanted = sorted({1, last} | {n for n in range(address.page - 1, address.page + 2) if 1 <= n <= last})
    numbers: list[Choice | None] = []
    for before, number in zip([0, *wanted], wanted, strict=False):
        if number - before > 1:
            numbers.append(None)
        numbers.append(Choice(str(number), link(number), active=number == address.page))
    return Pager(
        previous=link(min(address.page - 1, last)) if address.page > 1 else "",
        next=link(address.page + 1) if address.page < last else "",
        numbers=tuple(numbers),
    )


def _advice(address: Address, names: Names, path: str) -> tuple[Choice, ...]:
    """Other searches that may find something."""
    found = []
    if not address.everything:
        found.append(
            Choice("Chercher dans tous les articles", replace(address, sort=None, everything=True, page=1).href(path))
        )
    if address.without_quotes().q != address.q:
        found.append(Choice("Chercher sans les guillemets", address.without_quotes().href(path)))
    for chip in _chips(address, names, path):
        found.append(Choice(f"Retirer le filtre «\u00a0{chip.name}\u00a0»", chip.href))
    return tuple(found)


def tag_choices(found: SearchResult, names: Names, path: str) -> tuple[Choice, ...]:
    """The labels of what was found, each a search of its own."""
    values = next((values for name, values in found.facets if name == "tag"), ())
    return tuple(
        Choice(names.label(facet.value), Address(f"tag:{facet.value}").href(path), facet.count) for facet in values
    )
