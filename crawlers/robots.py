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
from core.urls import canonical
from crawlers.found import Unreadable
from crawlers.manners import Hosts

PARSED_BYTES = 500 * 1024
"""RFC 9309, section 2.5: at least 500 KiB must be parsed; what follows is not."""

_VERSION_RE = re.compile(r"^([ \t]*user-agent[ \t]*:[ \t]*[a-z_-]+)/[^\r\n#]*", re.IGNORECASE | re.MULTILINE)
"""A name with its version, as sites write it though section 2.2.1 has the bare name; Protego would not know ours."""


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
    text = _parsed(answer.body).decode("utf-8-sig", "replace").replace("\x00", "")
    return Rules(Protego.parse(_VERSION_RE.sub(r"\1", text)))


def _parsed(body: bytes) -> bytes:
    """The first 500 KiB, to the end of a line: half a rule could be a rule that nobody wrote."""
    if len(body) < PARSED_BYTES:
        return body
    kept = body[:PARSED_BYTES]
    return kept[: max(kept.rfind(b"\n"), kept.rfind(b"\r")) + 1]


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
    """What earlier runs read of such files."""

    def recent(self, url: str) -> Answered | None:
        """What is known since less than a day, so that the file need not be asked."""
        ...

    def last(self, url: str) -> Answered | None:
        """The last copy, for a file that cannot be reached."""
        ...

    def known(self, url: str) -> Validators | None: ...

    def again(self, url: str) -> Answered:
        """The file as it was last read, when the server says that it has not changed."""
        ...

    def keep(self, url: str, answer: Answered) -> None: ...


async def read(url: str, ask: Ask, memory: Memory | None) -> Answered:
    """A file, asked once a day at most, and then on condition that it changed since; raises what `ask` raises."""
    if memory is None:
        return await ask(url, None)
    if recent := memory.recent(url):
        return recent
    answer = await ask(url, memory.known(url))
    if answer.status == 304:
        return memory.again(url)
    if answer.status == 200 or (400 <= answer.status < 500 and answer.status != 429):
        memory.keep(url, answer)
    return answer


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
        place = robots_url(url)
        if place not in self._rules:
            self._rules[place] = asyncio.create_task(self._learn(place))
        rules = await self._rules[place]
        if rules.reason:
            raise Unreadable(rules.kind, rules.reason)
        if rules.parsed is not None and not rules.parsed.can_fetch(url, self._token):
            raise Unreadable("robots", "robots.txt demande de ne pas lire cette adresse")

    async def _learn(self, url: str) -> Rules:
        try:
            rules = rules_of(await read(url, self._ask, self._memory))
        except Unreadable as error:
            rules = rules_after(error)
        if rules.reason and rules.kind == "robots":
            rules = self._last_copy(url) or rules
        delay = rules.parsed.crawl_delay(self._token) if rules.parsed else None
        if delay:
            self._hosts.of(url).slow_down(delay)
        return rules

    def _last_copy(self, url: str) -> Rules | None:
        """What the file said when it could last be reached (RFC 9309, sections 2.3.1.4 and 2.4); None without one."""
        copy = self._memory.last(url) if self._memory else None
        return rules_of(copy) if copy is not None else None


def robots_url(url: str) -> str:
    """Where the rules of a page are: at the root of its scheme, host and port (RFC 9309, section 2.3)."""
    parts = urlsplit(url)
    try:
        return canonical(f"{parts.scheme}://{parts.netloc}/robots.txt")
    except ValueError as error:
        raise Unreadable("guard", "adresse mal formée : refusée") from error
