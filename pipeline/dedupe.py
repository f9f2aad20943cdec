"""Copies of one text on several sites become one story: MinHash on word shingles (Broder, 1997).

Simhash at a Hamming distance of 3 misses nine lightly edited copies in ten; MinHash finds them all (docs/adr/0006).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import eq
from typing import Any

from core.articles import Neighbour, Signature
from core.text import fold

PERMUTATIONS = 128
SHINGLE = 4
SEED = 20_150_512
"""Fixed for ever: signatures of several runs are compared."""
FEWEST_WORDS = 30
ALIKE = 0.5
"""Estimated Jaccard similarity from which two texts tell one story; cut and lightly edited copies lie above 0.6."""

ALIKE_AT_HOME = 0.9
"""The same for two texts of one source: notices, decrees and questions made from one template differ by their facts."""


def shingles(text: str) -> list[str]:
    words = fold(text).replace("'", " ").split()
    return list(map(" ".join, zip(*(words[at:] for at in range(SHINGLE)), strict=False)))


def signature(text: str) -> Signature:
    """The MinHash of a text; empty under 30 words, where a shared sentence would be enough to merge."""
    found = shingles(text)
    if len(found) < FEWEST_WORDS - SHINGLE + 1:
        return Signature()
    import rensa

    minhash: Any = rensa.RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(found)
    return Signature(tuple(minhash.digest()))


def similarity(a: Signature, b: Signature) -> float:
    """Estimated Jaccard similarity of two signatures, from 0 to 1."""
    if not a.values or len(a.values) != len(b.values):
        return 0.0
    same: int = sum(map(eq, a.values, b.values))
    return same / len(a.values)


def choose_story(own: Signature, neighbours: Sequence[Neighbour], source: str = "") -> int | None:
    """The story of the most similar neighbour, None when no text is alike; `source` is the article's own."""
    scored = [(similarity(own, each.signature), -each.article_id, each) for each in neighbours]
    alike = [row for row in scored if row[0] >= (ALIKE_AT_HOME if row[2].source == source else ALIKE)]
    best = max(alike, key=lambda row: row[:2], default=None)
    return best[2].story_id if best else None
