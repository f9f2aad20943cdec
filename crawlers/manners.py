"""One request at a time to a host, a pause between two, and longer when it asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from core.urls import host
from crawlers.found import Unreadable

PUBLIC_DELAY = 2.0
"""Seconds: the least delay between two requests to a host that is not ours, whatever the configuration says."""
MAX_CRAWL_DELAY = 60.0
LONGEST_WAIT = 120.0
"""Seconds: a host that asks for more is left alone until the next run."""
UNCLEAR_WAIT = 60.0
"""Seconds: what 429 without a readable Retry-After is worth."""
DAY = 86_400.0
DEFAULT_PORTS = {"http": 80, "https": 443}
TROUBLES = 3
"""Requests in a row without any answer, after which a host is left alone until the next run."""


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds to wait (RFC 9110, section 10.2.3: seconds or an HTTP date), at most a day; None when unreadable."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value.lstrip("0")[:10] or "0"), DAY)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return min(max((date - now).total_seconds(), 0.0), DAY)


class Host:
    """The queue before one host."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self._turn = asyncio.Lock()
        self._last = float("-inf")
        self._paused_until = float("-inf")
        self._troubles = 0

    def slow_down(self, delay: float) -> None:
        """Raise the delay to what robots.txt asks (Crawl-delay), within MAX_CRAWL_DELAY."""
        self.delay = max(self.delay, min(delay, MAX_CRAWL_DELAY))

    def pause(self, seconds: float) -> None:
        self._paused_until = max(self._paused_until, time.monotonic() + seconds)

    def pause_left(self) -> float:
        """Seconds before the host may be asked again; 0 when it asked for no pause."""
        return max(self._paused_until - time.monotonic(), 0.0)

    def answered(self) -> None:
        self._troubles = 0

    def silent(self) -> None:
        self._troubles += 1

    def closed(self) -> Unreadable | None:
        """Why nothing more may be asked in this run; None when something may."""
        if self._troubles >= TROUBLES:
            return Unreadable(
                "connection", f"{TROUBLES} demandes de suite sans réponse : le site est laissé tranquille"
            )
        wait = self.pause_left()
        if wait > LONGEST_WAIT:
            return Unreadable("http", f"le serveur demande d'attendre encore {wait:.0f} s : il est laissé tranquille")
        return None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, then hold it; raises Unreadable when the host is closed for this run."""
        async with self._turn:
            while True:
                if refusal := self.closed():
                    raise refusal
                wait = max(self._last + self.delay, self._paused_until) - time.monotonic()
                if wait <= 0:
                    break
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                self._last = time.monotonic()


class Hosts:
    """Every host of a run, by name: two ports of one machine share its queue."""

    def __init__(self, delay: float, allowed_private: Collection[str]) -> None:
        self._delay = delay
        self._private = frozenset(allowed_private)
        self._hosts: dict[str, Host] = {}

    def of(self, url: str) -> Host:
        name = host(url)
        if name not in self._hosts:
            parts = urlsplit(url)
            ours = f"{parts.hostname}:{parts.port or DEFAULT_PORTS[parts.scheme]}" in self._private
            self._hosts[name] = Host(self._delay if ours else max(self._delay, PUBLIC_DELAY))
        return self._hosts[name]
