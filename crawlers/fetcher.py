"""The only way to a page: guard, robots.txt, the host's turn, limits, redirects and Retry-After, on every hop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from w3lib.url import safe_url_string

from core.pages import Validators
from core.sources import CrawlSettings, Source
from core.urls import host
from crawlers.failures import unreadable
from crawlers.found import UNANSWERED, Unreadable
from crawlers.limits import CONCURRENT_DOWNLOADS, ENTRY_BYTES, HTML_BYTES
from crawlers.manners import DAY, LONGEST_WAIT, UNCLEAR_WAIT, Host, Hosts, retry_after
from crawlers.mining import Reservations
from crawlers.robots import Memory, Robots

MAX_REDIRECTS = 5
MAX_RETRIES = 2
LONGEST_URL = 4_000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LASTING = frozenset({301, 308})
"""Redirects for good (RFC 9110, sections 15.4.2 and 15.4.9)."""
BUSY = frozenset({429, 503})
Kind = Literal["robots", "entry", "article"]
LIMITS: dict[Kind, int] = {"robots": ENTRY_BYTES, "entry": ENTRY_BYTES, "article": HTML_BYTES}
ACCEPT: dict[Kind, str] = {
    "robots": "text/plain, */*;q=0.1",
    "entry": "application/rss+xml, application/atom+xml, application/feed+json, application/xml, */*;q=0.5",
    "article": "text/html, application/xhtml+xml, application/pdf, */*;q=0.1",
}
Download = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said in the end, redirects followed and body decompressed."""

    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


class Fetcher:
    """Asks for pages through Scrapy's downloader, politely; one per run."""

    def __init__(self, download: Download, settings: CrawlSettings, memory: Memory | None = None) -> None:
        self._download = download
        self._settings = settings
        self._hosts = Hosts(settings.delay, settings.allowed_private_hosts)
        self._robots = Robots(self._ask_robots, settings.user_agent, self._hosts, memory)
        self.reservations = Reservations(self._ask_entry, settings.user_agent, memory)
        self._slots = asyncio.Semaphore(CONCURRENT_DOWNLOADS)
        self.requests = 0
        self.moved: dict[str, str] = {}
        """Entry page asked → where redirects for good, and they alone, led to an answer."""
        self.gone: set[str] = set()
        """Entry pages asked that answered 410."""

    async def get(self, url: str, kind: Kind, known: Validators | None = None, limit: int = 0) -> Answer:
        """One page, after up to MAX_REDIRECTS redirects, each of them checked; conditional when validators are given.

        Raises Unreadable with the reason when there is no answer to give; any HTTP status is an answer.
        """
        seen: list[str] = []
        asked, home = url, ""
        while True:
            check_scheme(url)
            url = _written(url)
            if kind != "robots":
                await self._robots.check(url)
            response = await self._patiently(url, kind, known, limit or LIMITS[kind])
            target = _target(response)
            if target is None:
                if kind == "entry":
                    self._note(asked, home, response.status)
                return Answer(response.url, response.status, _headers(response), response.body)
            home = target if response.status in LASTING and (home or not seen) else ""
            seen.append(url)
            if target in seen:
                raise Unreadable("redirect", "la page redirige sans fin vers elle-même")
            if len(seen) > MAX_REDIRECTS:
                raise Unreadable("redirect", f"plus de {MAX_REDIRECTS} redirections de suite")
            url = target

    def _note(self, asked: str, home: str, status: int) -> None:
        if status == 410:
            self.gone.add(asked)
        elif home and status in (200, 304):
            self.moved[asked] = home

    def heed(self, sources: Iterable[Source]) -> None:
        """Take the longer delays that sources ask for their own hosts, those of their entry points (threat A25)."""
        for source in sources:
            for url in (source.url, *source.entries) if source.delay else ():
                self._hosts.of(url).slow_down(source.delay or 0.0)

    def pause(self, url: str) -> float:
        """Seconds during which a host asks to be left alone, beyond this run; 0 for what a run can wait for."""
        try:
            check_scheme(url)
        except Unreadable:
            return 0.0
        left = self._hosts.of(url).pause_left()
        return left if left > LONGEST_WAIT else 0.0

    def closed(self, url: str) -> bool:
        """True when a host may not be asked anything more in this run."""
        return self._hosts.of(url).closed() is not None

    async def _ask_robots(self, url: str, known: Validators | None) -> Answer:
        return await self.get(url, "robots", known)

    async def _ask_entry(self, url: str, known: Validators | None) -> Answer:
        return await self.get(url, "entry", known)

    async def _patiently(self, url: str, kind: Kind, known: Validators | None, limit: int) -> Response:
        """Ask, and ask again when the host says that it is busy and for how long."""
        queue = self._hosts.of(url)
        for _ in range(1 + MAX_RETRIES):
            response = await self._once(queue, _request(url, kind, known, limit, self._settings))
            if response.status not in BUSY:
                return response
            # The real time, not the run's: an HTTP date is compared with the server's clock.
            value = (response.headers.get("Retry-After") or b"").decode("latin-1")
            wait = retry_after(value, datetime.now(UTC))
            if wait is None and response.status == 503:
                return response
            wait = UNCLEAR_WAIT if wait is None else wait
            queue.pause(wait)
            if wait > LONGEST_WAIT:
                raise Unreadable("http", f"le serveur demande d'attendre {wait:.0f} s (erreur {response.status})")
        if response.status == 429:
            queue.pause(DAY)
        return response

    async def _once(self, queue: Host, request: Request) -> Response:
        async with queue.turn(), self._slots:
            self.requests += 1
            try:
                response = await self._download(request)
            except Exception as error:  # the network's border: whatever a download raises becomes a named reason
                named = unreadable(error, host(request.url), self._settings.timeout, request.meta["download_maxsize"])
                if named.kind in UNANSWERED:
                    queue.silent()
                raise named from error
        queue.answered()
        return response


