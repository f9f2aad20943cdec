"""Scrapy's HTTP handler with what it lacks: a cap on the size of response headers."""

from __future__ import annotations

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, DONE, HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IResponse

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
