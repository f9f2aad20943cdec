"""Searches that members keep: saved from the page of a search, listed in their own space, and what stops an alert."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import get_args

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.asking import ask
from archive.doors import private, seen
from archive.estimates import estimate, narrower, told
from archive.exports import ExportLink, search_links
from archive.filter_names import filter_name
from archive.forms import Form, posted, see
from archive.listing import number_of
from archive.member_pages import member_of, needing
from archive.pages import result
from archive.query import Address, read
from archive.search_remarks import search_remarks
from archive.site import Site
from archive.wording import spaced
from core.errors import VeilleError
from core.query import MAX_LENGTH, parse
from core.saved import FREQUENCY_NAMES, Frequency, SavedSearch, Wish, refusal

PATH = "/moi/recherches"
_NEW = f"{PATH}/nouvelle"
_TOKEN_RE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NAME_LENGTH = 80
_FOLLOWED = ("Atom", "RSS", "CSV")
"""Formats linked from the list; the page of the search has them all."""


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One saved search in the list."""

    search: SavedSearch
    frequency: str
    href: str
    filters: tuple[str, ...]
    notes: tuple[str, ...]
    """What is not understood of the query today: a filter may have gone since it was saved."""
    links: tuple[ExportLink, ...]


def add_saved_searches(app: FastAPI, site: Site) -> None:
    app.add_route(PATH, seen(site, needing("reader", searches)), methods=["GET"])
    app.add_route(PATH, posted(site, save), methods=["POST"])
    app.add_route(_NEW, seen(site, needing("reader", saving)), methods=["GET"])
    app.add_route(f"{PATH}/{{number}}", seen(site, needing("reader", changing)), methods=["GET"])
    app.add_route(f"{PATH}/{{number}}", posted(site, change), methods=["POST"])
    app.add_route(f"{PATH}/{{number}}/retrait", posted(site, delete), methods=["POST"])
    app.add_route("/alertes/{token}", seen(site, stopping), methods=["GET"])
    app.add_route("/alertes/{token}", partial(stop, site), methods=["POST"])


def searches(site: Site, request: Request) -> Response:
    lines = [_line(site, each) for each in site.ports.members.searches.of(member_of(site).id)]
    return site.page("searches.html", section="me", lines=lines)


def _line(site: Site, search: SavedSearch) -> SearchLine:
    address = _address(search.wish)
    return SearchLine(
        search,
        FREQUENCY_NAMES[search.wish.frequency],
        address.href(f"{site.prefix}/recherche"),
        tuple(filter_name(item, site.names) for item in address.filters()),
        tuple(map(spaced, parse(search.wish.query).notes)),
        tuple(link for link in search_links(address, site.prefix) if link.name in _FOLLOWED),
    )


def saving(site: Site, request: Request) -> Response:
    """The form, with what the alert would bring; it changes nothing."""
    address = _kept(read(request.query_params))
    return _form(site, Wish(_first_name(address), address.q, "none", address.everything, address.synonyms))


def changing(site: Site, request: Request) -> Response:
    search = _mine(site, request)
    return _form(site, search.wish, search=search)


def _form(
    site: Site, wish: Wish, status: int = 200, *, search: SavedSearch | None = None, problem: str = ""
) -> Response:
    """`search`: the one that is changed; None for a new one. An alert that grew too broad may go on."""
    address = _address(wish)
    asked = ask(site, address, limit=1)
    found = estimate(site, address, asked.found.total)
    refused = refusal(wish.query, found) if search is None or search.alert_since is None else ""
    return site.page(
        "save_search.html",
        status,
        section="me",
        wish=wish,
        number=search.id if search else 0,
        href=address.href(f"{site.prefix}/recherche"),
        filters=[filter_name(item, site.names) for item in address.filters()],
        notes=search_remarks(address, asked, site.names),
        told=told(found),
        latest=[result(hit, site.names, site.viewer.role) for hit in found.latest],
        refused=refused,
        narrower=narrower(site, address, asked, f"{site.prefix}{_NEW}") if refused and not search else (),
        chosen="none" if refused else wish.frequency,
        problem=problem,
    )


def save(site: Site, request: Request, form: Form) -> Response:
    address = _kept(read(form))
    wish = Wish(form.get("nom", ""), address.q, _frequency(form), address.everything, address.synonyms)
    if problem := _too_broad(site, wish):
        return _form(site, wish, 400, problem=problem)
    try:
        saved = site.ports.members.searches.save(member_of(site).id, wish, site.ports.clock.now())
    except VeilleError as error:
        return _form(site, wish, 400, problem=str(error))
    return see(site, f"{PATH}#recherche-{saved.id}")


def change(site: Site, request: Request, form: Form) -> Response:
    """Its name and its frequency; another query is another search."""
    search = _mine(site, request)
    wish = replace(search.wish, name=form.get("nom", ""), frequency=_frequency(form))
    if search.alert_since is None and (problem := _too_broad(site, wish)):
        return _form(site, wish, 400, search=search, problem=problem)
    store, now = site.ports.members.searches, site.ports.clock.now()
    try:
        store.change(member_of(site).id, search.id, wish.name, wish.frequency, now)
    except VeilleError as error:
        return _form(site, wish, 400, search=search, problem=str(error))
    return see(site, f"{PATH}#recherche-{search.id}")


def delete(site: Site, request: Request, form: Form) -> Response:
    """Done twice, it is gone all the same."""
    number = number_of(request.path_params["number"])
    site.ports.members.searches.delete(member_of(site).id, number, site.ports.clock.now())
    return see(site, PATH)


def stopping(site: Site, request: Request) -> Response:
    """A page with a button; changes nothing, for mail scanners open every link (threat B10)."""
    return private(site.page("stop_alert.html", section="", done=False))


async def stop(site: Site, request: Request) -> Response:
    """One click (RFC 8058): no cookie, login or redirect, any content type, and the same answer for any token."""
    # Read to its end so that a body over the limit is refused; what it says adds nothing to the token.
    async for _ in request.stream():
        continue
    token = request.path_params["token"]
    if _TOKEN_RE.fullmatch(token):
        await run_in_threadpool(site.ports.members.searches.stop, token, site.ports.clock.now())
    return private(site.page("stop_alert.html", section="", done=True))


def _too_broad(site: Site, wish: Wish) -> str:
    """Why a search can be no alert; empty for one that is to be none."""
    if wish.frequency == "none":
        return ""
    return refusal(wish.query, estimate(site, _address(wish), 0))


def _address(wish: Wish) -> Address:
    return Address(q=wish.query, everything=wish.everything, synonyms=wish.synonyms)


def _kept(address: Address) -> Address:
    """What is kept of an address: neither its order nor its page."""
    return replace(address, q=address.q[:MAX_LENGTH], sort=None, page=1)


def _first_name(address: Address) -> str:
    """A name to begin with."""
    return address.subject if len(address.subject) <= _NAME_LENGTH else f"{address.subject[: _NAME_LENGTH - 1]}…"


def _frequency(form: Mapping[str, str]) -> Frequency:
    """As it was sent; the store refuses what it does not know."""
    known: Sequence[Frequency] = get_args(Frequency)
    sent = form.get("alerte", "none")
    found = next((each for each in known if each == sent), None)
    if found is None:
        raise HTTPException(400)
    return found


def _mine(site: Site, request: Request) -> SavedSearch:
    """The member's own search of the number in the address; raises HTTPException 404."""
    number = number_of(request.path_params["number"])
    own = site.ports.members.searches.of(member_of(site).id)
    found = next((each for each in own if each.id == number), None)
    if found is None:
        raise HTTPException(404)
    return found
