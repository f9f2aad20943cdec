"""What a site or a page says of text and data mining, and what is left of an article whose publisher reserves it.

The right: CPI, art. L. 122-5-3, III (directive 2019/790, art. 4): anybody may mine what is lawfully read, unless the
publisher has reserved it by machine-readable means. The means read here: the TDM Reservation Protocol (W3C community
group: `/.well-known/tdmrep.json`, header and meta `tdm-reservation`) and the `noai` of robots directives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.pages import Hint, Validators
from core.sources import Rights
from core.text import one_line
from crawlers import charsets
from crawlers.apis import row_of
from crawlers.found import Unreadable
from crawlers.globs import is_glob
from crawlers.robots import Answered, Memory, product_token, read, robots_url

if TYPE_CHECKING:
    from crawlers.fetcher import Answer

WELL_KNOWN = "/.well-known/tdmrep.json"
ANNOUNCED = 300
"""Characters of a reserved article's announcement, by its own feed or listing, that are read for the topic."""
HEAD_BYTES = 256 * 1024
"""Where a page's meta tags are sought."""
MOST_RULES = 1_000
LONGEST_PATTERN = 500
_META_RE = re.compile(rb"<meta\b[^<>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE_RE = re.compile(r"""\b(name|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TITLE_RE = re.compile(r"<title\b[^<>]{0,200}>([^<]{1,1000})</title", re.IGNORECASE)
_AGENT_RE = re.compile(r"^\s*([\w-]+)\s*:(.*)$", re.DOTALL)
_SAID = {"header": "l'en-tête tdm-reservation", "meta": "la balise tdm-reservation", "noai": "la directive noai"}


def obeyed(rights: Rights) -> bool:
    """False when the publisher has agreed, as `[source.rights] mining` says."""
    return rights.mining == "respect"


class Reservations:
    """The reservations of every host met in a run; their file is asked once a day at most, where robots.txt lets us."""

    def __init__(
        self, get: Callable[[str, Validators | None], Awaitable[Answer]], user_agent: str, memory: Memory | None
    ) -> None:
        """`get` asks an address as any page is asked: guard, robots.txt, the host's turn."""
        self._get = get
        self._token = product_token(user_agent).lower()
        self._memory = memory
        self._files: dict[str, list[Any]] = {}

    async def of_site(self, url: str) -> str:
        """What the site's file says of an address, in French; empty when it reserves nothing, or cannot be read."""
        place = robots_url(url).removesuffix("/robots.txt") + WELL_KNOWN
        if place not in self._files:
            self._files[place] = await self._rules(place)
        return f"{WELL_KNOWN} réserve la fouille de textes" if reserved_by_file(self._files[place], url) else ""

    def of_page(self, answer: Answer) -> str:
        """What a page says of itself, in its headers or its meta tags, in French; empty when it reserves nothing."""
        return next(
            (f"{_SAID[how]} d'une page réserve la fouille de textes" for how in page_signals(answer, self._token)), ""
        )

    async def _rules(self, place: str) -> list[Any]:
        try:
            answer: Answered = await read(place, self._get, self._memory)
        except Unreadable:
            return []  # its host is closed, or does not want this file to be read: its articles will say why
        return rules_of(answer.body) if answer.status == 200 else []


def rules_of(body: bytes) -> list[Any]:
    """The rules of a tdmrep.json, a list of objects; empty for anything else (a home page in its place is common)."""
    try:
        rules = json.loads(charsets.text_of(body))
    except (ValueError, RecursionError):
        return []
    return rules[:MOST_RULES] if isinstance(rules, list) else []


def reserved_by_file(rules: list[Any], url: str) -> bool:
    """True when the first rule whose `location` matches, or the longest one, reserves the address.

    A location is a path with `*` and a final `$`, as in robots.txt. Where first and longest disagree, the publisher has
    the benefit of the doubt.
    """
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    said = [
        (len(rule["location"]), str(rule.get("tdm-reservation")).strip() in ("1", "True"))
        for rule in rules
        if isinstance(rule, dict) and isinstance(rule.get("location"), str) and matches(rule["location"], path)
    ]
    return bool(said) and (said[0][1] or max(said)[1])


def matches(pattern: str, path: str) -> bool:
    """True when a path begins as a pattern says, or is so to its end after a final `$`; `*` stands for anything."""
    cut = pattern[:LONGEST_PATTERN].removesuffix("$")
    return is_glob(path, cut if pattern.endswith("$") else f"{cut}*")


def page_signals(answer: Answer, token: str) -> list[str]:
    """Which of its means a page uses: header, meta, noai."""
    found = ["header"] if answer.header("tdm-reservation").strip() == "1" else []
    directives = [value for name, value in answer.headers if name.lower() == "x-robots-tag"]
    for name, content in _metas(answer.body):
        if name == "tdm-reservation" and content.strip() == "1":
            found.append("meta")
        if name in ("robots", token):
            directives.append(content)
    return [*found, *(["noai"] if any(_says_noai(value, token) for value in directives) else [])]


def _says_noai(value: str, token: str) -> bool:
    """`noai`, alone or among others; after `name:`, when the name is ours. `noimageai` is of pictures, never taken."""
    if (agent := _AGENT_RE.match(value)) and "," not in agent[1]:
        if agent[1].lower() not in (token, "*"):
            return False
        value = agent[2]
    return "noai" in {word.strip().lower() for word in value.split(",")}


def _metas(body: bytes) -> list[tuple[str, str]]:
    if body.startswith(b"%PDF"):
        return []
    pairs = []
    for tag in _META_RE.findall(body[:HEAD_BYTES]):
        values = {
            name.lower(): one or two or three
            for name, one, two, three in _ATTRIBUTE_RE.findall(tag.decode("utf-8", "replace"))
        }
        pairs.append((values.get("name", "").strip().lower(), values.get("content", "")))
    return pairs


def announcement(url: str, hint: Hint, answer: Answer | None = None) -> bytes | None:
    """What is kept of a reserved article, as a row: its title, its date, the beginning of its own announcement.

    The title is the announcement's, else the page's. None when neither has one.
    """
    title = hint.title or (_page_title(answer) if answer else "")
    return row_of(url, title, one_line(hint.text, ANNOUNCED), hint.published, reserved=True) if title else None


def _page_title(answer: Answer) -> str:
    found = _TITLE_RE.search(charsets.text_of(answer.body[:HEAD_BYTES], answer.header("content-type")))
    return one_line(unescape(found[1])) if found else ""
