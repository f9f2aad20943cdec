"""What one receives, changed by a personal link without an account; a GET shows, a POST acts, no address is shown."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from archive.doors import seen, with_form
from archive.forms import Form, posted, see
from archive.site import Site
from core.clock import PARIS
from core.editions import Subscriber
from core.errors import VeilleError
from core.wishes import FOR_GOOD, Wishes

_TOKEN_RE = re.compile(r"[A-Za-z0-9_-]{22}")


def add_preferences(app: FastAPI, site: Site) -> None:
    app.add_route("/abonnement/{token}", seen(site, preferences), methods=["GET"])
    app.add_route("/abonnement/{token}", posted(site, save, signed=False), methods=["POST"])


def preferences(site: Site, request: Request) -> Response:
    person = _person(site, request)
    if person is None:
        return _dead(site)
    return _page(site, person, request.path_params["token"], saved=request.query_params.get("fait") == "1")


def save(site: Site, request: Request, form: Form) -> Response:
    """Change the wishes of the person of the link, and show them again."""
    person, token = _person(site, request), request.path_params["token"]
    if person is None:
        return _dead(site)
    try:
        wishes = wishes_of(form, [topic.slug for topic in site.ports.topics], site.ports.clock.now())
    except VeilleError as error:
        return _page(site, person, token, 400, problem=str(error))
    site.ports.subscribers.wish(token, wishes)
    return see(site, f"/abonnement/{token}?fait=1")


def wishes_of(form: Form, topics: list[str], now: datetime) -> Wishes:
    """What a form asks for; raises VeilleError, in French, when it cannot be."""
    chosen = tuple(slug for slug in topics if len(topics) == 1 or form.get(f"sujet-{slug}"))
    if not chosen:
        raise VeilleError("Choisissez au moins un sujet, ou faites une pause.")
    return Wishes(
        frequency="monthly" if form.get("rythme") == "mois" else "weekly",
        format="text" if form.get("format") == "texte" else "html",
        quiet=form.get("calme") == "oui",
        topics=() if len(chosen) == len(topics) else chosen,
        paused_until=_pause(form, now),
    )


def _pause(form: Form, now: datetime) -> datetime | None:
    kind = form.get("pause", "non")
    if kind == "sans-fin":
        return FOR_GOOD
    if kind != "date":
        return None
    try:
        day = date.fromisoformat(form.get("reprise", ""))
    except ValueError:
        raise VeilleError("Pour une pause, indiquez le jour où les envois reprennent.") from None
    if not now.astimezone(PARIS).date() < day < FOR_GOOD.date():
        raise VeilleError("Le jour où les envois reprennent doit être à venir.")
    return datetime.combine(day, time(), PARIS)


def _person(site: Site, request: Request) -> Subscriber | None:
    token = request.path_params["token"]
    return site.ports.subscribers.by_token(token) if _TOKEN_RE.fullmatch(token) else None


def _dead(site: Site) -> Response:
    return with_form(site.page("preferences.html", 410, section="join", person=None))


def _page(
    site: Site, person: Subscriber, token: str, status: int = 200, problem: str = "", saved: bool = False
) -> Response:
    wishes, now = person.wishes, site.ports.clock.now()
    paused = wishes.paused_until if wishes.is_paused(now) else None
    return with_form(
        site.page(
            "preferences.html",
            status,
            section="join",
            person=person,
            wishes=wishes,
            chosen=wishes.topics or tuple(topic.slug for topic in site.ports.topics),
            pause="non" if paused is None else "sans-fin" if paused >= FOR_GOOD else "date",
            until="" if paused is None or paused >= FOR_GOOD else paused.astimezone(PARIS).date().isoformat(),
            paused_until=paused,
            tomorrow=(now.astimezone(PARIS).date() + timedelta(days=1)).isoformat(),
            token=token,
            refused_since=site.ports.joining.store.suspended_since(token),
            problem=problem,
            saved=saved,
        )
    )
