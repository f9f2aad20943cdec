"""A reading list as files: CSV and bibliographies, with the notes and keywords of whoever may read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from archive.article_page import article_page
from archive.doors import private, seen
from archive.export_bibtex import bibtex
from archive.export_csl import csl_json
from archive.export_csv import csv_table
from archive.export_ris import ris
from archive.export_table import COLUMNS, Cell, cells
from archive.judgements import Told
from archive.member_pages import needing
from archive.reading_list import Choice, chosen, href
from archive.references import Listing, Reference, of_page
from archive.remarks import remarks
from archive.site import Site
from archive.wording import isoday
from core.clock import PARIS
from core.members import SharedReading
from core.text import one_line

PATH = "/moi/lectures"
_NOTE = 500


@dataclass(frozen=True, slots=True)
class FileLink:
    name: str
    href: str


Write = Callable[[Listing, Choice], bytes]
_ADDED = ("Gardé le", "Par", "Mots-clés", "Note", "Partagée")


def _csv(listing: Listing, choice: Choice) -> bytes:
    """The columns of any search, then what its member added."""
    known = {each.reading.article_id: each for each in choice.readings}
    rows = ([*cells(one), *_added(known[one.id])] for one in listing.references)
    return csv_table([*(name for name, _ in COLUMNS), *_ADDED], rows, remarks(listing))


def _added(each: SharedReading) -> list[Cell]:
    reading = each.reading
    day = reading.at.astimezone(PARIS).date()
    return [day, each.name, ", ".join(reading.keywords), reading.note, "oui" if reading.shared else "non"]


def _cited(write: Callable[[Listing], bytes], listing: Listing, choice: Choice) -> bytes:
    return write(listing)


_FORMS: tuple[tuple[str, str, str, Write], ...] = (
    ("CSV", "csv", "text/csv; charset=utf-8; header=present", _csv),
    ("BibTeX", "bib", "application/x-bibtex; charset=utf-8", partial(_cited, bibtex)),
    ("RIS", "ris", "application/x-research-info-systems; charset=utf-8", partial(_cited, ris)),
    ("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", partial(_cited, csl_json)),
)


def add_reading_files(app: FastAPI, site: Site) -> None:
    for _, extension, media_type, write in _FORMS:
        answer = partial(reading_file, extension, media_type, write)
        app.add_route(f"{PATH}.{extension}", seen(site, needing("reader", answer)), methods=["GET"])


def file_links(site: Site, choice: Choice) -> tuple[FileLink, ...]:
    """The same list in every format."""
    return tuple(FileLink(name, href(f"{site.prefix}{PATH}.{extension}", choice)) for name, extension, _, _ in _FORMS)


def reading_file(extension: str, media_type: str, write: Write, site: Site, request: Request) -> Response:
    choice = chosen(site, request.query_params)
    listing = _listing(site, request, choice)
    name = f"veille-lectures-{isoday(listing.read_at)}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return private(Response(write(listing, choice), media_type=media_type, headers=headers))


def _listing(site: Site, request: Request, choice: Choice) -> Listing:
    """What may be read of the articles is what any visitor may: a file is passed on."""
    references = tuple(_references(site, site.base(request), choice))
    title = "Lectures partagées du groupe" if choice.of_group else "Mes lectures"
    return Listing(
        site=one_line(site.ports.settings.name),
        title=f"{one_line(site.ports.settings.name)}\u00a0: {title}",
        asked="",
        address=site.base(request) + href(PATH, choice),
        total=len(references),
        first=1,
        references=references,
        coverage=(),
        notes=(),
        next="",
        read_at=site.ports.clock.now(),
    )


def _references(site: Site, base: str, choice: Choice) -> list[Reference]:
    """Each article once, in the order of the list, its first note with it."""
    found: dict[int, Reference] = {}
    for each in choice.readings:
        article = site.ports.articles.article(each.reading.article_id)
        if article is None or article.id in found:
            continue
        page = article_page(article, (), (), site.names, Told())
        reading = each.reading
        found[article.id] = replace(
            of_page(article, page, site.names, base), note=one_line(reading.note, _NOTE), marks=reading.keywords
        )
    return list(found.values())
