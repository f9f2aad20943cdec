"""« Hors sujet ? », from any mail: a page with a button, and a word to the editors that changes nothing by itself."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from archive.doors import seen, with_form
from archive.forms import Form, posted
from archive.limits import Limiter
from archive.listing import stored
from archive.site import Site

MOST = 300
"""Reports noted in an hour, from everybody together."""


def add_reports(app: FastAPI, site: Site) -> None:
    path, limiter = "/hors-sujet/{number}", Limiter(overall=MOST)
    app.add_route(path, seen(site, asking), methods=["GET"])
    app.add_route(path, posted(site, partial(report, limiter), signed=False), methods=["POST"])


def asking(site: Site, request: Request) -> Response:
    """Changes nothing, for mail scanners open every link (threat B10)."""
    return with_form(_page(site, request, done=False))


def report(limiter: Limiter, site: Site, request: Request, form: Form) -> Response:
    """The same answer for everybody, whether somebody had said it before or not."""
    response = _page(site, request, done=True)
    now = site.ports.clock.now()
    if limiter.allows(request.client.host if request.client else "", now):
        site.ports.editing.reports.report(int(request.path_params["number"]), now)
    return response


def _page(site: Site, request: Request, *, done: bool) -> Response:
    found = stored(site, request.path_params["number"])
    name = site.names.source(found.source)
    return site.page("report.html", section="", article=found, source=name, done=done)
