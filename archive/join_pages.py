"""Subscribing by oneself: a form, a mail, a button; what is answered never tells whether an address is known."""

from __future__ import annotations

import logging
import re
from functools import partial

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive import consent
from archive.doors import after, own_address, private, seen, with_form
from archive.forms import Form, posted
from archive.limits import Limiter
from archive.site import Site
from core.errors import OutcomeUnknown, VeilleError
from core.joining import Invitation

LOG = logging.getLogger("archive.joining")
MOST_MAILS = 200
"""Mails that anybody can have this site send in an hour, to all addresses together (threat B13)."""
TRAP = "verification"
"""A field that no person sees; what fills it in is a program."""
_TOKEN_RE = re.compile(r"[A-Za-z0-9_-]{43}")
_TOO_MANY = "Trop de demandes en ce moment. Réessayez dans une heure."


def add_join(app: FastAPI, site: Site) -> None:
    """The routes that lead to a subscription, or back to one's own preferences."""
    limiter = Limiter(overall=MOST_MAILS)
    for path, page, answer in (
        ("/abonnement", asking, partial(ask, limiter)),
        ("/abonnement/lien", losing, partial(find, limiter)),
        ("/abonnement/confirmer/{token}", confirming, confirm),
    ):
        app.add_route(path, seen(site, page), methods=["GET"])
        app.add_route(path, posted(site, answer, signed=False), methods=["POST"])


def asking(site: Site, request: Request) -> Response:
    return _form(site, request)


def losing(site: Site, request: Request) -> Response:
    return _lost(site, request)


def confirming(site: Site, request: Request) -> Response:
    """A page with a button; it asks nothing of the store, for mail scanners open every link (threat B10)."""
    return with_form(site.page("confirm.html", section="join", state="asked", own=""))


def ask(limiter: Limiter, site: Site, request: Request, form: Form) -> Response:
    """Ask to be subscribed: the same answer, in the same time, whatever becomes of the address."""
    base = _base(site, request)
    if form.get(TRAP):
        return _look_at_your_mail(site, form.get("adresse", ""))
    chosen = _topics(site, form)
    try:
        address = _address(site, form)
        if not chosen:
            raise VeilleError("Choisissez au moins un sujet.")
        if form.get("accord") != "oui":
            raise VeilleError("Il manque votre accord : cochez la case si vous voulez recevoir la veille.")
    except VeilleError as error:
        return _form(site, request, 400, problem=str(error), form=form)
    if not _allows(limiter, site, request):
        return _form(site, request, 429, problem=_TOO_MANY, form=form)
    everything = len(chosen) == len(site.ports.topics)
    return after(_look_at_your_mail(site, address), _invite, site, base, address, () if everything else chosen)


def find(limiter: Limiter, site: Site, request: Request, form: Form) -> Response:
    """Ask for one's own link again; the same answer for everybody, a mail for those who are subscribed."""
    base = _base(site, request)
    try:
        address = _address(site, form)
    except VeilleError as error:
        return _lost(site, request, 400, problem=str(error), address=form.get("adresse", ""))
    if not _allows(limiter, site, request):
        return _lost(site, request, 429, problem=_TOO_MANY, address=address)
    response = with_form(site.page("lost_link.html", section="join", state="sent", address=address, problem=""))
    return after(response, _remind, site, base, address)


def confirm(site: Site, request: Request, form: Form) -> Response:
    """Use the link up: the person is subscribed, and is given the link to their preferences."""
    token = request.path_params["token"]
    live = _TOKEN_RE.fullmatch(token)
    own = site.ports.joining.store.confirm(token, site.ports.clock.now()) if live else None
    state, status = ("done", 200) if own else ("dead", 410)
    return with_form(site.page("confirm.html", status, section="join", state=state, own=own or ""))


def _invite(site: Site, base: str, address: str, topics: tuple[str, ...]) -> None:
    now = site.ports.clock.now()
    try:
        invitation = site.ports.joining.store.ask(address, topics, consent.VERSION, now)
    except VeilleError as error:
        LOG.error("une demande d'inscription n'a pas été notée : %s", error)
        return
    _write(site, base, invitation)


def _remind(site: Site, base: str, address: str) -> None:
    try:
        invitation = site.ports.joining.store.remind(address, site.ports.clock.now())
    except VeilleError as error:
        LOG.error("une demande de lien n'a pas été notée : %s", error)
        return
    _write(site, base, invitation)


def _write(site: Site, base: str, invitation: Invitation | None) -> None:
    """Runs once the answer has left; a mail that surely did not leave may be asked for again at once."""
    if invitation is None:
        return
    joining, now = site.ports.joining, site.ports.clock.now()
    try:
        if invitation.known:
            joining.post.preferences(invitation.address, f"{base}/abonnement/{invitation.token}", now)
        else:
            joining.post.confirm(invitation.address, f"{base}/abonnement/confirmer/{invitation.token}", now)
    except OutcomeUnknown as error:
        LOG.error("un lien d'inscription est peut-être parti : %s", error)
    except VeilleError as error:
        # The reason holds no address.
        LOG.error("un lien d'inscription n'est pas parti : %s", error)
        joining.store.unsent(invitation)


def _base(site: Site, request: Request) -> str:
    base = own_address(site, request)
    if not base:
        raise HTTPException(403)
    return base


def _address(site: Site, form: Form) -> str:
    return site.ports.joining.store.check(form.get("adresse", ""))


def _allows(limiter: Limiter, site: Site, request: Request) -> bool:
    return limiter.allows(request.client.host if request.client else "", site.ports.clock.now())


def _topics(site: Site, form: Form) -> tuple[str, ...]:
    """The topics chosen; where there is one, nobody is asked."""
    topics = [topic.slug for topic in site.ports.topics]
    return tuple(slug for slug in topics if len(topics) == 1 or form.get(f"sujet-{slug}"))


def _form(site: Site, request: Request, status: int = 200, problem: str = "", form: Form | None = None) -> Response:
    ports, given = site.ports, form or {}
    return with_form(
        site.page(
            "subscribe.html",
            status,
            section="join",
            state="asked",
            is_open=bool(own_address(site, request)),
            problem=problem,
            address=given.get("adresse", ""),
            chosen=[topic.slug for topic in ports.topics if form is None or given.get(f"sujet-{topic.slug}")],
            agreed=consent.AGREED.format(name=ports.settings.name),
            told=consent.TOLD,
            trap=TRAP,
        )
    )


def _look_at_your_mail(site: Site, address: str) -> Response:
    return private(site.page("subscribe.html", section="join", state="sent", address=address))


def _lost(site: Site, request: Request, status: int = 200, **told: str) -> Response:
    is_open = bool(own_address(site, request))
    values = {"problem": "", "address": "", **told}
    state = "asked" if is_open else "closed"
    return with_form(site.page("lost_link.html", status, section="join", state=state, **values))
