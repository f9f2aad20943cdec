"""Finds a lexicon's forms among an article's words, and gives each candidate its verdict.

Folded keys decide forms; the context decides weak ones and acronyms. One pass per automaton, so the time is linear in
the text whatever it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from ahocorasick_rs import AhoCorasick

from classifiers.context import Candidate, ContextFinder, Evidence, Surroundings
from classifiers.forms import Form
from classifiers.lexicon import THRESHOLD, Lexicon, Rule
from classifiers.words import COMMA, STOP, Vocabulary, Words, read

GAP = 5
"""Words that may be inserted in a form at most."""
_COMMAS = 2
"""Commas around them: « contrats dits, un peu vite, à impact »."""
MOST = 2000
"""Candidates weighed in one article; what a text repeats beyond that adds nothing."""
MOST_JUDGED = 40
"""Forms with inserted words that are judged in one article: each costs spaCy some milliseconds."""
GapJudge = Callable[[Words, Candidate], bool]
"""Says whether the words inserted in a form leave it one expression."""


@dataclass(frozen=True, slots=True)
class Found:
    """A weighed candidate."""

    candidate: Candidate
    evidence: Evidence

    @property
    def accepted(self) -> bool:
        return self.evidence.score >= THRESHOLD

    @property
    def rule(self) -> Rule:
        return self.candidate.rule


class Matcher:
    """All the rules of a lexicon, ready to read articles."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.rules = lexicon.rules
        owners: dict[str, list[tuple[Rule, Form]]] = {}
        for rule in self.rules:
            for form in rule.forms:
                owners.setdefault(form.pattern, []).append((rule, form))
        self._patterns = sorted(owners)
        self._owners = owners
        self._automaton = AhoCorasick(self._patterns)
        self._acronyms: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for acronym in rule.acronyms:
                self._acronyms.setdefault(acronym, []).append(rule)
        self._context = ContextFinder(self.rules)
        self.vocabulary = Vocabulary.of(
            (word for rule in self.rules for form in rule.forms for word in form.words), self._acronyms, lexicon.slips
        )

    def words(self, title: str, text: str, sections: Sequence[tuple[int, int]] = ()) -> Words:
        """The article's words, glued and broken ones set right; of the text, only the sections when there are some."""
        return read(title, text, self.vocabulary, sections)

    def has_core(self, words: Words) -> bool:
        """Whether a rule that tags has a candidate."""
        return any(one.rule.role == "core" for one in chain(self._forms(words), self._acronym_places(words)))

    def candidates(self, words: Words) -> list[Candidate]:
        """Every place that has the form of a rule, whatever stands around."""
        return _first([*self._forms(words), *self._acronym_places(words)])

    def find(self, words: Words, judge: GapJudge) -> list[Found]:
        """Every candidate of the article with its evidence, in reading order; none when no core rule has one."""
        candidates = self.candidates(words)
        if not any(candidate.rule.role == "core" for candidate in candidates):
            return []
        found = self.weigh(words, candidates, judge)
        return found if any(one.rule.role == "core" for one in found) else []

    def weigh(self, words: Words, candidates: Sequence[Candidate], judge: GapJudge) -> list[Found]:
        """Candidates with their evidence, without overlap in a label, in reading order."""
        surroundings = self._context.find(words)
        candidates = _judged(words, [c for c in candidates if surroundings.stands(c)], judge)
        found = [Found(c, surroundings.weigh(c)) for c in candidates if not c.rule.expanded_by]
        found += self._weigh_acronyms(words, [c for c in candidates if c.rule.expanded_by], found, surroundings)
        return sorted(_without_overlap(found), key=lambda f: (f.candidate.first, f.candidate.last, f.rule.id))

    def _forms(self, words: Words) -> Iterable[Candidate]:
        for number, start, end in self._automaton.find_matches_as_indexes(words.joined, overlapping=True):
            first, last = words.index_at(start + 1), words.index_at(end - 2)
            for rule, form in self._owners[self._patterns[number]]:
                if not form.gap:
                    yield Candidate(rule, first, last)
                elif (head := _head(words, first, form.keys[0])) is not None:
                    yield Candidate(rule, head, last, (head + 1, first - 1))

    def _acronym_places(self, words: Words) -> Iterable[Candidate]:
        for acronym, places in sorted(words.acronyms.items()):
            for rule in self._acronyms[acronym]:
                yield from (Candidate(rule, place, place) for place in places)

    def _weigh_acronyms(
        self, words: Words, candidates: Sequence[Candidate], found: Sequence[Found], surroundings: Surroundings
    ) -> list[Found]:
        expansions: dict[str, str] = {}
        for one in found:
            if one.accepted:
                expansions.setdefault(one.rule.id, words.written(one.candidate.first, one.candidate.last))
        weighed = []
        for candidate in candidates:
            spelled = [expansions[rule] for rule in candidate.rule.expanded_by if rule in expansions]
            weighed.append(
                (Found(candidate, surroundings.weigh(candidate, spelled[0] if spelled else "")), bool(spelled))
            )
        doubted = _doubted([one for one, spelled in weighed if not spelled])
        return [_refused(one) if one.rule.id in doubted and not spelled else one for one, spelled in weighed]


