"""Who may come in by a request: its session cookie, where its form comes from, where it may be sent next."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from archive.site import Site
from archive.validators import PRIVATE
from archive.viewer import VISITOR, Viewer

COOKIE_AGE = 30 * 86_400
"""Seconds; the store ends the session, the cookie only follows it."""
_TOKEN_RE = re.compile(r"[A-Za-z0-9_-]{43}")
# No `//`, no backslash, nothing that a browser would read as another host (threat C20: open redirect).
_LOCAL_RE = re.compile(r"/(?![/\\])[A-Za-z0-9/._~%?=&+,:;@!$'()*-]{0,2000}")


def seen(site: Site, answer: Callable[[Site, Request], Response]) -> Callable[[Request], Response]:
    """The same route, told who asks; what a member is shown is kept by no cache, and by no shared one for others."""

    def route(request: Request) -> Response:
        viewer = viewer_of(site, request)
        response = answer(replace(site, viewer=viewer), request)
        if viewer.session:
            with_form(response)
            put_cookie(site, response, _token(site, request))
        response.headers.add_vary_header("Cookie")
        return response

    return route


def viewer_of(site: Site, request: Request) -> Viewer:
    token = _token(site, request)
    session = site.ports.members.sessions.session(token, site.ports.clock.now()) if token else None
    return Viewer(session, form_token(token)) if session else VISITOR


def form_token(token: str) -> str:
    """Bound to the session, and telling nothing of it."""
    return hmac.new(token.encode(), b"formulaire", hashlib.sha256).hexdigest()


def private(response: Response) -> Response:
    """Kept by no cache."""
    response.headers["Cache-Control"] = PRIVATE
    return response


def after(response: Response, task: Callable[..., None], *given: object) -> Response:
    """What is done once an answer has left: neither its time nor that of the next, on this connection, tells of it."""
    response.background = BackgroundTask(task, *given)
    response.headers["Connection"] = "close"
    return response


def with_form(response: Response) -> Response:
    """Private, and its form says where it comes from.

    From a page that sends no referrer it would say `Origin: null` (Fetch, "append a request Origin header").
    """
    response.headers["Referrer-Policy"] = "same-origin"
    return private(response)


# ---------------------------------------------------------------- cookie


def cookie_name(site: Site) -> str:
    """`__Host-` (RFC 6265bis, 4.1.3.2): set by this host alone, over https; a plain name on this machine."""
    return "__Host-veille" if _is_secure(site) else "veille"


def put_cookie(site: Site, response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(site), token, max_age=COOKIE_AGE, path="/", secure=_is_secure(site), httponly=True, samesite="lax"
    )


def drop_cookie(site: Site, response: Response) -> None:
    response.delete_cookie(cookie_name(site), path="/", secure=_is_secure(site), httponly=True, samesite="lax")


def _token(site: Site, request: Request) -> str:
    token = request.cookies.get(cookie_name(site), "")
    return token if _TOKEN_RE.fullmatch(token) else ""


def _is_secure(site: Site) -> bool:
    return site.ports.settings.public_url.startswith("https://")


# ---------------------------------------------------------------- addresses


def own_address(site: Site, request: Request) -> str:
    """The address that a sign-in link begins with; empty where no link may be sent.

    It is the configured one, in https; never what a request says of itself, which would send a member's token to
    whoever asked, save this machine's own loopback.
    """
    configured = site.ports.settings.public_url.rstrip("/")
    if configured:
        return configured if _is_secure(site) or is_loopback(urlsplit(configured).hostname or "") else ""
    return str(request.base_url).rstrip("/") if is_loopback(request.url.hostname or "") else ""


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_own_form(site: Site, request: Request) -> bool:
    """True for a form sent from our own pages, as the browser itself says (Fetch Metadata, else Origin)."""
    said = request.headers.get("sec-fetch-site")
    if said is not None:
        return said == "same-origin"
    origin = urlsplit(request.headers.get("origin", "")).netloc
    return bool(origin) and origin in (request.headers.get("host"), urlsplit(site.ports.settings.public_url).netloc)


def is_signed(viewer: Viewer, given: str) -> bool:
    """True when a form carries the token of the session that sends it."""
    return viewer.session is not None and hmac.compare_digest(viewer.form_token.encode(), given.encode())


def local_path(text: str) -> str:
    """A path of this site, as it was given; empty when it could lead elsewhere."""
    return text if _LOCAL_RE.fullmatch(text) and "//" not in text.partition("?")[0] else ""
