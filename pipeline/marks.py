"""What a page declares of itself, read in one pass: meta tags, JSON-LD, microdata, canonical link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.text import fold

MOST_SCRIPTS = 10
MOST_NAMES = 5
_OTHER_THINGS = re.compile(
    r"(?:Event|VideoObject|ImageObject|AudioObject|Comment|Product|BreadcrumbList|WebSite|Organization|Person|SearchAction)$"
)
_MICRODATA = "//*[@itemprop='datePublished' or @itemprop='author' or @rel='author'] | //article//time[@pubdate]"


@dataclass(slots=True)
class Marks:
    """The declarations of one page; lists keep the page's order."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    """`content` by `property`, `name` or `itemprop`, in lower case."""
    json_ld: list[dict[str, Any]] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    """`datetime` of microdata and of <time pubdate>."""
    authors: list[str] = field(default_factory=list)
    canonical: str = ""

    def meta(self, *names: str) -> str:
        """The first value among several names, by order of names; empty when the page has none."""
        return next((value for name in names for value in self.metas.get(name, ()) if value), "")

    def articles(self, title: str) -> list[dict[str, Any]]:
        """The JSON-LD objects that speak of the page itself: not of a video in it, nor of the articles beside it."""
        told = [row for row in self.json_ld if not any(_OTHER_THINGS.search(kind) for kind in _kinds(row))]
        articles = [row for row in told if any("Article" in kind or "Posting" in kind for kind in _kinds(row))]
        own = [row for row in articles if fold(str(row.get("headline") or "")) == fold(title)] or articles
        return own + [row for row in told if not any(row is each for each in articles)]

    def names(self, author: Any) -> str:
        """The name in a JSON-LD author: a string, an object, a reference to one, or a list of these."""
        if isinstance(author, list):
            return ", ".join(
                filter(None, (self.names(each) for each in author[:MOST_NAMES] if not isinstance(each, list)))
            )
        if isinstance(author, dict):
            named = author if author.get("name") else self._referred(author.get("@id"))
            return text_of(named.get("name"))
        return text_of(author)

    def _referred(self, identity: Any) -> dict[str, Any]:
        found = (row for row in self.json_ld if identity and row.get("@id") == identity)
        return next(found, {})


def text_of(value: Any) -> str:
    """A JSON-LD value that should be a string, or a list of strings."""
    first = next(iter(value), "") if isinstance(value, list) else value
    return first if isinstance(first, str) else ""


def _kinds(row: dict[str, Any]) -> list[str]:
    stated = row.get("@type")
    return [kind for kind in (stated if isinstance(stated, list) else [stated]) if isinstance(kind, str)]


def read_marks(tree: Any) -> Marks:
    """The marks of a parsed page (lxml)."""
    marks = Marks(json_ld=list(_json_ld(tree)))
    for node in tree.iter("meta"):
        content = (node.get("content") or "").strip()
        for name in (node.get("property"), node.get("name"), node.get("itemprop")):
            if name and content:
                marks.metas.setdefault(name.lower(), []).append(content)
    for node in tree.iter("link"):
        if "canonical" in (node.get("rel") or "").lower().split() and not marks.canonical:
            marks.canonical = (node.get("href") or "").strip()
    for node in tree.xpath(_MICRODATA):
        if when := node.get("datetime"):
            marks.dates.append(when)
        elif node.get("itemprop") != "datePublished":
            marks.authors.append(" ".join(" ".join(node.itertext()).split()))
    return marks


def _json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, `@graph` opened; what cannot be read is left aside."""
    scripts = (node for node in tree.iter("script") if node.get("type") == "application/ld+json")
    for node, _ in zip(scripts, range(MOST_SCRIPTS), strict=False):
        try:
            data = json.loads(node.text or "")
        except (ValueError, RecursionError):
            continue
        rows = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                yield row
                if isinstance(main := row.get("mainEntity"), dict):
                    yield main