def _doubted(found: Sequence[Found]) -> set[str]:
    """The rules whose acronym means something else in this article at least as often: one sense per discourse (Gale,
    Church and Yarowsky, 1992). A fire station is not named beside its firemen every time."""
    balance: dict[str, int] = {}
    refuted = {one.rule.id for one in found if one.evidence.refuted_by}
    for one in found:
        balance[one.rule.id] = balance.get(one.rule.id, 0) + one.accepted - bool(one.evidence.refuted_by)
    return {rule for rule in refuted if balance[rule] <= 0}


def _refused(found: Found) -> Found:
    return Found(found.candidate, replace(found.evidence, score=0.0)) if found.accepted else found


def _judged(words: Words, candidates: Sequence[Candidate], judge: GapJudge) -> list[Candidate]:
    """Without the forms with a gap that is refused, or that come after MOST_JUDGED others."""
    gapped = sorted((c for c in candidates if c.gap), key=lambda c: (c.first, c.last, c.rule.id))
    places = list(dict.fromkeys((c.first, c.last) for c in gapped))[:MOST_JUDGED]
    first = {(c.first, c.last): c for c in reversed(gapped)}
    fine = {place for place in places if judge(words, first[place])}
    return [c for c in candidates if c.gap is None or (c.first, c.last) in fine]


def _head(words: Words, at: int, head: str) -> int | None:
    """The nearest piece before `at` whose key is `head`, with 1 to GAP pieces between, one word at least, no border."""
    inserted = 0
    for index in range(at - 1, max(-1, at - GAP - _COMMAS - 2), -1):
        piece = words.pieces[index].key
        if piece == STOP:
            return None
        if piece == head:
            return index if inserted else None
        inserted += piece != COMMA
        if inserted > GAP:
            return None
    return None


def _first(candidates: list[Candidate]) -> list[Candidate]:
    """At most MOST candidates, the earliest of each rule, so that no rule is starved by another."""
    if len(candidates) <= MOST:
        return candidates
    share = max(1, MOST // len({candidate.rule.id for candidate in candidates}))
    taken: dict[str, int] = {}
    kept = []
    for candidate in sorted(candidates, key=lambda c: (c.first, c.rule.id)):
        taken[candidate.rule.id] = taken.get(candidate.rule.id, 0) + 1
        if taken[candidate.rule.id] <= share:
            kept.append(candidate)
    return kept


def _without_overlap(found: Iterable[Found]) -> list[Found]:
    """For each label, what does not overlap: accepted before refused, then longest, best, first."""
    kept: dict[str, list[Found]] = {}
    taken: dict[str, set[int]] = {}
    order = sorted(
        found,
        key=lambda f: (
            not f.accepted, f.candidate.first - f.candidate.last, -f.evidence.score, f.candidate.first, f.rule.id
        ),
    )  # fmt: skip
    for one in order:
        owner = one.rule.label or one.rule.id
        pieces = set(range(one.candidate.first, one.candidate.last + 1))
        if not pieces & taken.setdefault(owner, set()):
            taken[owner] |= pieces
            kept.setdefault(owner, []).append(one)
    return [one for group in kept.values() for one in group]
