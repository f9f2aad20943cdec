"""Gives the exact sentence around a place of a text, the passage to read for it, and its page.

spaCy's `senter` finds the borders ("M. Itier", "27,3 M€", "art. 15" are not ends) of the passage around a match, never
of the whole text. English is cut at final punctuation.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from classifiers.nlp import borders
from core.articles import Article

LONGEST = 600
"""Characters of a sentence shown on a card, at most."""
_AROUND = 900
"""Characters read on each side of a match to find its sentence."""
_FINAL = '.!?…:;»"”)'
_LINE = re.compile(r"\n")
# The tokenizer keeps the full stop in « 2,9 M€. », so that senter cannot see it.
_AMOUNT_END = re.compile(r"[€%]\.\s+(?=[^\W\da-z_])")
_ABBREVIATED = re.compile(r"\b(?:art|p|pp|cf|fig|vol|al|M|MM|Mme|Dr|Me)\. ?$")
_END = re.compile(r"[.!?…]+[»\"”’)]*\s+(?=[^\Wa-z_]|[«\"“(\[])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A passage of a text: `text[start : start + len(sentence.text)] == sentence.text`."""

    text: str
    start: int


def _is_wrap(text: str, at: int, pdf: bool) -> bool:
    """Whether the line feed at `at` only wraps a line, rather than ending a paragraph or a heading."""
    before = text[max(0, at - 200) : at].rpartition("\n")[2].rstrip()
    after = text[at + 1 : at + 2]
    if not before or not after.strip():
        return False
    return after.islower() or before[-1] in "-\u00ad" or (pdf and len(before) > 40 and before[-1] not in _FINAL)


def passage(text: str, start: int, end: int, pdf: bool = False) -> tuple[int, int]:
    """The paragraph, or the part of it, that holds [start, end): at most `_AROUND` characters more on each side."""
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    for found in _LINE.finditer(text, low, start):
        if not _is_wrap(text, found.start(), pdf):
            low = found.end()
    for found in _LINE.finditer(text, end, high):
        if not _is_wrap(text, found.start(), pdf):
            high = found.start()
            break
    return low, high


def sentence(text: str, start: int, end: int, *, french: bool, pdf: bool = False) -> Sentence:
    """The sentence that holds [start, end), at most LONGEST characters of it."""
    low, high = passage(text, start, end, pdf)
    block = text[low:high].replace("\n", " ")
    ends = _spacy_borders(block) if french else _plain_borders(block)
    first = max((border for border in ends if border <= start - low), default=0)
    last = min((border for border in ends if border >= end - low), default=len(block))
    return _clipped(text, low + first, low + last, start, end)


def is_french(article: Article) -> bool:
    """Whether an article is read as French, as one that does not say its language is."""
    return not article.language or article.language.startswith("fr")


def sentence_of(article: Article, start: int, end: int) -> Sentence:
    """The sentence of an article's text that holds [start, end)."""
    return sentence(article.text, start, end, french=is_french(article), pdf=article.media_type == "pdf")


def page_of(article: Article, start: int) -> int | None:
    """The page, from 1, of a place of the text; None when the article has none."""
    return bisect_right(article.page_offsets, start) or None


@lru_cache(maxsize=64)
def _spacy_borders(block: str) -> list[int]:
    """Remembered, because several cards and facts stand in one paragraph."""
    with borders(block) as doc:
        starts = [s.start_char for s in doc.sents if not _is_abbreviated(block, s.start_char)]
    return [*starts, *(found.end() for found in _AMOUNT_END.finditer(block)), len(block)]


def _is_abbreviated(block: str, at: int) -> bool:
    """Whether what looks like a border follows an abbreviation (« l'art. 15 »)."""
    return bool(_ABBREVIATED.search(block, max(0, at - 8), at))


def _plain_borders(block: str) -> list[int]:
    return [0, *(found.end() for found in _END.finditer(block)), len(block)]


def _clipped(text: str, first: int, last: int, start: int, end: int) -> Sentence:
    if last - first > LONGEST:
        room = max(0, LONGEST - (end - start))
        low = max(first, start - room // 2)
        high = min(last, low + LONGEST)
        low = max(first, min(low, high - LONGEST))
        first = _after_space(text, low, start) if low > first else low
        last = _before_space(text, end, high) if high < last else high
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return Sentence(text[first:last], first)


def _after_space(text: str, low: int, start: int) -> int:
    border = text.find(" ", low, start)
    return border + 1 if border >= 0 else low


def _before_space(text: str, end: int, high: int) -> int:
    border = text.rfind(" ", end, high)
    return border if border >= 0 else high
