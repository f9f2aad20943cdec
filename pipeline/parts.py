"""Parts of a text: what a selector chooses of a page, and the beginning that an excerpt is."""

from __future__ import annotations

import re
from typing import Any

from core.text import plain

LEAD = 200
"""Characters that an excerpt holds at least, where the text has them."""
LONGEST_LEAD = 600
_BLOCKS = frozenset((
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul",
))  # fmt: skip
_UNSHOWN = frozenset(("script", "style", "noscript", "template", "iframe"))


def watched_text(tree: Any, css: str) -> str:
    """The words of the elements that a selector chooses, each block on a line: stable from one visit to the next.

    Empty when nothing matches, or when the selector is badly formed.
    """
    from lxml.cssselect import CSSSelector

    try:
        chosen = CSSSelector(css, translator="html")(tree)
    except Exception:  # noqa: BLE001 - cssselect's errors share no base with lxml's
        return ""
    within = set(chosen)
    outer = [node for node in chosen if within.isdisjoint(node.iterancestors())]
    text = plain("\n".join("".join(_words(node)) for node in outer))
    return re.sub(r"\n{2,}", "\n", text)


def _words(node: Any) -> list[str]:
    """The text of an element in order; without recursion, for pages that are very deep."""
    found: list[str] = []
    waiting: list[Any] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            found.append(each)
            continue
        shown = isinstance(each.tag, str) and each.tag not in _UNSHOWN
        edge = "\n" if each.tag in _BLOCKS else ""
        if each is not node:
            waiting.append(re.sub(r"\s+", " ", each.tail or ""))
        waiting.append(edge)
        if shown:
            # What follows a child is said by the child, as its tail.
            waiting += reversed(list(each))
            waiting.append(re.sub(r"\s+", " ", each.text or ""))
        waiting.append(edge)
    return found


def lead(text: str) -> str:
    """The first paragraphs of a text, until they hold LEAD characters; cut at a word beyond LONGEST_LEAD."""
    kept = ""
    for paragraph in text.split("\n"):
        kept = f"{kept}\n{paragraph}".strip()
        if len(kept) >= LEAD:
            break
    if len(kept) <= LONGEST_LEAD:
        return kept
    cut = kept[: LONGEST_LEAD - 1]
    return (cut[: cut.rfind(" ")] if " " in cut else cut).rstrip(" ,;:") + "…"
