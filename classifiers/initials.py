"""Finds what else an acronym stands for in an article that says it: « le Centre international de séjour (CIS) ».

No list of look-alikes is complete; the words whose initials spell the acronym are in the text itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.words import COMMA, STOP, Words, key

_SMALL = frozenset("a au aux d de des du en et l la le les the of and for in on pour".split())
"""Words that an acronym may count or leave out."""
_NAMING = frozenset({"ou", "dit", "dite", "soit", "alias", "or", "abrege"})
"""What stands between a name and its acronym: « le conseil intercommunal de sécurité, ou CIS »."""
_FEWEST = 3
"""Letters under which initials agree by chance."""
_MOST_SMALL = 3
"""Small words left out in a row at most."""
_BESIDE = 12
"""Words on each side of an acronym in which what glosses it is sought."""
_MOST = 100
"""Occurrences of an acronym beside which a gloss is sought: it comes with the first ones."""
Run = tuple[int, int]
"""First and last pieces."""


def glosses(words: Words, acronym: str) -> list[Run]:
    """The runs that stand against the acronym: « Centre international de séjour (CIS) », « CIS : centre… »."""
    found = []
    for place in words.acronyms.get(acronym, [])[:_MOST]:
        before = spelled_out(words, acronym, place - _BESIDE, place - 1)
        after = spelled_out(words, acronym, place + 1, place + _BESIDE)
        found += [run for run in before if all(_is_light(words, at) for at in range(run[1] + 1, place))]
        found += [run for run in after if all(_is_light(words, at) for at in range(place + 1, run[0]))]
    return found


def _is_light(words: Words, index: int) -> bool:
    return words.pieces[index].key in (STOP, COMMA) or words.pieces[index].key in _SMALL | _NAMING


def spelled_out(words: Words, acronym: str, low: int, high: int) -> list[Run]:
    """The runs in [low, high], the acronym itself aside, whose initials spell the acronym (its plural « s » aside)."""
    letters = (acronym[:-1] if acronym[-1:] == "s" else acronym).lower()
    if len(letters) < _FEWEST:
        return []
    itself = key(acronym)
    keys = [STOP if piece.key == itself else piece.key for piece in words.pieces[max(0, low) : high + 1]]
    runs = []
    for start, first in enumerate(keys):
        if first[:1] == letters[0] and first not in _SMALL and (last := _end(keys, start, letters)) is not None:
            runs.append((max(0, low) + start, max(0, low) + last))
    return runs


def _end(keys: Sequence[str], start: int, letters: str) -> int | None:
    """Where the run that starts at `start` has spelled every letter."""
    at, skipped = start, 0
    for letter in letters:
        while at < len(keys) and keys[at] in _SMALL and keys[at][:1] != letter and skipped < _MOST_SMALL:
            at, skipped = at + 1, skipped + 1
        if at == len(keys) or keys[at] in (STOP, COMMA) or keys[at][:1] != letter:
            return None
        at, skipped = at + 1, 0
    return at - 1
