"""A web page whose article is known, to measure extraction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page, and what a reader calls its article."""

    name: str
    html: str
    text: str
    """The article's text in order, a line per block: no title, author or date that stand outside of it, no caption."""
    furniture: tuple[str, ...] = ()
    """The lines of the page that are not its article: menus, teasers, comments, captions."""
