"""When a page was published: its structured marks first, then the entry point's word, then its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.clock import PARIS
from core.pages import FetchedPage
from pipeline.dates import Dated, has_hour, is_update, plausible, read, structured, tells_a_change, written
from pipeline.furniture import content, within_furniture, words
from pipeline.lines import is_passing
from pipeline.marks import Marks

_PLACES = (
    ".//*[self::time or contains(@class,'date') or contains(@class,'publi') or contains(@class,'meta')"
    " or @itemprop='datePublished']"
)
_MACHINE = ".//time[@datetime] | .//abbr[@title and (contains(@class,'publi') or contains(@class,'date'))]"
_IN_ADDRESS = re.compile(r"/(20\d\d)[/-](\d{2})[/-](\d{2})(?=[/_-]|$)")
_DATE_LINE = re.compile(
    r"^\W*(?:article |actualité )?(?:publiée?|mise? (?:en ligne|à jour)|postée?|parue?|par|published|posted|by)\b",
    re.IGNORECASE,
)
DATE_LINE = 120
"""Longest line (characters) that can be a page's date line, and how many elements around the headline are looked at."""
NEAR = 12
MOST_PLACES = 20


def date_of(tree: Any, marks: Marks, heading: Any, title: str, page: FetchedPage) -> Dated | None:
    """The date of publication, with its hour where any of the page's dates of that day has one."""
    declared = structured(marks, page.fetched_at, title)
    if declared and declared.has_time:
        return declared
    hinted = plausible(page.hint.published, page.fetched_at)
    if hinted:
        return Dated(hinted, "entry", has_hour(hinted))
    shown = prose(tree, page.fetched_at, heading)
    if declared:
        same_day = shown and shown.has_time and _day(shown.when) == _day(declared.when)
        return shown if same_day else declared
    return shown or _of_address(page)


def _day(when: datetime) -> object:
    return when.astimezone(PARIS).date()


def _of_address(page: FetchedPage) -> Dated | None:
    match = _IN_ADDRESS.search(page.final_url or page.url)
    return _dated(read("-".join(match.groups())), page.fetched_at, "url") if match else None


def _dated(found: tuple[datetime, bool] | None, fetched_at: datetime, origin: str = "prose") -> Dated | None:
    when = plausible(found[0], fetched_at) if found else None
    return Dated(when, origin, found[1]) if found and when else None


def prose(tree: Any, fetched_at: datetime, heading: Any = None) -> Dated | None:
    """A date that the page shows of itself, never one told in its text; that of a change when there is no other."""
    around = content(tree, heading)
    changed: list[Dated] = []
    for dated, is_change in (*_machine(around, tree, fetched_at), *_shown(around, tree, heading, fetched_at)):
        if not is_change:
            return dated
        changed.append(dated)
    return changed[0] if changed else None


def _machine(around: Any, tree: Any, fetched_at: datetime) -> Iterator[tuple[Dated, bool]]:
    """<time datetime> and its elder, SPIP's <abbr title>."""
    for node in around.xpath(_MACHINE)[:10]:
        dated = _dated(read(node.get("datetime") or node.get("title")), fetched_at)
        if dated and not within_furniture(node, tree):
            if not dated.has_time:
                same = _dated(written(_line(node), fetched_at, _is_english(tree)), fetched_at)
                dated = same if same and same.has_time and _day(same.when) == _day(dated.when) else dated
            yield dated, "updated" in (node.get("class") or "").split() or is_update(_before(node))


def _line(node: Any) -> str:
    parent = node.getparent()
    text = words(parent) if parent is not None else ""
    return text if len(text) <= DATE_LINE else words(node)


def _before(node: Any) -> str:
    previous, parent = node.getprevious(), node.getparent()
    if previous is not None:
        return words(previous) + " " + (previous.tail or "")
    return (parent.text or "") if parent is not None else ""


def _is_english(tree: Any) -> bool:
    return str(tree.get("lang") or "").lower().startswith("en")


def _shown(around: Any, tree: Any, heading: Any, fetched_at: datetime) -> Iterator[tuple[Dated, bool]]:
    for text in (*_near(heading, tree), *_places(around, tree, heading)):
        dated = _dated(written(text, fetched_at, _is_english(tree)), fetched_at)
        if dated:
            yield dated, tells_a_change(text)


def _places(around: Any, tree: Any, heading: Any) -> Iterator[str]:
    """What is classed as a date, below the headline: above it stands the date of the day."""
    below = list(heading.xpath("following::*")) if heading is not None else list(around.iter())
    inside = set(around.xpath(_PLACES)) if heading is None else set(around.xpath(_PLACES)).intersection(below)
    for node in [each for each in below if each in inside][:MOST_PLACES]:
        text = words(node)[:300]
        if text and not within_furniture(node, tree) and (len(text) <= DATE_LINE or node.tag == "time"):
            yield text


def _near(heading: Any, tree: Any) -> Iterator[str]:
    """Short lines just before and after the headline that give a date and little else."""
    if heading is None:
        return
    for node in (*_lines(heading, "preceding")[-3:], *_lines(heading, "following")[:NEAR]):
        text = words(node)
        if len(text) <= DATE_LINE and (_DATE_LINE.match(text) or is_passing(text)) and not within_furniture(node, tree):
            yield text


def _lines(heading: Any, axis: str) -> list[Any]:
    return list(heading.xpath(f"{axis}::*[self::p or self::div or self::span or self::li or self::em or self::small]"))