def check_scheme(url: str) -> None:
    """Raises Unreadable for anything but an http(s) address with a host and without credentials (threats A6, A34)."""
    if len(url) > LONGEST_URL:
        raise Unreadable("guard", f"adresse de plus de {LONGEST_URL} caractères : refusée")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unreadable("guard", "adresse mal formée : refusée") from error
    if parts.scheme not in ("http", "https"):
        raise Unreadable("guard", f"seules les pages http et https sont lues, pas « {parts.scheme[:20]}: »")
    if not parts.hostname or port == 0:
        raise Unreadable("guard", "adresse mal formée : refusée")
    if parts.username is not None:
        raise Unreadable("guard", "une adresse avec identifiants n'est pas acceptée")
    try:
        parts.hostname.encode("idna")
    except UnicodeError as error:
        raise Unreadable("guard", "adresse mal formée : refusée") from error


def _written(url: str) -> str:
    """An address as it is sent: spaces and accents encoded."""
    try:
        return safe_url_string(url)
    except ValueError as error:
        raise Unreadable("guard", "adresse mal formée : refusée") from error


def _request(url: str, kind: Kind, known: Validators | None, limit: int, settings: CrawlSettings) -> Request:
    headers = {"User-Agent": settings.user_agent, "Accept": ACCEPT[kind], "Accept-Language": "fr, en;q=0.5"}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    meta = {"download_maxsize": limit, "download_timeout": settings.timeout, "kind": kind}
    return Request(url, headers=headers, meta=meta, dont_filter=True)


def _target(response: Response) -> str | None:
    """Where a redirect leads, absolute and without fragment; None when the response is not one."""
    location = response.headers.get("Location")
    if response.status not in REDIRECTS or not location:
        return None
    try:
        return urljoin(response.url, safe_url_string(location.decode("utf-8", "replace"))).split("#")[0]
    except ValueError as error:
        raise Unreadable("redirect", "la page redirige vers une adresse mal formée") from error


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    """All headers but cookies, which are nobody's business to keep."""
    pairs: Iterable[tuple[bytes, list[bytes]]] = response.headers.items()
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in pairs
        for value in values
        if name.lower() != b"set-cookie"
    )
