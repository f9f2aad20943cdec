"""Copies of one text on several sites become one story: MinHash on word shingles (Broder, 1997).

Simhash at a Hamming distance of 3 misses nine lightly edited copies in ten; MinHash finds them all (docs/adr/0006).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from operator import eq
from typing import Any

from core.articles import Neighbour, Signature
from core.credits import credited, without_credit
from core.text import fold

PERMUTATIONS = 128
SHINGLE = 4
SEED = 20_150_512
"""Fixed for ever: signatures of several runs are compared."""
FEWEST_WORDS = 30
FEWEST_EXACT = 8
"""Words of the shortest dispatch that is recognised, by its exact words."""
ALIKE = 0.5
"""Estimated Jaccard similarity from which two texts tell one story; cut and lightly edited copies lie above 0.6."""

ALIKE_AT_HOME = 0.9
"""The same for two texts of one source: notices, decrees and questions made from one template differ by their facts."""


def shingles(text: str) -> list[str]:
    words = fold(text).replace("'", " ").split()
    return list(map(" ".join, zip(*(words[at:] for at in range(SHINGLE)), strict=False)))


def signature(text: str) -> Signature:
    """The MinHash of a text without its credit line: « Source AFP » and « Avec AFP » make no difference.

    Under 30 words a shared sentence would be enough to merge: the signature is empty, save that of a text which says
    that an agency or a press office wrote it, made from the exact words.
    """
    found = shingles(without_credit(text))
    if len(found) < FEWEST_WORDS - SHINGLE + 1:
        return _exact(found) if len(found) >= FEWEST_EXACT - SHINGLE + 1 and credited("", text) else Signature()
    import rensa

    minhash: Any = rensa.RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(found)
    return Signature(tuple(minhash.digest()))


def _exact(found: Sequence[str]) -> Signature:
    drawn = hashlib.shake_128("\n".join(found).encode()).digest(4 * PERMUTATIONS)
    return Signature(struct.unpack(f"<{PERMUTATIONS}I", drawn), exact=True)


def similarity(a: Signature, b: Signature) -> float:
    """Estimated Jaccard similarity of two signatures, from 0 to 1."""
    if not a.values or len(a.values) != len(b.values):
        return 0.0
    same: int = sum(map(eq, a.values, b.values))
    return same / len(a.values)


def choose_story(own: Signature, neighbours: Sequence[Neighbour], source: str = "") -> int | None:
    """The story of the most similar neighbour, None when no text is alike; `source` is the article's own.

    The same few words twice in one source are those of a notice to readers, not of a dispatch.
    """
    others = [each for each in neighbours if not (own.exact and each.source == source)]
    scored = [(similarity(own, each.signature), -each.article_id, each) for each in others]
    alike = [row for row in scored if row[0] >= (ALIKE_AT_HOME if row[2].source == source else ALIKE)]
    best = max(alike, key=lambda row: row[:2], default=None)
    return best[2].story_id if best else None
