"""Finds, in any page, the repeated block of links that is a list of articles, and says it as listing rules; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from core.sources import ListingRules
from core.urls import canonical, same_site
from crawlers import listings, markup
from crawlers.feeds import joined
from crawlers.found import EntryPage, Found, Unreadable

FEWEST = 3
"""Links alike that make a list."""
SHORTEST_TITLE = 12
MOST_LINKS = 3_000
MOST_GROUPS = 12
"""Groups of links that are tried, the largest first."""
DEPTH = 3
"""Ancestors of a link that tell its shape."""
PDF_LINK = 'a[href$=".pdf"]'
_FURNITURE = frozenset({"nav", "header", "footer", "aside", "form", "dialog"})
_FURNITURE_RE = re.compile(
    r"(?:^|[-_ ])(?:menu|nav|navbar|navigation|breadcrumbs?|fil-ariane|footer|sidebar|cookies?|share|partage|related"
    r"|tags?|pager|pagination|social)(?:[-_ ]|$)",
    re.IGNORECASE,
)
_NAME_RE = re.compile(r"-?[a-zA-Z_][\w-]{1,40}")
_NUMBERED_RE = re.compile(r"\d{2,}|[A-Za-z]\d[A-Za-z\d]{3,}")
_NEXT_RE = re.compile(r"\b(?:suivante?s?|older|next|plus ancien(?:ne)?s?)\b|^\W*[›»→>]\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A list of articles: the rules that read it, and what they read."""

    rules: ListingRules
    found: tuple[Found, ...]

    @property
    def dated(self) -> int:
        return sum(item.hint.published is not None for item in self.found)

    @property
    def worth(self) -> float:
        """Many articles, dates and real titles make a list; a menu has none of the three."""
        lengths = [min(len(item.hint.title), 80) for item in self.found]
        share = self.dated / len(self.found)
        return min(len(self.found), 60) * (0.3 + share) * (sum(lengths) / len(lengths) / 80)


def blocks(page: EntryPage, text: str, now: datetime) -> list[Block]:
    """The lists of a page, the likeliest first, at most three; empty for what is no HTML. Nothing is asked."""
    try:
        parsed = markup.document(text)
    except Unreadable:
        return []
    groups = _groups(parsed, page.url)
    following = _next(parsed)
    read: list[Block] = []
    for urls, shapes in groups:
        block = _read(page, _selectors(shapes), urls, following, now)
        if block is not None and all(block.rules != other.rules for other in read):
            read.append(block)
    read.sort(key=lambda block: block.worth, reverse=True)
    return read[:3]


Shape = tuple[str, ...]


def _groups(parsed: Any, url: str) -> list[tuple[frozenset[str], Shape]]:
    """Links of one shape, the largest groups first: their addresses, and the steps from link to ancestor."""
    base, uses = markup.base_of(parsed, url), _class_uses(parsed)
    grouped: dict[Shape, set[str]] = {}
    for element in list(parsed.iter("a"))[:MOST_LINKS]:
        address = joined(base, markup.address_of(element)).split("#")[0]
        if _is_article(element, address, url):
            grouped.setdefault(_shape(element, uses), set()).add(address)
    large = [(frozenset(urls), shape) for shape, urls in grouped.items() if len(urls) >= FEWEST]
    return sorted(large, key=lambda group: len(group[0]), reverse=True)[:MOST_GROUPS]


def _is_article(element: Any, address: str, url: str) -> bool:
    """A link with a title, to another page of the site or to a document, outside menus and margins."""
    try:
        canonical(address)
    except ValueError:
        return False
    words = " ".join(element.text_content().split())
    elsewhere = not same_site(address, url) and not is_pdf(address)
    if elsewhere or address == url.split("#")[0] or len(words) < SHORTEST_TITLE or " " not in words:
        return False
    return not any(_is_furniture(ancestor) for ancestor in element.iterancestors())


def is_pdf(address: str) -> bool:
    return urlsplit(address).path.lower().endswith(".pdf")


def _is_furniture(element: Any) -> bool:
    if element.tag in ("body", "html", "main"):
        return False
    if element.tag in _FURNITURE and not _holds_article(element):
        return True
    return bool(_FURNITURE_RE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _holds_article(element: Any) -> bool:
    """`<header>` inside an `<article>` is where blogs put its title."""
    return element.tag == "header" and any(ancestor.tag == "article" for ancestor in element.iterancestors())


def _class_uses(parsed: Any) -> Counter[str]:
    return Counter(name for element in parsed.iter() for name in _classes(element))


def _classes(element: Any) -> list[str]:
    """Classes that tell a kind of element, not one element: no `post-1234`, no generated name."""
    names = (element.get("class") or "").split() if isinstance(element.tag, str) else []
    return [name for name in names if _NAME_RE.fullmatch(name) and not _NUMBERED_RE.search(name)]


def _shape(element: Any, uses: Counter[str]) -> Shape:
    ancestors = [step for step in element.iterancestors() if step.tag not in ("body", "html")][:DEPTH]
    return tuple(_step(step, uses) for step in (element, *ancestors))


def _step(element: Any, uses: Counter[str]) -> str:
    """`div.views-row`: the tag, with its class that is used the most."""
    names = _classes(element)
    return f"{element.tag}.{max(names, key=lambda name: uses[name])}" if names else str(element.tag)


def _selectors(shape: Shape) -> Iterator[str]:
    """CSS for links of a shape, from the shortest to the most precise."""
    link, *above = shape
    yield from (PDF_LINK,)
    if "." in link:
        yield link
    # The first ancestor with a class names the row: `div.views-row h3 a`.
    named = next((depth for depth, step in enumerate(above, 1) if "." in step), 0)
    for depth in dict.fromkeys((named, *range(1, len(above) + 1))):
        if depth:
            yield " ".join([*reversed(above[:depth]), link.split(".")[0]])
    yield " > ".join([*reversed(above), link])


def _read(
    page: EntryPage, selectors: Iterator[str], urls: frozenset[str], following: str, now: datetime
) -> Block | None:
    """The first selector that reads this group, and next to nothing else."""
    for css in selectors:
        rules = ListingRules(url=page.url, link=css, next=following)
        try:
            found = listings.read(page, rules, now).found
        except Unreadable:
            continue
        read = {item.url.split("#")[0] for item in found}
        if urls <= read and len(read) <= len(urls) * 1.2:
            return Block(rules, found)
    return None


def _next(parsed: Any) -> str:
    """CSS of the link to the following page; empty when there is none that CSS can name."""
    if parsed.xpath("//a[contains(concat(' ', @rel, ' '), ' next ')]"):
        return 'a[rel~="next"]'
    for link in parsed.iter("a"):
        words = " ".join(link.text_content().split())
        if not words or len(words) > 30 or not _NEXT_RE.search(words):
            continue
        for element, suffix in ((link, ""), (link.getparent(), " a")):
            names = _classes(element) if element is not None and len(list(element.iter("a"))) == 1 else []
            css = next((f"{element.tag}.{name}{suffix}" for name in names if _alone(parsed, element.tag, name)), "")
            if css:
                return css
    return ""


def _alone(parsed: Any, tag: str, name: str) -> bool:
    """True when one element of the page has this class: the ways to the next page and to the last are often alike."""
    return len(markup.selector(f"{tag}.{name}")(parsed)) == 1
