"""The page of one source."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.pages import result
from archive.query import Address
from archive.site import Site
from archive.source_view import departed, source_view
from archive.timeline import timeline
from core.search import SearchQuery
from core.tree import Filter

LATEST = 8
VISITS = 20
_SLUG_RE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}")


def source_of(site: Site, request: Request) -> Response:
    """Raises HTTPException 404 for a source that neither the configuration nor an article names."""
    ports, slug, now = site.ports, request.path_params["slug"], site.ports.clock.now()
    states = ports.runs.states(counted=True)
    known = slug in site.names.sources
    if not known and not (_SLUG_RE.fullmatch(slug) and slug in states and states[slug].articles):
        raise HTTPException(404)
    source = site.names.sources[slug] if known else departed(slug)
    view = source_view(source, states.get(slug), ports.runs.latest_visits(VISITS).get(slug, ()), known)
    matched = SearchQuery(expression=Filter("source", (slug,)))
    counted = timeline(ports.index.monthly(matched), matched, site.names, [source], states, now)
    every = Address(f"source:{slug}", "date", everything=True)
    found = ports.index.search(every.search_query(limit=LATEST), now)
    return site.page(
        "source.html",
        section="sources",
        page=view,
        counted=counted,
        results=[result(hit, site.names, site.viewer.role) for hit in found.hits],
        every=every.href(f"{site.prefix}/recherche"),
        matched=Address(f"source:{slug}").href(f"{site.prefix}/recherche"),
        over_time=Address(f"source:{slug}").href(f"{site.prefix}/statistiques"),
        now=now,
    )
