"""The headline of a page, told from the name of its site."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from core.text import fold, one_line
from pipeline.furniture import within_furniture, words
from pipeline.marks import Marks

_TAG = re.compile(r"<[a-zA-Z/!][^>]{0,300}>")
_BETWEEN = re.compile(r"\s+[-–—|·•»]+\s+|\s*\|\s*")
_CUT = re.compile(r"^\s*[-–—|·•»]\s*\S.{0,60}$")


def title_text(value: str) -> str:
    """A title as plain text: entities decoded, tags dropped, one line."""
    return one_line(_TAG.sub(" ", html.unescape(value))).strip(" |–—-")


def headline(tree: Any, marks: Marks) -> Any:
    """The heading that is the article's title: not the site's name, nor that of a window; None when there is none."""
    title = title_text(tree.findtext(".//title") or "")
    names = _site_names(title, marks)
    found = [node for node in tree.iter("h1") if _is_title(node, tree, names)]
    if not found:
        parts = {fold(part) for part in (title, *_BETWEEN.split(title))}
        return next((node for node in tree.iter("h2") if fold(words(node)) in parts and words(node)), None)
    return max(found, key=lambda node: (fold(words(node)) in fold(title), _is_within(node)))


def _is_title(node: Any, tree: Any, names: set[str]) -> bool:
    text = fold(words(node))
    return bool(text) and text not in names and not within_furniture(node, tree)


def _is_within(node: Any) -> bool:
    return any(parent.tag in ("article", "main") for parent in node.iterancestors())


def _site_names(title: str, marks: Marks) -> set[str]:
    """Folded names of the site: as it declares them, and what ends the page's title after a separator."""
    parts = _BETWEEN.split(title)
    return {fold(name) for name in (*_declared(marks), *parts[-1:] * (len(parts) > 1)) if name}


def _declared(marks: Marks) -> Iterator[str]:
    yield marks.meta("og:site_name")
    yield marks.meta("application-name")
    for row in marks.json_ld:
        for thing in (row.get("publisher"), row if row.get("@type") in ("WebSite", "Organization") else None):
            if isinstance(thing, dict) and isinstance(thing.get("name"), str):
                yield thing["name"]


def title_of(tree: Any, marks: Marks, heading: Any, hint: str) -> str:
    """The page's own headline; the entry point's word when the page has none."""
    shown = title_text(words(heading)) if heading is not None else ""
    names = {fold(name) for name in _declared(marks) if name}
    whole = title_text(tree.findtext(".//title") or "")
    if shown:
        names |= _site_names(whole, marks)
    for candidate in (marks.meta("og:title"), shown, hint, whole):
        title = _without_site(title_text(candidate), shown, names)
        if title:
            return title
    return title_text(whole or marks.meta("og:title")) or "Sans titre"


def _without_site(title: str, shown: str, names: set[str]) -> str:
    """A title without the name of the site at either end; empty when it is nothing else."""
    if shown and fold(title).startswith(fold(shown)) and _CUT.match(title[len(shown) :]):
        return shown
    separators = [*_BETWEEN.finditer(title)]
    if separators and fold(title[separators[-1].end() :]) in names:
        title = title[: separators[-1].start()]
    elif separators and fold(title[: separators[0].start()]) in names:
        title = title[separators[0].end() :]
    return "" if fold(title) in names else title.strip()
