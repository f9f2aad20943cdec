"""What a page declares of itself, read in one pass: meta tags, JSON-LD, microdata, canonical link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_SCRIPTS = 10
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
        yield from (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
