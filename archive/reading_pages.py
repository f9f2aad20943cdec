"""The reading list of whoever signs in: kept on the page of an article, read and annotated in their own space."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.doors import seen
from archive.forms import Form, posted, see
from archive.listing import number_of, stored
from archive.marks import site_of, web_link
from archive.member_pages import member_of, needing
from archive.site import Site
from core.errors import VeilleError
from core.members import Reading


@dataclass(frozen=True, slots=True)
class ReadingLine:
    reading: Reading
    source: str
    link: str
    """Its address at the source, where it is one that a browser may follow."""
    host: str
    note: str
    """As it is kept, or as it was just sent and could not be."""


def add_readings(app: FastAPI, site: Site) -> None:
    app.add_route("/moi/lectures", seen(site, needing("reader", readings)), methods=["GET"])
    app.add_route("/moi/lectures/{number}/note", posted(site, annotate), methods=["POST"])
    app.add_route("/moi/lectures/{number}/retrait", posted(site, drop), methods=["POST"])
    app.add_route("/article/{number}/garder", posted(site, keep), methods=["POST"])


def readings(site: Site, request: Request) -> Response:
    return _page(site)


def _page(site: Site, status: int = 200, problem: str = "", number: int = 0, note: str = "") -> Response:
    """`number`, `note`: what was sent for an article and could not be kept."""
    lines = [
        ReadingLine(
            each,
            site.names.source(each.source),
            web_link(each.url),
            site_of(web_link(each.url)),
            note if each.article_id == number else each.note,
        )
        for each in site.ports.members.readings.of(member_of(site).id)
    ]
    return site.page("readings.html", status, section="me", lines=lines, problem=problem)


def keep(site: Site, request: Request, form: Form) -> Response:
    found = stored(site, request.path_params["number"])
    try:
        site.ports.members.readings.keep(member_of(site).id, found.id, site.ports.clock.now())
    except VeilleError as error:
        return _page(site, 400, str(error))
    return see(site, f"/article/{found.id}")


def annotate(site: Site, request: Request, form: Form) -> Response:
    number, note = number_of(request.path_params["number"]), form.get("note", "")
    try:
        known = site.ports.members.readings.annotate(member_of(site).id, number, note)
    except VeilleError as error:
        return _page(site, 400, str(error), number, note)
    if not known:
        raise HTTPException(404)
    return see(site, f"/moi/lectures#article-{number}")


def drop(site: Site, request: Request, form: Form) -> Response:
    """Take an article out of the list; done twice, it is out all the same."""
    number = number_of(request.path_params["number"])
    site.ports.members.readings.drop(member_of(site).id, number)
    return see(site, f"/article/{number}" if form.get("retour") == "article" else "/moi/lectures")


def is_kept(site: Site, article_id: int) -> bool:
    """Whether the article is in the list of whoever asks; False for a visitor."""
    return bool(site.viewer.member) and site.ports.members.readings.holds(member_of(site).id, article_id)
