"""The optional filter of general feeds: whole words, case, accents and plural aside."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from core.text import fold
from crawlers.found import Found

_WORD_RE = re.compile(r"[^\W_]+")


def wanted(found: Found, keywords: tuple[str, ...]) -> bool:
    """True when a keyword is in the title or summary, or in the address where there is neither; or without keywords."""
    if not keywords:
        return True
    said = f"{found.hint.title}\n{found.hint.text}".strip() or unquote(urlsplit(found.url).path)
    return _any_of(keywords).search(fold(said)) is not None


@lru_cache(maxsize=256)
def _any_of(keywords: tuple[str, ...]) -> re.Pattern[str]:
    """What finds one of the keywords in a folded text: a dump is tens of thousands of texts."""
    phrases = [[_forms(word) for word in _WORD_RE.findall(fold(keyword))] for keyword in keywords]
    written = [r"[\W_]+".join(words) for words in phrases if words]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(written)})(?![^\W_])" if written else r"(?!)")


def _forms(word: str) -> str:
    """The forms of a folded word that differ from it by their plural only."""
    one = _singular(word)
    forms = (one, one + "s", one + "x", one.removesuffix("al") + "aux")
    return "(?:" + "|".join(re.escape(form) for form in forms if _singular(form) == one) + ")"


def _singular(word: str) -> str:
    """« contrats » → « contrat », « régionaux » → « regional », « enjeux » → « enjeu »; short words stay."""
    if len(word) < 4:
        return word
    if word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    return word[:-1] if word[-1] in "sx" else word
