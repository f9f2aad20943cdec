"""Weighs what stands around a candidate: what confirms it, what refutes it, and the score that follows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from classifiers.forms import Form
from classifiers.initials import Run, glosses, spelled_out
from classifiers.lexicon import THRESHOLD, Rule
from classifiers.words import COMMA, STOP, Words

NEAR = 40
"""Words on each side in which context is sought."""
VERY_NEAR = 8
"""The same for what refutes an acronym that the article itself expands."""
QUITE_NEAR = 13
"""The same for an acronym that a word of its subject confirms as near: « lycée » may be said of those it helps; and
for what a rule wants `near`, on either side of a border."""
_CONFIRMATION = 0.5
_ANOTHER = 0.1
_MOST_SHOWN = 5
_OF = {"de", "du", "des", "d"}
_ARTICLES = {"la", "l", "le", "les", "nos", "notre", "leur", "ce", "ces", "cet", "cette", "son", "sa"}
_AND = {"et", "ou", "voire", "comme", "notamment"}
_QUALIFYING = frozenset("croissante rampante progressive accrue generalisee galopante continue lente".split())
"""Adjectives that may stand before « de … »."""
_ELISION_RE = re.compile(r"(?<=\b[cdjlmnst]) (?=[aeiouyhàâéèêëîïôœ])|(?<=\bqu) (?=[aeiouyhàâéèêëîïôœ])")
_FURTHER = 12
"""Words after « marchandisation de » in which a coordinated complement is sought."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A form found: which rule, and the first and last of its pieces (inclusive)."""

    rule: Rule
    first: int
    last: int
    gap: tuple[int, int] | None = None
    """Pieces inserted inside the form, first and last."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found around a candidate, and its score from 0 to 1."""

    score: float
    confirmed_by: tuple[str, ...] = ()
    refuted_by: tuple[str, ...] = ()


