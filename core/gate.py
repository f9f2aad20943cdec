"""A question asked of a whole page before its article is read: can any rule fire in it?

It is data, so that a process that reads pages needs neither the lexicon nor its libraries.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

_LETTERS = (string.ascii_lowercase + string.digits).encode()
_LOWER = bytes(ord(chr(code).lower()) if code < 128 else code for code in range(256))
_DROPPED = bytes(code for code in range(256) if _LOWER[code] not in _LETTERS)
# Letters that folding turns into ASCII and Unicode decomposition does not (as `core.text.fold` does).
_UNDECOMPOSED = dict(zip("œŒæÆßẞøØłŁđĐı", "oe oe ae ae ss ss o o l l d d i".split(), strict=True))


_UNDECODED = re.compile(r"Ã|\\u00|&#?\w+;")
"""What is left of accents that a page did not decode."""


def reduce(text: str) -> bytes:
    """The text's letters and digits only, lower case, without accents: « l'Impact Social » gives b"limpactsocial"."""
    if not text.isascii():
        for letter, plain in _UNDECOMPOSED.items():
            if letter in text:
                text = text.replace(letter, plain)
        text = unicodedata.normalize("NFKD", text)
    return text.encode("ascii", "ignore").translate(_LOWER, _DROPPED)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a text must hold for a rule to have a candidate in it."""

    needed: frozenset[frozenset[bytes]] = frozenset()
    """Sets of reduced stems: one whole set is enough, wherever its stems stand."""
    acronyms: frozenset[str] = frozenset()
    """As written, found anywhere: markup may glue one to other letters."""
    slips: frozenset[tuple[bytes, frozenset[bytes]]] = frozenset()
    """Stems that are often misspelt, with the wrong spellings that count as them."""
    undecoded: frozenset[tuple[bytes, frozenset[bytes]]] = frozenset()
    """Accented stems, with what they reduce to on a page that leaves its accents undecoded."""

    def opens(self, title: str, parts: Iterable[str]) -> bool:
        """Whether an article of this title, made of some of these parts of a page, may match. True for more than what
        matches, never for less: markup that breaks a word or glues two changes neither stems nor acronyms."""
        if not self.needed and not self.acronyms:
            return False
        whole = "".join((title, "\n", *parts))
        if any(acronym in whole for acronym in self.acronyms):
            return True
        reduced, wrong = reduce(whole), dict(self.slips)
        broken = dict(self.undecoded) if _UNDECODED.search(whole) else {}

        @cache
        def holds(stem: bytes) -> bool:
            return stem in reduced or any(other in reduced for other in (*wrong.get(stem, ()), *broken.get(stem, ())))

        return any(all(map(holds, stems)) for stems in _ordered(self.needed))

    def __or__(self, other: Gate) -> Gate:
        return Gate(
            self.needed | other.needed,
            self.acronyms | other.acronyms,
            self.slips | other.slips,
            self.undecoded | other.undecoded,
        )


@lru_cache(maxsize=4)
def _ordered(needed: frozenset[frozenset[bytes]]) -> tuple[tuple[bytes, ...], ...]:
    """The sets, in each of them first the stem that most sets need: where it is missing, it settles them all."""
    uses = Counter(stem for stems in needed for stem in stems)
    return tuple(tuple(sorted(stems, key=lambda stem: (-uses[stem], stem))) for stems in needed)


NEVER = Gate()
"""Opens for no page: each is read fast."""
ALWAYS = Gate(frozenset((frozenset(),)))
"""Opens for every page: the empty set of stems is in any."""
