"""HTML pages of links → articles: by selectors or by address, in declared blocks or in the rows of the links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from core.pages import Hint
from core.sources import ListingRules
from crawlers import charsets, dates, markup, plain
from crawlers.expressions import Expression
from crawlers.feeds import joined
from crawlers.found import EntryPage, Found, Reading, Unreadable
from crawlers.globs import is_glob

MOST_LINKS = 2_000
MOST_SOUGHT = 20_000
"""Links of a page among which those of its articles are sought."""
LONGEST = 2_000
"""Characters of an address in which an expression is searched."""
LONGEST_DATE = 60
"""Characters of what is a date in a card, and not a sentence that tells one."""
# Beyond these a row cannot reach: the date of a footer is nobody's.
_CONTAINERS = frozenset({"html", "body", "main", "section", "ul", "ol", "table", "tbody", "form"})


def urls(rules: ListingRules, most: int) -> tuple[str, ...]:
    """The addresses of a listing's pages, from `first`; a single one when `{page}` is not in the rules."""
    if "{page}" not in rules.url:
        return (rules.url,)
    numbers = range(rules.first, rules.first + min(rules.pages, most))
    return tuple(rules.url.replace("{page}", str(number)) for number in numbers)


def read(page: EntryPage, rules: ListingRules, now: datetime) -> Reading:
    """The links of a listing in page order. Raises Unreadable (`empty`) when none matches: a redesign must be seen."""
    document = markup.document(charsets.text_of(page.body, page.content_type))
    look = _Look(rules, markup.base_of(document, page.url), Expression(rules.link_regex))
    found = look.blocks(document) if rules.item else look.rows(document)
    if not found:
        raise Unreadable("empty", f"aucun lien ne correspond {_wanted(rules)} : la page a sans doute changé")
    return Reading(tuple(_found(row, rules, now) for row in found[:MOST_LINKS]), look.following(document))


def _wanted(rules: ListingRules) -> str:
    """What was sought, for the sentence that says that it was not there."""
    sought = rules.link or ("" if rules.link_regex else rules.pdf)
    said = [f"au sélecteur « {sought} »"] if sought else []
    said += [f"à l'expression « {rules.link_regex} »"] if rules.link_regex else []
    said += [f"dans un bloc « {rules.item} »"] if rules.item else []
    return " et ".join(said)[:300]


@dataclass(frozen=True, slots=True)
class _Row:
    """One article of the page: its address, the links that lead to it and the block that speaks of it."""

    url: str
    links: tuple[Any, ...]
    block: Any


@dataclass(frozen=True, slots=True)
class _Look:
    """Where the articles of one page are."""

    rules: ListingRules
    base: str
    expression: Expression

    def blocks(self, document: Any) -> list[_Row]:
        """One article in each declared block: its first link that is wanted, or its document."""
        found: dict[str, _Row] = {}
        for block in islice(markup.selector(self.rules.item)(document), MOST_SOUGHT):
            links = list(self._links(block))
            url = self._document_of(block) or (links[0][1] if links else "")
            if url:
                mine = tuple(element for element, link in links if link == links[0][1])
                found.setdefault(url, _Row(url, mine, block))
        return list(found.values())

    def rows(self, document: Any) -> list[_Row]:
        """One article for each address: a card often links its picture and its title to the same page."""
        links = list(islice(self._links(document), MOST_LINKS))
        rows = _Rows(links)
        by_url: dict[str, list[Any]] = {}
        for element, url in links:
            by_url.setdefault(url, []).append(element)
        found: dict[str, _Row] = {}
        for url, elements in by_url.items():
            block = rows.row(elements[0], url)
            address = (self.rules.link or self.rules.link_regex) and self._document_of(block)
            found.setdefault(address or url, _Row(address or url, tuple(elements), block))
        return list(found.values())

    def following(self, document: Any) -> tuple[str, ...]:
        """The page that a link says to be the next; none where pages are numbered in the address."""
        if not self.rules.next or "{page}" in self.rules.url:
            return ()
        elements = markup.selector(self.rules.next)(document)
        links = [link for element in elements if (link := markup.address_of(element))]
        return (joined(self.base, links[0]).split("#")[0],) if links else ()

    def _links(self, within: Any) -> Iterator[tuple[Any, str]]:
        """The wanted links of a part of the page, absolute; of every link in it where only an expression chooses."""
        css = self.rules.link or ("" if self.rules.link_regex else self.rules.pdf)
        elements = markup.selector(css)(within) if css else within.xpath("descendant-or-self::*[@href or @data-href]")
        for element in islice((each for each in elements if each.tag not in ("link", "base")), MOST_SOUGHT):
            link = markup.address_of(element)
            if link and self._is_wanted(url := joined(self.base, link)):
                yield element, url

    def _is_wanted(self, url: str) -> bool:
        if _excluded(url, self.rules.exclude):
            return False
        return not self.rules.link_regex or (len(url) <= LONGEST and self.expression.found_in(url))

    def _document_of(self, block: Any) -> str:
        """The document that a block gives, to be read in the place of its page."""
        if not self.rules.pdf:
            return ""
        links = (markup.address_of(element) for element in markup.selector(self.rules.pdf)(block))
        return next(
            (url for link in links if link and not _excluded(url := joined(self.base, link), self.rules.exclude)), ""
        )


