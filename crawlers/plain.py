"""HTML fragments of feeds and rows → clean text."""

from __future__ import annotations

import html
import re

from core.text import one_line, plain

# Every pattern is linear on hostile text: what is opened ends at the next mark or at the end of the text (threat A40).
_DROPPED_RE = re.compile(
    r"<(script|style|iframe|noscript)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
_BLOCK_RE = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|figure)\b[^<>]*>", re.IGNORECASE
)
_TAG_RE = re.compile(r"</?[a-zA-Z][^<>]*>")
_ENTITY_RE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
LONGEST = 200_000
"""Characters kept of a text carried by an entry page."""


def title_of(fragment: str) -> str:
    """A title on one line, without markup, entities undone even when escaped twice."""
    return one_line(_untagged(fragment[:LONGEST]))


def text_of(fragment: str) -> str:
    """Paragraphs on lines of their own, without markup."""
    return plain(_untagged(_BLOCK_RE.sub("\n", fragment[:LONGEST])))


def _untagged(fragment: str) -> str:
    if "<" not in fragment and "&" not in fragment:
        return fragment
    for _ in range(2):
        fragment = html.unescape(_TAG_RE.sub("", _DROPPED_RE.sub(" ", fragment)))
        if not _ENTITY_RE.search(fragment) and not _TAG_RE.search(fragment):
            break
    return fragment
