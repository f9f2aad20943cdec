"""Drops, in a fraction of a millisecond, the articles in which no core rule can fire.

The text is reduced to its ASCII letters and digits, without case, accents, spaces or hyphens, so that neither a broken
word nor a glued one escapes; a form needs all its words somewhere in it, an acronym needs itself in the original.
It never drops what the matcher would keep (tests/classifiers/test_filter.py tries forms in every typography); it keeps
more, which costs about a millisecond each and no spaCy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick

from classifiers.forms import Form
from classifiers.lexicon import THRESHOLD, Lexicon, Rule
from classifiers.words import UNDECODED
from core.gate import Gate, reduce
from core.text import fold

_SHORTEST = 3


def _common(found: str, word: str) -> str:
    """What singular and plural share of a word of a form; empty when too short to be sought."""
    common = found[:-1] if found.endswith("al") else found
    return common if len(common) >= _SHORTEST and fold(word[: len(common)]) == common else ""


def _needed(form: Form) -> frozenset[bytes]:
    """What any spelling of the form holds, reduced: its words without plural ending."""
    return frozenset(filter(None, (_common(*pair).encode() for pair in zip(form.keys, form.words, strict=True))))


def _spellings(form: Form) -> Iterator[tuple[bytes, bytes]]:
    """(spelling, stem) for the accented words of a form: how pages that leave accents undecoded reduce."""
    for found, word in zip(form.keys, form.words, strict=True):
        accented = word[: len(_common(found, word))]
        if not accented.isascii():
            for cased in (accented, accented.upper(), accented.capitalize()):
                yield from ((reduce(undecoded(cased)), _common(found, word).encode()) for undecoded in UNDECODED)


def _needed_by(rule: Rule) -> Iterator[frozenset[bytes]]:
    """What any spelling of each form holds, and of one of the forms that the rule wants near it."""
    near = [_needed(form) for form in rule.near] or [frozenset()]
    for form in rule.forms:
        yield from (_needed(form) | beside for beside in near)


class Filter:
    """Decides whether an article is worth reading."""

    def __init__(self, lexicon: Lexicon) -> None:
        core = [rule for rule in lexicon.rules if rule.role == "core"]
        self._sets = _smallest({needed for rule in core for needed in _needed_by(rule)})
        stems = {stem for needed in self._sets for stem in needed}
        means = {stem: frozenset({stem}) for stem in stems}
        for slip, meant in lexicon.slips.items():
            means[slip.encode()] = means.get(slip.encode(), frozenset()) | {s for s in stems if s in meant.encode()}
        spelled = {pair for rule in core for form in (*rule.forms, *rule.near) for pair in _spellings(form)}
        self._slips = _by_stem((slip, stem) for slip, meant in means.items() for stem in meant - {slip})
        self._undecoded = _by_stem((spelling, stem) for spelling, stem in spelled if stem in stems)
        for spelling, stem in spelled:
            means[spelling] = means.get(spelling, frozenset()) | {stem}
        self._patterns = sorted(pattern for pattern, meant in means.items() if meant)
        self._means = [means[pattern] for pattern in self._patterns]
        self._automaton = BytesAhoCorasick(self._patterns)
        # What only its expansion can confirm is found by the forms of that expansion.
        alone = [rule for rule in core if rule.confirm or rule.hints or rule.score >= THRESHOLD]
        self._acronyms = sorted(
            {written for rule in alone for acronym in rule.acronyms for written in (acronym, ".".join(acronym))}
        )
        self._exact = AhoCorasick(self._acronyms) if self._acronyms else None

    @property
    def gate(self) -> Gate:
        """The same question for a page whose article is not known yet."""
        return Gate(frozenset(self._sets), frozenset(self._acronyms), self._slips, self._undecoded)

    def may_match(self, title: str, text: str) -> bool:
        """False when no core rule can have a candidate in the article."""
        reduced = reduce(title) + b"." + reduce(text)
        numbers = {number for number, _, _ in self._automaton.find_matches_as_indexes(reduced, overlapping=True)}
        present = {stem for number in numbers for stem in self._means[number]}
        if any(needed <= present for needed in self._sets):
            return True
        return self._has_acronym(title) or self._has_acronym(text)

    def _has_acronym(self, text: str) -> bool:
        if self._exact is None:
            return False
        for _, start, end in self._exact.find_matches_as_indexes(text, overlapping=True):
            if not text[start - 1 : start].isalpha() and not text[end : end + 1].isalpha():
                return True
        return False


def _by_stem(pairs: Iterable[tuple[bytes, bytes]]) -> frozenset[tuple[bytes, frozenset[bytes]]]:
    """(spelling, stem) pairs → each stem with its spellings."""
    found: dict[bytes, set[bytes]] = {}
    for spelling, stem in pairs:
        found.setdefault(stem, set()).add(spelling)
    return frozenset((stem, frozenset(spellings)) for stem, spellings in found.items())


def _smallest(sets: set[frozenset[bytes]]) -> list[frozenset[bytes]]:
    """The sets that hold no other of them: what a larger one asks, a smaller one asks already."""
    kept: list[frozenset[bytes]] = []
    for candidate in sorted(sets, key=lambda needed: (len(needed), sorted(needed))):
        if not any(other <= candidate for other in kept):
            kept.append(candidate)
    return kept
