"""HTML pages of links → articles: CSS for the links and the next page, the date sought in the link's own row."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from core.pages import Hint
from core.sources import ListingRules
from crawlers import charsets, dates, markup, plain
from crawlers.feeds import joined
from crawlers.found import EntryPage, Found, Reading, Unreadable

MOST_LINKS = 2_000
# Beyond these a row cannot reach: the date of a footer is nobody's.
_CONTAINERS = frozenset({"html", "body", "main", "section", "ul", "ol", "table", "tbody", "form"})


def read(page: EntryPage, rules: ListingRules, now: datetime) -> Reading:
    """The links of a listing in page order. Raises Unreadable (`empty`) when none matches: a redesign must be seen."""
    document = markup.document(charsets.text_of(page.body, page.content_type))
    base = markup.base_of(document, page.url)
    links: list[tuple[Any, str]] = []
    for element in markup.selector(rules.link)(document)[:MOST_LINKS]:
        link = markup.address_of(element)
        if link and not _excluded(url := joined(base, link), rules.exclude):
            links.append((element, url))
    if not links:
        raise Unreadable(
            "empty", f"aucun lien ne correspond au sélecteur « {rules.link} » : la page a sans doute changé"
        )
    return Reading(_found(links, rules, now), _next(document, base, rules))


def _found(links: list[tuple[Any, str]], rules: ListingRules, now: datetime) -> tuple[Found, ...]:
    """One article per address: a card often links its picture and its title to the same page."""
    rows = _Rows(links)
    titles: dict[str, str] = {}
    published: dict[str, datetime | None] = {}
    for element, url in links:
        title = plain.title_of(_label(element))
        if len(title) > len(titles.setdefault(url, "")):
            titles[url] = title
        if published.get(url) is None:
            published[url] = _date(element, rows.row(element, url), rules.date, now)
    return tuple(Found(url, Hint(title=titles[url], published=published[url])) for url in titles)


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


def _date(element: Any, row: Any, css: str, now: datetime) -> datetime | None:
    """A date of the row: where the rules say, else a `time` element, else its text; the link's own words aside."""
    if css:
        marked = markup.selector(css)(row)
        texts = [part.get("datetime") or part.text_content() for part in marked]
        if date := _first(texts, now):
            return date
    times = [part.get("datetime") or part.text_content() for part in row.iter("time")]
    if date := _first(times, now):
        return date
    own = element.text_content() if row is not element else ""
    words = re.sub(r"\s+", " ", row.text_content() if row is not element else "")
    return dates.parse(words.replace(re.sub(r"\s+", " ", own), " ", 1)[-400:], now)


def _first(texts: list[str], now: datetime) -> datetime | None:
    return next((date for text in texts if (date := dates.parse(text, now))), None)


def _label(element: Any) -> str:
    words = element.text_content().strip()
    image = element.find(".//img[@alt]")
    return str(
        words or element.get("title") or element.get("aria-label") or (image.get("alt") if image is not None else "")
    )


def _excluded(url: str, patterns: tuple[str, ...]) -> bool:
    """Substrings, or globs where only `*` is special: `?` and `[` are ordinary in addresses."""
    return any(
        re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), url) is not None
        if "*" in pattern
        else pattern in url
        for pattern in patterns
    )


def _next(document: Any, base: str, rules: ListingRules) -> tuple[str, ...]:
    if not rules.next:
        return ()
    links = [link for element in markup.selector(rules.next)(document) if (link := markup.address_of(element))]
    return (joined(base, links[0]).split("#")[0],) if links else ()
