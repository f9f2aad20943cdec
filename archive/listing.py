"""Asks the index, and gives what it found as the references that feeds, exports and the API write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.article_page import ArticlePage, article_page
from archive.asking import Asked, ask
from archive.coverage import covered, watched
from archive.judgements import Told, told
from archive.query import Address
from archive.references import Listing, of_hit, of_page
from archive.search_remarks import search_remarks
from archive.site import Site
from archive.wording import spaced
from core.articles import StoredArticle
from core.corrections import Judged, PastTag
from core.text import one_line


def search_listing(
    site: Site, request: Request, address: Address, limit: int, path: str, counted: bool = True
) -> Listing:
    """One part of what a search finds: `limit` references from `address.page` on; `path` is where the next part is.

    `counted`: False for a feed, which tells neither how many there are nor what follows.
    """
    ports, base, now = site.ports, site.base(request), site.ports.clock.now()
    asked = ask(site, address, limit, counted)
    found = asked.found
    offset = (address.page - 1) * limit
    more = offset + len(found.hits) < found.total and found.hits
    return Listing(
        site=one_line(ports.settings.name),
        title=spaced(one_line(f"{ports.settings.name} : {address.subject}")),
        asked=address.q,
        address=base + replace(address, page=1).href(),
        total=found.total,
        first=offset + 1,
        references=tuple(of_hit(hit, site.names, base) for hit in found.hits),
        coverage=covered(address, asked.query, site.names, ports.runs.states()),
        notes=(*search_remarks(address, asked, site.names), *_added(asked)),
        next=base + replace(address, page=address.page + 1).href(path) if more else "",
        read_at=now,
    )


def _added(asked: Asked) -> tuple[str, ...]:
    return (f"Cherché aussi\u00a0: {', '.join(asked.query.added)}.",) if asked.query.added else ()


def article_listing(site: Site, request: Request, article: StoredArticle, page: ArticlePage) -> Listing:
    """One article, as a list of one."""
    base = site.base(request)
    reference = of_page(article, page, site.names, base)
    sources = [site.names.sources[article.source]] if article.source in site.names.sources else []
    return Listing(
        site=one_line(site.ports.settings.name),
        title=spaced(one_line(f"{site.ports.settings.name} : {article.title}")),
        asked="",
        address=reference.permanent,
        total=1,
        first=1,
        references=(reference,),
        coverage=watched(sources, site.ports.runs.states()) if sources else (),
        notes=(),
        next="",
        read_at=site.ports.clock.now(),
    )


def stored(site: Site, number: str) -> StoredArticle:
    """The article of this number; raises HTTPException 404 when there is none, 410 for one taken down on request."""
    identity = number_of(number)
    found = site.ports.articles.article(identity)
    if found is None:
        raise HTTPException(410 if site.ports.members.removals.find(identity) else 404)
    return found


def number_of(text: str) -> int:
    """A number of an address; raises HTTPException 404 when it is none."""
    # SQLite's and PostgreSQL's integers end before 2**63.
    plain = text.isascii() and text.isdecimal() and len(text) <= 18 and not text.startswith("0")
    if not plain:
        raise HTTPException(404)
    return int(text)


def page_of(site: Site, found: StoredArticle) -> ArticlePage:
    """The page of a stored article for whoever asks, with its copies, its versions and what people say of it."""
    store, corrections = site.ports.articles, site.ports.corrections
    judged = corrections.judged(found.id)
    people = _people(site, judged, corrections.past_tags(found.id)) if judged else Told()
    copies, versions = store.copies(found.id), store.versions(found.id)
    return article_page(found, copies, versions, site.names, people, site.viewer.role)


def brief_of(site: Site, judged: Judged) -> ArticlePage:
    """The same page without copies, versions and former tags, which a line of a list does not show."""
    return article_page(judged.article, (), (), site.names, _people(site, judged), site.viewer.role)


def _people(site: Site, judged: Judged, past: Iterable[PastTag] = ()) -> Told:
    return told(judged, past, site.names, {topic.slug: topic.name for topic in site.ports.topics})
