"""The topic's definition: Markdown → a few harmless tags."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "ul", "ol", "li", "h3", "h4", "h5", "h6", "em", "strong", "a", "blockquote", "code", "br", "hr"}


def prose(text: str, top: int = 3) -> Markup:
    """Safe HTML; a first-level title becomes `<h{top}>`, so that the page keeps one h1."""
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + top - 1)}"
    html = parser.renderer.render(tokens, parser.options, {})
    return Markup(nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}))
