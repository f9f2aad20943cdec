"""The reading list of whoever signs in: kept on the page of an article, annotated and shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.doors import seen
from archive.forms import Form, posted, see
from archive.listing import number_of, stored
from archive.marks import site_of, web_link
from archive.member_pages import member_of, needing
from archive.reading_files import FileLink, add_reading_files, file_links
from archive.reading_list import Choice, chosen, href, keywords_of, may_share
from archive.site import Site
from core.errors import VeilleError
from core.members import Reading, SharedReading, Wording


@dataclass(frozen=True, slots=True)
class ReadingLine:
    reading: Reading
    source: str
    link: str
    """Its address at the source, where it is one that a browser may follow."""
    host: str
    typed: Wording
    """As it is kept, or as it was just sent and could not be."""
    by: str
    """Who shares it, in the group's list; empty in one's own."""

    @property
    def keywords(self) -> str:
        """As they are typed."""
        return ", ".join(self.typed.keywords)


def add_readings(app: FastAPI, site: Site) -> None:
    app.add_route("/moi/lectures", seen(site, needing("reader", readings)), methods=["GET"])
    app.add_route("/moi/lectures/{number}/note", posted(site, annotate), methods=["POST"])
    app.add_route("/moi/lectures/{number}/retrait", posted(site, drop), methods=["POST"])
    app.add_route("/article/{number}/garder", posted(site, keep), methods=["POST"])
    add_reading_files(app, site)


def readings(site: Site, request: Request) -> Response:
    return _page(site, chosen(site, request.query_params))


def _page(
    site: Site, choice: Choice, status: int = 200, problem: str = "", number: int = 0, sent: Wording | None = None
) -> Response:
    """`number`, `sent`: what was sent for an article and could not be kept."""
    lines = [_line(site, each, choice, sent if each.reading.article_id == number else None) for each in choice.readings]
    files: Sequence[FileLink] = file_links(site, choice) if lines else ()
    return site.page(
        "readings.html",
        status,
        section="me",
        choice=choice,
        lines=lines,
        files=files,
        keywords=[(word, href(f"{site.prefix}/moi/lectures", choice, word)) for word in keywords_of(choice.all)],
        may_share=may_share(site),
        problem=problem,
    )


def _line(site: Site, each: SharedReading, choice: Choice, sent: Wording | None) -> ReadingLine:
    reading = each.reading
    return ReadingLine(
        reading,
        site.names.source(reading.source),
        web_link(reading.url),
        site_of(web_link(reading.url)),
        sent or Wording(reading.note, reading.keywords, reading.shared),
        each.name if choice.of_group else "",
    )


def keep(site: Site, request: Request, form: Form) -> Response:
    found = stored(site, request.path_params["number"])
    try:
        site.ports.members.readings.keep(member_of(site).id, found.id, site.ports.clock.now())
    except VeilleError as error:
        return _page(site, _own(site), 400, str(error))
    return see(site, f"/article/{found.id}")


def annotate(site: Site, request: Request, form: Form) -> Response:
    number = number_of(request.path_params["number"])
    sent = Wording(form.get("note", ""), _split(form.get("mots", "")), form.get("partager") == "1")
    if sent.shared and not may_share(site):
        raise HTTPException(403)
    try:
        known = site.ports.members.readings.annotate(member_of(site).id, number, sent, site.ports.clock.now())
    except VeilleError as error:
        return _page(site, _own(site), 400, str(error), number, sent)
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
    return site.ports.members.readings.one(member_of(site).id, article_id) is not None if site.viewer.member else False


def shared_notes(site: Site, article_id: int) -> Iterable[SharedReading]:
    """What members say to the group of an article, for its members."""
    return site.ports.members.readings.shared(article_id) if may_share(site) else ()


def _own(site: Site) -> Choice:
    return chosen(site, QueryParams())


def _split(typed: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in typed.replace(";", ",").split(",") if word.strip())
