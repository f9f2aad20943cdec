"""Acronyms told in full where a reader first meets them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alerts import wording
from core.text import fold
from core.topics import Acronym


class Acronyms:
    """Those of one edition, read from its first story to its last."""

    def __init__(self, acronyms: Iterable[Acronym]) -> None:
        self._left = {each.short: each for each in acronyms}

    def told(self, text: str) -> tuple[str, ...]:
        """« CIS : contrat à impact social. » for each acronym that stands in a text and in none before.

        One that the text itself spells out is known from then on, and not told.
        """
        met = [each for each in self._left.values() if re.search(rf"(?<!\w){re.escape(each.short)}s?(?!\w)", text)]
        for each in met:
            del self._left[each.short]
        folded = fold(text)
        unknown = (each for each in met if fold(each.long.split(",")[0]) not in folded)
        return tuple(f"{each.short}{wording.NBSP}: {each.long}." for each in unknown)
