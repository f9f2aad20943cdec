"""« Depuis la dernière réunion »: for members, all that came in since a day, on a page to print."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from archive.doors import seen
from archive.edition_pages import edition_page
from archive.member_pages import needing
from archive.site import Site
from core.clock import PARIS

USUAL, LONGEST = timedelta(days=30), timedelta(days=366)


def add_meeting(app: FastAPI, site: Site) -> None:
    app.add_route("/reunion", seen(site, needing("member", meeting)), methods=["GET"])


def meeting(site: Site, request: Request) -> Response:
    now, problem = site.ports.clock.now(), ""
    start = _midnight(now - USUAL)
    if asked := request.query_params.get("depuis", ""):
        try:
            given = datetime.combine(datetime.strptime(asked, "%Y-%m-%d").date(), time(), PARIS)
        except ValueError:
            problem = "Ce n’est pas une date : écrivez-la comme 2026-01-31."
        else:
            start = min(max(given, _midnight(now - LONGEST)), _midnight(now))
            problem = "" if start == given else "La date est ramenée à l’année qui vient de passer."
    page = edition_page(site.ports.editing.composer.since(start), site.names, site.viewer.role)
    status = 400 if problem else 200
    return site.page("meeting.html", status, section="me", page=page, start=start, now=now, problem=problem)


def _midnight(at: datetime) -> datetime:
    """The beginning of a day here."""
    return datetime.combine(at.astimezone(PARIS).date(), time(), PARIS)