class ContextFinder:
    """Finds every context form of a lexicon in one pass over an article's words."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        forms = {form.pattern: form for rule in rules for form in rule.context()}
        self._patterns = sorted(forms)
        self._automaton = AhoCorasick(self._patterns) if self._patterns else None

    def find(self, words: Words) -> Surroundings:
        """Where each context form of the lexicon occurs."""
        places: dict[str, list[int]] = {}
        if self._automaton is not None:
            for number, start, _ in self._automaton.find_matches_as_indexes(words.joined, overlapping=True):
                places.setdefault(self._patterns[number], []).append(words.index_at(start + 1))
        return Surroundings(words, places)


class Surroundings:
    """One article's words with the places of its context forms."""

    def __init__(self, words: Words, places: dict[str, list[int]]) -> None:
        self._words = words
        self._places = places
        self._glosses: dict[str, list[Run]] = {}

    def weigh(self, candidate: Candidate, expansion: str = "") -> Evidence:
        """Score a candidate; `expansion` is the accepted form that spells the acronym out, when the article has one."""
        rule = candidate.rule
        confirmed = [expansion] if expansion else []
        confirmed += self._near(rule.confirm, candidate, self._window(candidate, NEAR))
        sure = bool(rule.acronyms) and self._holds(rule.confirm, *self._window(candidate, QUITE_NEAR))
        hints = self._near(rule.hints, candidate, self._window(candidate, NEAR))
        if len(hints) > 1:
            confirmed += hints
        refuted = self._refuted(candidate, expansion, sure)
        if rule.complement:
            inside, outside = self._complement(candidate)
            confirmed += inside
            refuted += outside
        score = rule.score + (_CONFIRMATION + _ANOTHER * (len(confirmed) - 1) if confirmed else 0)
        return Evidence(
            0.0 if refuted else round(min(score, 1.0), 2), _distinct(confirmed or hints), _distinct(refuted)
        )

    def stands(self, candidate: Candidate) -> bool:
        """Whether what the rule wants near, and right before, is there."""
        rule, pieces = candidate.rule, self._words.pieces
        low, high = candidate.first - QUITE_NEAR, candidate.last + QUITE_NEAR
        if rule.near and not self._near(rule.near, candidate, (low, high)):
            return False
        if not rule.previous or candidate.first == 0 or pieces[candidate.first - 1].key in (STOP, COMMA):
            return True
        return bool(self._right_before(rule.previous, candidate))

    def _refuted(self, candidate: Candidate, expansion: str, sure: bool) -> list[str]:
        rule = candidate.rule
        window = self._window(candidate, VERY_NEAR if expansion else QUITE_NEAR if sure else NEAR)
        refuted = self._near(rule.refute, candidate, window, across=True)
        if not expansion:
            refuted += [_shown(form) for form in rule.refute_article if form.pattern in self._places]
            refuted += self._other_meanings(candidate)
        return refuted + self._adjoining(candidate)

    def _other_meanings(self, candidate: Candidate) -> list[str]:
        """What else an acronym is said to stand for: beside any of its occurrences, or near this one when nothing
        confirms it (there, initials may agree by chance)."""
        rule, words = candidate.rule, self._words
        acronym = words.written(candidate.first, candidate.last).replace(".", "")
        if acronym not in rule.acronyms:
            return []
        if acronym not in self._glosses:
            self._glosses[acronym] = glosses(words, acronym)
        runs = [run for run in self._glosses[acronym] if not self._holds(rule.confirm, *run)]
        low, high = self._window(candidate, NEAR)
        if not self._near(rule.confirm, candidate, (low, high)):
            runs += spelled_out(words, acronym, low, high)
            runs += spelled_out(words, acronym, 0, words.title_count - 1)
        return [words.written(*run) for run in runs]

    def _holds(self, forms: Sequence[Form], low: int, high: int) -> bool:
        return any(next(_between(self._places.get(form.pattern, []), low, high), None) is not None for form in forms)

    def _window(self, candidate: Candidate, distance: int) -> tuple[int, int]:
        """First and last pieces near a candidate; for a form accepted alone, those of its sentence only."""
        low, high = max(0, candidate.first - distance), candidate.last + distance
        if candidate.rule.score < THRESHOLD:
            return low, high
        pieces = self._words.pieces
        before = (at for at in range(candidate.first - 1, low - 1, -1) if pieces[at].key == STOP)
        after = (at for at in range(candidate.last + 1, min(len(pieces), high + 1)) if pieces[at].key == STOP)
        return next(before, low), next(after, high)

    def _near(
        self, forms: Sequence[Form], candidate: Candidate, window: tuple[int, int], across: bool = False
    ) -> list[str]:
        """The forms found in the window, or in the title for what is not accepted alone; not in the candidate itself,
        nor `across` its border unless asked (« pays de la CIS » refutes « CIS »)."""
        windows = [window]
        if candidate.rule.score < THRESHOLD:
            windows.append((0, self._words.title_count - 1))
        found = []
        for form in forms:
            places = self._places.get(form.pattern, [])
            length = len(form.keys)
            if any(_beside(candidate, place, length, across) for w in windows for place in _between(places, *w)):
                found.append(_shown(form))
        return found

    def _adjoining(self, candidate: Candidate) -> list[str]:
        rule, keys = candidate.rule, self._words.pieces
        found = []
        for form in rule.refute_next:
            after = keys[candidate.last + 1 : candidate.last + 1 + len(form.keys)]
            if tuple(piece.key for piece in after) == form.keys:
                found.append(_shown(form))
        return found + self._right_before(rule.refute_previous, candidate)

    def _right_before(self, forms: Sequence[Form], candidate: Candidate) -> list[str]:
        found = []
        for form in forms:
            before = self._words.pieces[max(0, candidate.first - len(form.keys)) : candidate.first]
            if tuple(piece.key for piece in before) == form.keys:
                found.append(_shown(form))
        return found

    def _complement(self, candidate: Candidate) -> tuple[list[str], list[str]]:
        """What « de … » after the form confirms and refutes.

        A target may come later if coordinated, its preposition repeated: « des services publics et des associations ».
        """
        keys = [piece.key for piece in self._words.pieces[candidate.last + 1 : candidate.last + 2 + _FURTHER]]
        keys = keys[: keys.index(STOP)] if STOP in keys else keys
        keys = keys[1:] if keys and keys[0] in _QUALIFYING else keys
        if not keys or keys[0] not in _OF:
            return [], []
        targets = {form.keys: _shown(form) for form in candidate.rule.complement}
        starts = [at for at, key in enumerate(keys) if key in _OF and (at == 0 or keys[at - 1] in _AND)]
        for start in starts:
            while start < len(keys) and keys[start] in _OF | _ARTICLES:
                start += 1
            if shown := _target(keys, start, targets):
                return [shown], []
        return [], [_elided(" ".join(keys[:4]))]


def _between(places: Sequence[int], low: int, high: int) -> Iterator[int]:
    at = bisect_left(places, low)
    while at < len(places) and places[at] <= high:
        yield places[at]
        at += 1


def _beside(candidate: Candidate, place: int, length: int, across: bool) -> bool:
    """Whether a context form stands outside a candidate, or also across its border."""
    last = place + length - 1
    if last < candidate.first or place > candidate.last:
        return True
    return across and not (candidate.first <= place and last <= candidate.last)


def _target(keys: list[str], start: int, targets: dict[tuple[str, ...], str]) -> str:
    runs = (tuple(keys[start:end]) for end in range(len(keys), start, -1))
    return next((targets[run] for run in runs if run in targets), "")


def _shown(form: Form) -> str:
    return _elided(" ".join(form.words)) + ("*" if form.open_end else "")


def _elided(words: str) -> str:
    """« protection de l enfance » as it is written; a form keeps its words apart, without apostrophes."""
    return _ELISION_RE.sub("’", words)


def _distinct(found: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_MOST_SHOWN]
