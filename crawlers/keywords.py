"""The optional filter of general feeds: whole words, case, accents and plural aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from core.text import fold
from crawlers.found import Found

_WORD_RE = re.compile(r"[^\W_]+")


def wanted(found: Found, keywords: Sequence[str]) -> bool:
    """True when a keyword is in the title or summary, or in the address where there is neither; or without keywords."""
    if not keywords:
        return True
    said = f"{found.hint.title}\n{found.hint.text}".strip() or unquote(urlsplit(found.url).path)
    words = f" {' '.join(_singulars(said))} "
    return any(f" {' '.join(_singulars(keyword))} " in words for keyword in keywords if _singulars(keyword))


def _singulars(text: str) -> list[str]:
    return [_singular(word) for word in _WORD_RE.findall(fold(text))]


def _singular(word: str) -> str:
    """« contrats » → « contrat », « régionaux » → « regional », « enjeux » → « enjeu »; short words stay."""
    if len(word) < 4:
        return word
    if word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    return word[:-1] if word[-1] in "sx" else word
