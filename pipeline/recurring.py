"""Lines that a source repeats from page to page: banners, promises, invitations, whatever their class names."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from core.pages import FetchedPage
from core.text import fold
from pipeline.blocks import blocks
from pipeline.readers import tree_of

PAGES = 3
"""Pages of a source on which a line must stand to be furniture."""
SHARE = 0.3
"""Share of the pages that were looked at on which it must stand."""
LONG = 25
"""Characters of the shortest line that is learnt: « Le contexte » may head a part of every article of a source."""


def line_key(line: str) -> str:
    """What stands for a line: 16 hexadecimal digits of a hash of its folded letters and digits."""
    letters = "".join(char for char in fold(line) if char.isalnum())
    return hashlib.blake2b(letters.encode(), digest_size=8).hexdigest()


def recurring_lines(pages: Iterable[FetchedPage]) -> frozenset[str]:
    """Keys of the lines that stand on several of these pages, which are different articles of one source."""
    seen: Counter[str] = Counter()
    count = 0
    for page in pages:
        _, tree = tree_of(page)
        if tree is not None:
            count += 1
            seen.update({line_key(block.text) for block in blocks(tree) if len(block.text) >= LONG})
    return frozenset(key for key, times in seen.items() if times >= max(PAGES, SHARE * count))
