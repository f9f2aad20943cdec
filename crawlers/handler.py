"""Scrapy's HTTP handler with what it lacks: a cap on the size of response headers."""

from __future__ import annotations

import sys

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Request
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, DONE, HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IResponse

from crawlers.limits import ENTRY_BYTES
from crawlers.robots import PARSED_BYTES

MAX_HEADER_BYTES = 64 * 1024


class HeadersTooLong(Exception):
    """A response whose headers do not end (threat A9)."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Gives up on a response once more than MAX_HEADER_BYTES came before its headers ended."""

    header_bytes = 0

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        self.header_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        parser = self._parser
        if parser is not None and parser.state not in (BODY, DONE):
            if self.header_bytes > MAX_HEADER_BYTES:
                self._giveUp(Failure(HeadersTooLong()))  # type: ignore[no-untyped-call]
                return
            self.header_bytes += len(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHandler(HTTP11DownloadHandler):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory


def allow_long_robots(headers: Headers, request: Request) -> None:
    """Let a robots.txt say that it is long: it is cut by `cut_robots`. A receiver of `headers_received`."""
    if request.meta.get("kind") == "robots":
        request.meta["download_maxsize"] = sys.maxsize


def cut_robots(data: bytes, request: Request) -> None:
    """Keep of a robots.txt what will be parsed: one that is longer, or has no end, is read to there (threat A23).

    A receiver of Scrapy's signal `bytes_received`.
    """
    if request.meta.get("kind") != "robots":
        return
    request.meta["download_maxsize"] = ENTRY_BYTES  # again what it may be once decompressed
    request.meta["received"] = request.meta.get("received", 0) + len(data)
    if request.meta["received"] > PARSED_BYTES:
        raise StopDownload(fail=False)
