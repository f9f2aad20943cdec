"""Spells a word as hurried fingers do, so that « conrtat à impact social » is read for what it says.

So does a machine that reads a scanned page. Only one slip a word, and only of the long words that a lexicon names
(`often_misspelt`): on all words, one slip would make « compact » of « impact » or « fiance » of « finance ».
"""

from __future__ import annotations

from collections.abc import Iterable

from classifiers.words import key, surface

_MISREAD = (("m", "rn"), ("l", "1"), ("i", "1"), ("o", "0"), ("i", "l"))
"""Letters and what a scanned page makes of them: « irnpact », « socia1 »."""
SHORTEST = 6
"""Letters under which one slip makes another word."""


def misspellings(words: Iterable[str]) -> dict[str, str]:
    """Folded wrong spelling → key of the word meant; what two words would share is left out."""
    meant: dict[str, set[str]] = {}
    right = {surface(word) for word in words}
    for word in sorted(right):
        for spelling in (word, word[:-1] + "ux") if word.endswith("al") else (word,):
            for slip in _slips(spelling):
                meant.setdefault(slip, set()).add(key(word))
    known = right | {key(word) for word in right}
    return {slip: min(keys) for slip, keys in meant.items() if len(keys) == 1 and slip not in known}


def _slips(word: str) -> Iterable[str]:
    """Two letters swapped, one dropped, one doubled, `n` for `m`; never the first letter, nor the last one dropped."""
    for at in range(1, len(word)):
        if at + 1 < len(word):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]
    if "mp" in word:
        yield word.replace("mp", "np")
    for letter, read in _MISREAD:
        if letter in word:
            yield word.replace(letter, read)
