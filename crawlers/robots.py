"""robots.txt as RFC 9309 says: asked first, obeyed, and a site whose rules cannot be read is left alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego

from core.pages import FailureKind, Validators
from crawlers.found import Unreadable
from crawlers.manners import Hosts

PARSED_BYTES = 500 * 1024
"""RFC 9309, section 2.5: at least 500 KiB must be parsed; what follows is not."""


class Answered(Protocol):
    """What is needed of the answer to a request for robots.txt."""

    @property
    def status(self) -> int: ...

    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """What one authority's robots.txt says to us."""

    parsed: Protego | None = None
    """None when everything is allowed, or refused for `reason`."""
    kind: FailureKind = "robots"
    reason: str = ""
    """Why nothing may be asked, in French; empty when the rules decide."""


ALLOW_ALL = Rules()


def product_token(user_agent: str) -> str:
    """The name by which robots.txt may call us: the letters, `_` and `-` that open the User-Agent (RFC 9309, 2.2.1)."""
    found = re.match(r"[A-Za-z_-]+", user_agent)
    return found.group() if found else "*"


def rules_of(answer: Answered) -> Rules:
    """RFC 9309, section 2.3.1: 2xx is parsed, 4xx allows all, 5xx refuses all; 429 asks to stop, so it refuses too."""
    if answer.status == 429 or answer.status >= 500:
        return Rules(reason=f"robots.txt répond par l'erreur {answer.status} : le site est laissé tranquille")
    if not 200 <= answer.status < 300:
        return ALLOW_ALL
    return Rules(Protego.parse(answer.body[:PARSED_BYTES].decode("utf-8-sig", "replace").replace("\x00", "")))


def rules_after(error: Unreadable) -> Rules:
    """What an unreachable robots.txt means: too many redirects count as absent (2.3.1.2), silence refuses (2.3.1.4).

    No server was ever reached when the name, the certificate or the guard failed: that stays the reason shown.
    """
    if error.kind == "redirect":
        return ALLOW_ALL
    if error.kind in ("dns", "tls", "guard"):
        return Rules(kind=error.kind, reason=error.reason)
    return Rules(reason=f"robots.txt n'a pas pu être lu ({error.reason}) : le site est laissé tranquille")


Ask = Callable[[str, Validators | None], Awaitable[Answered]]


class Memory(Protocol):
    """What earlier runs read of robots.txt."""

    def known(self, url: str) -> Validators | None: ...

    def again(self, url: str) -> Answered:
        """The file as it was last read, when the server says that it has not changed."""
        ...

    def keep(self, url: str, answer: Answered) -> None: ...


class Robots:
    """The rules of every authority met in a run, each asked once."""

    def __init__(self, ask: Ask, user_agent: str, hosts: Hosts, memory: Memory | None = None) -> None:
        self._ask = ask
        self._memory = memory
        self._token = product_token(user_agent)
        self._hosts = hosts
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    async def check(self, url: str) -> None:
        """Raises Unreadable when the site does not want us there, or did not say."""
        parts = urlsplit(url)
        authority = f"{parts.scheme}://{parts.netloc}"
        if authority not in self._rules:
            self._rules[authority] = asyncio.create_task(self._learn(authority))
        rules = await self._rules[authority]
        if rules.reason:
            raise Unreadable(rules.kind, rules.reason)
        if rules.parsed is not None and not rules.parsed.can_fetch(url, self._token):
            raise Unreadable("robots", "robots.txt demande de ne pas lire cette adresse")

    async def _read(self, url: str) -> Answered:
        """The file, asked on condition that it changed since an earlier run read it."""
        if self._memory is None:
            return await self._ask(url, None)
        answer = await self._ask(url, self._memory.known(url))
        if answer.status == 304:
            return self._memory.again(url)
        if answer.status == 200:
            self._memory.keep(url, answer)
        return answer

    async def _learn(self, authority: str) -> Rules:
        url = f"{authority}/robots.txt"
        try:
            rules = rules_of(await self._read(url))
        except Unreadable as error:
            return rules_after(error)
        delay = rules.parsed.crawl_delay(self._token) if rules.parsed else None
        if delay:
            self._hosts.of(url).slow_down(delay)
        return rules
