"""The address bar is the query: `?q=…&tri=date&tous=1&page=2` ↔ what is searched, and links that change its filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from core.query import FIELDS, MAX_LENGTH, month, parse
from core.search import SearchQuery, Sort
from core.text import fold, one_line

PAGE_SIZE = 20
LAST_PAGE = 10_000

_SORTS: dict[str, Sort] = {"pertinence": "relevance", "date": "date"}
_FRENCH_SORTS = {sort: name for name, sort in _SORTS.items()}
_SYNONYMS = {
    "categorie": "category",
    "mois": "month",
    "apres": "after",
    "avant": "before",
    "annee": "year",
    "acteur": "actor",
    "lieu": "place",
}
# The same pieces as core.query reads; only those with a field are of interest here.
_PIECE_RE = re.compile(
    r'(?P<minus>-?)(?:(?P<field>[a-zé]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))', re.IGNORECASE
)
_QUOTES = str.maketrans(dict.fromkeys("«»“”„‟", '"'))


@dataclass(frozen=True, slots=True)
class Filter:
    """One `field:value` of a query, with its place in it; `name` is the English one."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Address:
    """What the address bar says; anything that is not understood is the default."""

    q: str = ""
    sort: Sort | None = None
    everything: bool = False
    page: int = 1

    def href(self, path: str = "/recherche") -> str:
        """The address, defaults left out."""
        values = {
            "q": self.q,
            "tri": _FRENCH_SORTS[self.sort] if self.sort else "",
            "tous": "1" if self.everything else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        kept = {name: value for name, value in values.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path

    def search_query(self, limit: int = PAGE_SIZE) -> SearchQuery:
        """What is asked of the index; sorted by date when there is no word to be relevant to."""
        query = parse(self.q)
        return replace(
            query,
            sort=(self.sort or "relevance") if query.groups else "date",
            everything=query.everything or self.everything,
            limit=limit,
            offset=(self.page - 1) * limit,
        )

    def filters(self) -> tuple[Filter, ...]:
        return filters(self.q)

    def with_filter(self, name: str, value: str) -> Address:
        """The same search, narrowed; from its first page."""
        quoted = f'"{value}"' if re.search(r"\s", value) else value
        return replace(self, q=f"{self.q} {name}:{quoted}".strip(), page=1)

    def without(self, name: str, value: str) -> Address:
        """The same search without one filter."""
        q = self.q
        for found in reversed(filters(q)):
            if (found.name, fold(found.value)) == (name, fold(value)):
                q = f"{q[: found.start]} {q[found.end :]}"
        return replace(self, q=" ".join(q.split()), page=1)

    def without_quotes(self) -> Address:
        return replace(self, q=" ".join(self.q.translate(_QUOTES).replace('"', " ").split()), page=1)


def read(parameters: Mapping[str, str]) -> Address:
    """Query-string parameters → address; never raises, whatever they hold (threat A41)."""
    page = parameters.get("page", "1")
    number = int(page) if re.fullmatch(r"[0-9]{1,5}", page) else 1
    return Address(
        # One character more than is read, so that core.query can say that the rest was left aside.
        q=one_line(parameters.get("q", "")[: MAX_LENGTH * 4], MAX_LENGTH * 4)[: MAX_LENGTH + 1],
        sort=_SORTS.get(parameters.get("tri", "")),
        everything=parameters.get("tous", "") == "1",
        page=min(max(number, 1), LAST_PAGE),
    )


def filters(q: str) -> tuple[Filter, ...]:
    """The `field:value` pieces of a query, excluded ones aside."""
    found = []
    for match in _PIECE_RE.finditer(q.translate(_QUOTES)):
        name = fold(match["field"] or "")
        if name in FIELDS and not match["minus"]:
            value = (match["phrase"] if match["phrase"] is not None else match["word"]).strip().lower()
            name = _SYNONYMS.get(name, name)
            value = (month(value) or value) if name == "month" else value
            found.append(Filter(name, value, match.start(), match.end()))
    return tuple(found)