class _Rows:
    """The row of a link: its nearest ancestors that hold no link to another article."""

    def __init__(self, links: list[tuple[Any, str]]) -> None:
        self._inside: dict[Any, set[str]] = {}
        for element, url in links:
            for ancestor in (element, *element.iterancestors()):
                self._inside.setdefault(ancestor, set()).add(url)

    def row(self, element: Any, url: str) -> Any:
        row = element
        for ancestor in element.iterancestors():
            if ancestor.tag in _CONTAINERS or self._inside[ancestor] != {url}:
                break
            row = ancestor
        return row


def _found(row: _Row, rules: ListingRules, now: datetime) -> Found:
    return Found(row.url, Hint(title=_title(row, rules.title), published=_date(row, rules.date, now)))


def _title(row: _Row, css: str) -> str:
    """Where the rules say, else the longest words of the links, else those of the block."""
    marked = [plain.title_of(part.text_content()) for part in markup.selector(css)(row.block)] if css else []
    titles = [title for title in marked if title] or [plain.title_of(_label(element)) for element in row.links]
    return titles[0] if any(marked) else max(titles, key=len, default="")


def _date(row: _Row, css: str, now: datetime) -> datetime | None:
    """A date of the block: where the rules say, else a `time` element, else its text; the links' own words aside."""
    if css:
        marked = markup.selector(css)(row.block)
        if date := _first(marked, now):
            return date
    if date := _first(row.block.iter("time"), now):
        return date
    if row.block in row.links:
        return _of_card(row.block, now)
    words = _spaced(row.block)
    for link in row.links:
        words = words.replace(_spaced(link), " ", 1)
    return dates.parse(words[-400:], now)


def _of_card(link: Any, now: datetime) -> datetime | None:
    """A card that is one link says its title in a heading and its date beside; any other link is all title."""
    heading = _heading(link)
    if heading is None:
        return None
    inside = set(heading.iter())
    others = (part for part in link.iterdescendants() if isinstance(part.tag, str) and part not in inside)
    return _first((part for part in others if len(part.text_content().strip()) <= LONGEST_DATE), now)


def _spaced(element: Any) -> str:
    return re.sub(r"\s+", " ", " ".join(element.itertext()))


def _heading(element: Any) -> Any:
    return next((part for part in element.iterdescendants("h1", "h2", "h3", "h4", "h5", "h6")), None)


def _first(elements: Iterable[Any], now: datetime) -> datetime | None:
    """The first date that elements give, to machines before readers."""
    texts = (text for element in elements for text in (element.get("datetime") or "", element.text_content()))
    return next((date for text in texts if (date := dates.parse(text, now))), None)


def _label(element: Any) -> str:
    heading = _heading(element)
    words = (element if heading is None else heading).text_content().strip() or element.text_content().strip()
    image = element.find(".//img[@alt]")
    return str(
        words or element.get("title") or element.get("aria-label") or (image.get("alt") if image is not None else "")
    )


def _excluded(url: str, patterns: tuple[str, ...]) -> bool:
    """Substrings, or globs where only `*` is special: `?` and `[` are ordinary in addresses."""
    return any(is_glob(url, pattern) if "*" in pattern else pattern in url for pattern in patterns)
