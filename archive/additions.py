"""What a copy adds to another text and leaves out of it, sentence by sentence, in time that follows their length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.text import fold

RUN = 3
"""Words that follow each other in both texts are the same passage."""
SAME = 0.5
"""Share of a sentence's words that must stand in the other text for it to be the same sentence, reworded."""
MAX_LENGTH = 200_000
"""Characters of the longest text that is compared."""

_WORD_RE = re.compile(r"\w+")
_STARTS = r"(?=[«“\"(\[]?\s?[A-ZÀ-Þ\d])"
_ENDS = (r"(?<=[.!?…])", r"(?<=[.!?…][»”\")])", r"(?<=[.!?…]\s»)")
_ABBREVIATED = "".join(rf"(?<!\b{short}\.)" for short in ("[A-Z]", "MM", "Mme", "Mlle", "Dr", "art", "cf", "St"))
_BORDER_RE = re.compile(rf"\n+|(?:{'|'.join(_ENDS)}){_ABBREVIATED}\s+{_STARTS}")


@dataclass(frozen=True, slots=True)
class Additions:
    sentences: tuple[str, ...] = ()
    words: int = 0
    """Words of these sentences."""


def sentences(text: str) -> list[str]:
    return [found for each in _BORDER_RE.split(text) if (found := each.strip())]


def words(text: str) -> list[str]:
    return _WORD_RE.findall(fold(text))


def additions(known: str, text: str) -> Additions:
    """The sentences of a text that another does not tell, in their order, each once."""
    runs = set(_runs(words(known)))
    found = {each: len(own) for each in sentences(text) if (own := words(each)) and _told(own, runs) < SAME}
    return Additions(tuple(found), sum(found.values()))


def _runs(found: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(found[at:] for at in range(RUN)), strict=False))


def _told(own: Sequence[str], runs: set[tuple[str, ...]]) -> float:
    """The share of a sentence's words that a run of the other text covers; of two words nothing can be said."""
    if len(own) < RUN:
        return 1.0
    covered = {at + step for at, run in enumerate(_runs(own)) if run in runs for step in range(RUN)}
    return len(covered) / len(own)
