"""Who signed a page: what the entry point says, then its marks, then its by-line."""

from __future__ import annotations

import re
from typing import Any

from pipeline.furniture import within_furniture, words
from pipeline.marks import Marks
from pipeline.titles import title_text

_BYLINES = (
    ".//*[contains(@class,'byline') or contains(@class,'author') or contains(@class,'auteur')"
    " or contains(@class,'signature') or contains(@class,'meta') or contains(@class,'info')]"
)
_SIGNED = re.compile(r"(?:^|[|•·–—,\s])(?:par|by)\s*:?\s+([^|•·–—,;:\d]{3,80})", re.IGNORECASE)
_END = re.compile(r"\s+(?:le|publié|posté|mis à jour|on|·)\b.*$", re.IGNORECASE)
_NOBODY = frozenset(("admin", "administrateur", "administrator", "webmaster", "webmestre", "root", "editor", "user"))
LONGEST = 120


def author_of(around: Any, marks: Marks, title: str, hint: str) -> str:
    """The names, between commas; empty when nobody signed, or only a machine's account."""
    named = (hint, marks.meta("author", "article:author", "citation_author"))
    stated = (marks.names(row.get("author")) for row in marks.articles(title))
    for found in (*named, *stated, *marks.authors[:1]):
        if name := _clean(found):
            return name
    return _clean(_byline(around))


def _clean(name: str) -> str:
    name = title_text(name)
    if name.startswith(("http://", "https://", "@")) or "@" in name or name.lower() in _NOBODY:
        return ""
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def _byline(around: Any) -> str:
    for node in around.xpath(_BYLINES)[:30]:
        text = words(node)
        if len(text) > 200 or within_furniture(node, around):
            continue
        if match := _SIGNED.search(text):
            return _END.sub("", match[1]).strip(" .")
    return ""
