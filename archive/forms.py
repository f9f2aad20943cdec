"""Forms that change something: read within limits, refused unless they come from our own pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.doors import is_own_form, is_signed, private, viewer_of, with_form
from archive.site import Site

MAX_FIELDS = 60
"""Room for a box per label."""
Form = Mapping[str, str]
Posted = Callable[[Site, Request, Form], Response]


def posted(site: Site, answer: Posted, *, signed: bool = True) -> Callable[[Request], Awaitable[Response]]:
    """A route for a form (`application/x-www-form-urlencoded`); `signed`: of somebody with a session.

    403 for a form that another site wrote (threat C20: CSRF): the browser says where it comes from, and with a session
    it must carry the token of that session.
    """

    async def route(request: Request) -> Response:
        body = await request.body()
        return with_form(await run_in_threadpool(handle, request, body))

    def handle(request: Request, body: bytes) -> Response:
        if not is_own_form(site, request):
            raise HTTPException(403)
        form = _fields(body)
        viewer = viewer_of(site, request)
        if signed and not viewer.session:
            return see(site, "/connexion")
        if viewer.session and not is_signed(viewer, form.get("jeton", "")):
            raise HTTPException(403)
        return answer(replace(site, viewer=viewer), request, form)

    return route


def see(site: Site, path: str) -> Response:
    """After a form, the page to go to, by GET (RFC 9110, section 15.4.4)."""
    return private(RedirectResponse(f"{site.prefix}{path}", 303))


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise HTTPException(400) from None
    return dict(pairs)
