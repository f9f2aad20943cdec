"""Answers that have not changed since a reader last had them are not sent again (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

PRIVATE = "no-store"
"""The cache rule of what one person alone may read (threat C20)."""

Answer = Callable[[Request], Response]


def validated(answer: Answer) -> Answer:
    """The same route, with a weak ETag: the body may still be compressed on its way."""

    def checked(request: Request) -> Response:
        return tagged(request, answer(request))

    return checked


def tagged(request: Request, response: Response) -> Response:
    """An answer with its ETag, or 304 without a body when the reader has it already."""
    if response.status_code != 200 or response.headers.get("cache-control") == PRIVATE:
        return response
    tag = f'W/"{hashlib.sha256(response.body).hexdigest()[:24]}"'
    response.headers["ETag"] = tag
    if tag in re.split(r"\s*,\s*", request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers={"ETag": tag})
    return response
