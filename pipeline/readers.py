"""The libraries that read a page: its tree, and what each of them keeps of it as its text."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from core.pages import FetchedPage
from core.text import plain
from pipeline.blocks import blocks
from pipeline.charset import decode


def tree_of(page: FetchedPage) -> tuple[str, Any]:
    """A page as text and as a tree; the tree is None when there is no HTML in it."""
    from lxml import etree
    from trafilatura import load_html

    source = decode(page.body, page.header("content-type"))
    try:
        return source, load_html(source)
    except (ValueError, etree.LxmlError):
        return source, None


def trafilatura(tree: Any, url: str, **settings: Any) -> str:
    """What trafilatura keeps, comments aside, empty when it finds nothing; `settings` are its own."""
    from trafilatura import bare_extraction

    # Title, author and date are read from the page's own marks: trafilatura's metadata cost a quarter of its time.
    found = bare_extraction(tree, url=url, include_comments=False, **settings)
    return "" if found is None or isinstance(found, dict) else plain(found.text or "")


def baseline(tree: Any) -> str:
    """What trafilatura falls back on: every paragraph."""
    from trafilatura import baseline as paragraphs

    return plain(paragraphs(deepcopy(tree))[1] or "")


def readability(tree: Any) -> str:
    """What readability keeps (the one that trafilatura ships), empty when it fails."""
    from trafilatura.external import try_readability

    return "\n".join(block.text for block in blocks(try_readability(deepcopy(tree))))
