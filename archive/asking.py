"""Asks the index what an address bar says, synonyms included: for pages, feeds, files and the API alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.query import PAGE_SIZE, Address
from archive.site import Site
from core.search import SearchQuery, SearchResult
from core.synonyms import widened


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the index, and its answer."""

    query: SearchQuery
    found: SearchResult
    has_synonyms: bool
    """True when the words have synonyms, searched or not."""


def ask(site: Site, address: Address, limit: int = PAGE_SIZE, counted: bool = True) -> Asked:
    """`counted`: False when neither the total nor the facets are wanted (`core.search.SearchQuery`)."""
    ports, synonyms = site.ports, site.ports.settings.synonyms
    query = replace(address.search_query(limit, synonyms), counted=counted)
    found = ports.index.search(query, ports.clock.now())
    # What was widened already has told its synonyms; only what refuses them is asked for those it would have.
    told = query if query.synonyms else widened(replace(query, synonyms=True), synonyms)
    return Asked(query, found, bool(told.added))
