"""Remarks on an answer: filters that can find nothing, articles that were too many to be counted; pure."""

from __future__ import annotations

from collections.abc import Iterable

from archive.asking import Asked
from archive.names import Names
from archive.query import Address
from archive.wording import number, spaced
from core.names import CATEGORIES
from core.search import SearchResult

_TOLD = 5


def search_remarks(address: Address, asked: Asked, names: Names) -> tuple[str, ...]:
    """French sentences for the reader, first on what was not understood; none when there is nothing to say."""
    found = asked.found
    lines = (*asked.query.notes, *_bounded(found), *_unknown(address, found, names))
    return tuple(spaced(line) for line in lines)


def _bounded(found: SearchResult) -> Iterable[str]:
    if found.bound:
        yield (
            "Beaucoup d'articles répondent : l'ordre et les nombres portent sur les "
            f"{number(found.bound)} plus récents. "
            "Une période (avant:2025, annee:2024) ou un mot de plus montre les autres."
        )


def _unknown(address: Address, found: SearchResult, names: Names) -> Iterable[str]:
    """Filters that can find nothing, because nothing has that name."""
    counted = {name: {facet.value for facet in values} for name, values in found.facets}
    known: dict[str, tuple[Iterable[str], str]] = {
        "tag": (("none", *names.labels), f"aucune étiquette de ce nom. Il y a {', '.join(names.labels)}"),
        "source": (names.sources, "aucune source de ce nom. Les noms courts sont sur la page Sources"),
        "category": (CATEGORIES, f"aucune famille de ce nom. Il y a {', '.join(CATEGORIES)}"),
    }
    for name, (values, told) in known.items():
        asked = {names.identity(item.name, item.value): item.value for item in address.filters() if item.name == name}
        strange = [written for value, written in asked.items() if value not in {*values, *counted.get(name, ())}]
        if strange:
            named = ", ".join(f"« {value} »" for value in strange[:_TOLD]) + ("…" if len(strange) > _TOLD else "")
            yield f"{named} : {told}."
