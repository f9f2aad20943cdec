"""The archive's routes: each asks the ports, makes a page's data and renders it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from archive.api import add_api
from archive.article_page import citation
from archive.asking import ask
from archive.citing import citation_tags
from archive.correction_pages import add_corrections, desk_for, with_doubts
from archive.coverage import watched
from archive.doors import private, seen, viewer_of
from archive.edition_files import add_edition_files
from archive.edition_pages import edition_page, editions_page, is_public, stored_edition
from archive.exports import citation_links, export_pages, search_links
from archive.join_pages import add_join
from archive.listing import page_of, stored
from archive.meeting_pages import add_meeting
from archive.member_pages import add_member_pages
from archive.pages import result, search_page, tag_choices
from archive.ports import ArchivePorts
from archive.preference_pages import add_preferences
from archive.preparation_pages import add_preparation
from archive.query import Address, read
from archive.reading_pages import add_readings, is_kept, shared_notes
from archive.references import of_page
from archive.report_pages import add_reports
from archive.rule_history import changes
from archive.saved_pages import add_saved_searches
from archive.security import HEADERS, Guard
from archive.sign_in_pages import add_sign_in
from archive.site import STATIC, Site, build_site
from archive.source_page import sources_page
from archive.source_pages import source_of
from archive.statistics_pages import PATH, statistics_file, statistics_page
from archive.validators import validated
from core.errors import StoreError

_TOKEN_RE = re.compile(r"[0-9A-Za-z._~-]{8,200}")
VISITS_SHOWN = 12
"""Last visits of a source, on the page of sources."""
_LATEST = 6
_NEAR = 5
_TOLD = {
    400: ("Demande impossible", "Ce qui a été envoyé ne se comprend pas."),
    403: ("Accès refusé", "Votre rôle ne le permet pas, ou la demande ne vient pas d’une page de ce site."),
    404: ("Page introuvable", "Cette adresse ne mène à rien\u00a0: article effacé, ou lien incomplet."),
    405: ("Demande impossible", "Cette page ne répond pas à ce genre de demande."),
    410: (
        "Retiré à la demande",
        "Cet article a été retiré de l’archive à la demande d’une personne qui y avait droit. "
        "Son texte, ses passages et son adresse n’y sont plus, et il n’y reviendra pas.",
    ),
    413: ("Envoi trop volumineux", "Ce qui a été envoyé est trop grand."),
    500: ("Une erreur est survenue", "La page n’a pas pu être préparée. Réessayez dans un moment."),
}


def create_app(ports: ArchivePorts) -> FastAPI:
    """The whole site over these ports; opens nothing by itself."""
    site = build_site(ports)
    app = FastAPI(title=ports.settings.name, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    pages: dict[str, Callable[[Site, Request], Response]] = {
        "/": home,
        "/recherche": search,
        "/article/{number}": article,
        "/editions": editions,
        "/edition/{series}/{key}": edition,
        "/editions/{series}/{key}": edition,
        "/sources": sources,
        "/source/{slug}": source_of,
        PATH: statistics_page,
        "/sujet": topic,
        "/mentions": mentions,
    }
    add_edition_files(app, site)
    for path, answer in pages.items():
        app.add_route(path, validated(seen(site, answer)), methods=["GET"])
    # What leaves the site, feeds and files, is what any visitor may read, whoever asks for it.
    for path, answer in (export_pages() | {f"{PATH}.csv": statistics_file}).items():
        app.add_route(path, validated(partial(answer, site)), methods=["GET"])
    for path, answer in {"/sante": health, "/robots.txt": robots, "/favicon.ico": icon}.items():
        app.add_route(path, partial(answer, site), methods=["GET"])
    app.add_route("/desabonnement/{token}", seen(site, leaving), methods=["GET"])
    app.add_route("/desabonnement/{token}", partial(leave, site), methods=["POST"])
    add_api(app, site)
    add_sign_in(app, site)
    add_join(app, site)
    add_preferences(app, site)
    add_member_pages(app, site)
    add_corrections(app, site)
    add_readings(app, site)
    add_reports(app, site)
    add_preparation(app, site)
    add_meeting(app, site)
    add_saved_searches(app, site)
    app.mount("/static", _Versioned(directory=STATIC), name="static")
    app.add_exception_handler(HTTPException, partial(_refused, site))
    app.add_exception_handler(Exception, partial(_failed, site))
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(Guard, prefix=site.prefix)
    return app


class _Versioned(StaticFiles):
    """Pages name the sheet with the hash of its content, so it may be kept for good."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def home(site: Site, request: Request) -> Response:
    ports, now = site.ports, site.ports.clock.now()
    found = ports.index.search(Address().search_query(limit=_LATEST), now)
    public = [one for one in ports.editions.editions(10) if is_public(one)]
    years = editions_page(public)
    return site.page(
        "home.html",
        section="home",
        address=Address(),
        total=found.total,
        tags=tag_choices(found, site.names, f"{site.prefix}/recherche"),
        results=[result(hit, site.names, site.viewer.role) for hit in found.hits],
        latest=years[0].editions[0] if years else None,
        watched=watched(ports.sources, ports.runs.states()),
        last_run=ports.runs.last_finished(),
        now=now,
    )


