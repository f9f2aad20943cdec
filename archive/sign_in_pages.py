"""Signing in by a link sent by mail, and out; what the site answers never tells whether an address is a member's."""

from __future__ import annotations

import logging
import re
from functools import partial

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.doors import after, drop_cookie, local_path, own_address, private, put_cookie, seen, with_form
from archive.forms import Form, posted, see
from archive.limits import Limiter
from archive.site import Site
from core.errors import VeilleError

LOG = logging.getLogger("archive.sign_in")
_TOKEN_RE = re.compile(r"[A-Za-z0-9_-]{43}")
_ADDRESS_RE = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip


def add_sign_in(app: FastAPI, site: Site) -> None:
    """The routes of signing in and out."""
    limiter = Limiter()
    app.add_route("/connexion", seen(site, asking), methods=["GET"])
    app.add_route("/connexion", posted(site, partial(ask, limiter), signed=False), methods=["POST"])
    app.add_route("/connexion/{token}", seen(site, opening), methods=["GET"])
    app.add_route("/connexion/{token}", posted(site, enter, signed=False), methods=["POST"])
    app.add_route("/deconnexion", posted(site, leave, signed=False), methods=["POST"])


def asking(site: Site, request: Request) -> Response:
    """The form that asks for a link."""
    next_path = local_path(request.query_params.get("suite", ""))
    if site.viewer.session:
        return see(site, next_path or "/moi")
    return _page(site, request, next_path)


def _page(site: Site, request: Request, next_path: str = "", status: int = 200, **told: str) -> Response:
    values = {"problem": "", "address": "", **told}
    is_open = bool(own_address(site, request))
    return with_form(
        site.page("sign_in.html", status, section="sign_in", next_path=next_path, is_open=is_open, **values)
    )


def ask(limiter: Limiter, site: Site, request: Request, form: Form) -> Response:
    """Ask for a link: the same answer, in the same time, whoever the address belongs to.

    The member is looked for, and written to, once the answer has left.
    """
    next_path, address = local_path(form.get("suite", "")), form.get("adresse", "").strip()
    base = own_address(site, request)
    if not base:
        raise HTTPException(403)
    client = request.client.host if request.client else ""
    if not limiter.allows(client, site.ports.clock.now()):
        problem = "Trop de demandes viennent d’ici. Réessayez dans une heure."
        return _page(site, request, next_path, 429, problem=problem, address=address)
    if not _ADDRESS_RE.fullmatch(address):
        problem = "Ce n’est pas une adresse électronique\u00a0: il y manque quelque chose."
        return _page(site, request, next_path, 400, problem=problem, address=address)
    response = site.page("sign_in_sent.html", section="sign_in", address=address)
    return after(response, _send_link, site, base, address, next_path)


def _send_link(site: Site, base: str, address: str, next_path: str) -> None:
    members, now = site.ports.members, site.ports.clock.now()
    try:
        token = members.sessions.invite(address, next_path, now)
        if token:
            members.post.write(address, f"{base}/connexion/{token}", now)
    except VeilleError as error:
        # The reason holds no address; the person, who sees nothing come, asks again.
        LOG.error("un lien de connexion n'est pas parti : %s", error)


def opening(site: Site, request: Request) -> Response:
    """A page with a button; it asks nothing of the store, for mail scanners open every link (threat B10)."""
    return with_form(site.page("sign_in_open.html", section="sign_in", done=False))


def enter(site: Site, request: Request, form: Form) -> Response:
    """Use the link up: a new session with a token of its own, in the place of the one this device had."""
    token, now, sessions = request.path_params["token"], site.ports.clock.now(), site.ports.members.sessions
    device = device_name(request.headers.get("user-agent", ""))
    opened = sessions.sign_in(token, device, now) if _TOKEN_RE.fullmatch(token) else None
    if opened is None:
        return private(site.page("sign_in_open.html", 410, section="sign_in", done=True))
    if site.viewer.session:
        sessions.revoke(site.viewer.session.id, site.viewer.session.member.id, now)
    response = see(site, local_path(opened.next_path) or "/moi")
    put_cookie(site, response, opened.token)
    return response


def leave(site: Site, request: Request, form: Form) -> Response:
    """Sign out: the session ends in the store, whatever becomes of the cookie."""
    if site.viewer.session:
        sessions = site.ports.members.sessions
        sessions.revoke(site.viewer.session.id, site.viewer.session.member.id, site.ports.clock.now())
    response = see(site, "/")
    drop_cookie(site, response)
    return response


def device_name(user_agent: str) -> str:
    """A device in two words, enough to know one's own by; nothing more of it is kept."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Navigateur")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "appareil inconnu")
    return f"{browser}, {system}"
