"""Feeds and files of any search, and references of one article: their routes and the links to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from archive.api_models import json_file
from archive.export_bibtex import bibtex
from archive.export_csl import csl_json
from archive.export_csv import csv_file
from archive.export_ods import MEDIA_TYPE as ODS
from archive.export_ods import ods_file
from archive.export_ris import ris
from archive.feeds import FEED_LENGTH, MEDIA_TYPES, FeedKind, feed
from archive.listing import article_listing, page_of, search_listing, stored
from archive.query import Address, read
from archive.references import Listing
from archive.site import Site
from archive.wording import isoday
from core.text import fold

EXPORT_LENGTH = 1_000
"""Articles in one file; the next ones are at `page=2`."""


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    """As readers are told of it."""
    use: str
    media_type: str
    extension: str
    write: Callable[[Listing], bytes]


_CITATIONS = (
    Format("BibTeX", "LaTeX, JabRef", "application/x-bibtex; charset=utf-8", "bib", bibtex),
    Format("RIS", "Zotero, EndNote", "application/x-research-info-systems; charset=utf-8", "ris", ris),
    Format("CSL-JSON", "Pandoc, citeproc", "application/vnd.citationstyles.csl+json", "csl.json", csl_json),
)
_FILES = (
    Format("ODS", "LibreOffice, Excel", ODS, "ods", ods_file),
    Format("CSV", "tout tableur", "text/csv; charset=utf-8; header=present", "csv", csv_file),
    Format("JSON", "pour un programme", "application/json", "json", json_file),
    *_CITATIONS,
)
Answer = Callable[[Site, Request], Response]


def export_pages() -> dict[str, Answer]:
    """Routes by path."""
    feeds: dict[str, Answer] = {f"/flux.{kind}": partial(feed_of_search, kind) for kind in MEDIA_TYPES}
    files: dict[str, Answer] = {f"/recherche.{one.extension}": partial(file_of_search, one) for one in _FILES}
    cited: dict[str, Answer] = {
        f"/article/{{number}}/citation.{one.extension}": partial(file_of_article, one) for one in _CITATIONS
    }
    return feeds | files | cited


@dataclass(frozen=True, slots=True)
class ExportLink:
    name: str
    use: str
    href: str


def search_links(address: Address, prefix: str) -> tuple[ExportLink, ...]:
    """The whole search in every format, from its first page."""
    whole = replace(address, page=1)
    followed = replace(whole, sort=None)
    return (
        *(ExportLink(one.name, one.use, whole.href(f"{prefix}/recherche.{one.extension}")) for one in _FILES),
        ExportLink("Atom", "lecteur de flux", followed.href(f"{prefix}/flux.atom")),
        ExportLink("RSS", "lecteur de flux", followed.href(f"{prefix}/flux.rss")),
    )


def citation_links(number: int, prefix: str) -> tuple[ExportLink, ...]:
    """The reference of one article in every format."""
    return tuple(
        ExportLink(one.name, one.use, f"{prefix}/article/{number}/citation.{one.extension}") for one in _CITATIONS
    )


def feed_of_search(kind: FeedKind, site: Site, request: Request) -> Response:
    address = replace(read(request.query_params), sort="date", page=1)
    path = f"/flux.{kind}"
    listing = search_listing(site, request, address, FEED_LENGTH, path, counted=False)
    return Response(feed(listing, kind, site.base(request) + address.href(path)), media_type=MEDIA_TYPES[kind])


def file_of_search(form: Format, site: Site, request: Request) -> Response:
    address = read(request.query_params)
    listing = search_listing(site, request, address, EXPORT_LENGTH, f"/recherche.{form.extension}")
    return _file(form, listing, address.q)


def file_of_article(form: Format, site: Site, request: Request) -> Response:
    article = stored(site, request.path_params["number"])
    return _file(form, article_listing(site, request, article, page_of(site, article)), f"article-{article.id}")


def _file(form: Format, listing: Listing, subject: str) -> Response:
    words = re.sub(r"[^a-z0-9]+", "-", fold(subject[:60]))[:40].strip("-")
    name = "-".join(part for part in ("veille", words, isoday(listing.read_at)) if part)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form.extension}"'}
    return Response(form.write(listing), media_type=form.media_type, headers=headers)