def search(site: Site, request: Request) -> Response:
    address = read(request.query_params)
    asked = ask(site, address)
    states = site.ports.runs.states()
    page = search_page(address, asked, site.names, states, site.prefix, site.viewer.role)
    page = with_doubts(site, page, asked.found)
    last = site.ports.runs.last_finished()
    exports = search_links(address, site.prefix)
    return site.page("search.html", section="search", page=page, address=address, last_run=last, exports=exports)


def article(site: Site, request: Request) -> Response:
    found = stored(site, request.path_params["number"])
    page = page_of(site, found)
    permanent = f"{site.base(request)}/article/{page.id}"
    cited = citation(page, site.ports.clock.now(), permanent)
    tags = citation_tags(of_page(found, page, site.names, site.base(request)))
    links = citation_links(page.id, site.prefix)
    near = [result(hit, site.names, site.viewer.role) for hit in site.ports.index.similar(found.id, _NEAR)]
    return site.page(
        "article.html",
        section="article",
        page=page,
        citation=cited,
        permanent=permanent,
        metas=tags,
        cite_links=links,
        near=near,
        desk=desk_for(site, found.id),
        kept=is_kept(site, found.id),
        notes=shared_notes(site, found.id),
    )


def editions(site: Site, request: Request) -> Response:
    return site.page("editions.html", section="editions", years=editions_page(site.ports.editions.editions(1_000)))


def edition(site: Site, request: Request) -> Response:
    found = stored_edition(site.ports, request.path_params["series"], request.path_params["key"])
    if found is None:
        raise HTTPException(404)
    return site.page("edition.html", section="editions", page=edition_page(found, site.names, site.viewer.role))


def sources(site: Site, request: Request) -> Response:
    runs = site.ports.runs
    page = sources_page(site.ports.sources, runs.states(counted=True), runs.latest_visits(VISITS_SHOWN))
    last, now = site.ports.runs.last_finished(), site.ports.clock.now()
    return site.page("sources.html", section="sources", page=page, last_run=last, now=now)


def topic(site: Site, request: Request) -> Response:
    texts = {definition.topic: definition for definition in site.ports.settings.definitions}
    shown = [(one, texts.get(one.slug)) for one in site.ports.topics]
    past = changes(one for one in site.ports.editions.editions(1_000) if is_public(one))
    return site.page("topic.html", section="topic", definitions=shown, labels=site.ports.settings.labels, past=past)


def mentions(site: Site, request: Request) -> Response:
    return site.page("mentions.html", section="mentions")


def leaving(site: Site, request: Request) -> Response:
    """A page with a button; changes nothing, for mail scanners open every link (threat B10)."""
    return private(site.page("unsubscribe.html", section="", done=False))


async def leave(site: Site, request: Request) -> Response:
    """One click (RFC 8058): no cookie, login or redirect, any content type, and the same answer for any token."""
    # Read to its end so that a body over the limit is refused; what it says adds nothing to the token.
    async for _ in request.stream():
        continue
    token = request.path_params["token"]
    if _TOKEN_RE.fullmatch(token):
        await run_in_threadpool(site.ports.subscribers.leave, token, site.ports.clock.now())
    return private(site.page("unsubscribe.html", section="", done=True))


def health(site: Site, request: Request) -> Response:
    """For a monitor: 200 when the last run is recent, else 503, as when the database cannot be asked (threat C16)."""
    limit = site.ports.settings.stale_after
    try:
        last = site.ports.runs.last_finished()
    except StoreError:
        return JSONResponse({"status": "down", "message": "La base de données ne répond pas."}, 503)
    if last is None:
        return JSONResponse({"status": "never", "message": "Aucun passage n’est encore terminé."}, 503)
    age = max(timedelta(0), site.ports.clock.now() - last)
    late = age > limit
    answer = {
        "status": "late" if late else "ok",
        "last_run": last.isoformat(),
        "age_seconds": int(age.total_seconds()),
        "limit_seconds": int(limit.total_seconds()),
    }
    return JSONResponse(answer, 503 if late else 200)


def robots(site: Site, request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


def icon(site: Site, request: Request) -> Response:
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")


def _refused(site: Site, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    title, text = _TOLD.get(status, _TOLD[404])
    with suppress(StoreError):
        site = replace(site, viewer=viewer_of(site, request))
    response = site.page("error.html", status, section="", title=title, text=text, code=status)
    response.headers.update(getattr(error, "headers", None) or {})
    response.headers.add_vary_header("Cookie")
    return private(response) if site.viewer.session else response


def _failed(site: Site, request: Request, error: Exception) -> Response:
    """Runs outside of every middleware, so it brings the headers itself; the error goes on to the log."""
    title, text = _TOLD[500]
    response = site.page("error.html", 500, section="", title=title, text=text, code=500)
    response.headers.update(HEADERS)
    return response
