"""Says how much an article is about a label, and whether it is central or mentioned in passing.

What counts: the title, the lead, how many times and how densely the label is named, and the vocabulary of the subject
around. A mention in a list or in a circumstance (« dans le cadre d'un contrat à impact social ») counts for a quarter.
The weights were set on the gold set alone and in 600 words of other news; `evaluate` measures them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.context import Candidate
from classifiers.keywords import Found
from classifiers.words import COMMA, STOP, Words, key

LEAD = 400
"""Characters of the text that count as its beginning."""
OPENING = 120
"""Characters of the text in which it says what it is about."""
SHORT = 720
"""Characters under which a text names many things once."""
_LONE = 0.2
"""Share of its density that a lone mention keeps there, after the opening: it is one item among others."""
_AROUND = 200
"""Words around a mention in which supporting vocabulary counts."""
_IN_PASSING = 0.25
_OPENING = 1.5
"""Worth of a mention that opens its sentence, which is then about it."""
_DENSE = 1.0
"""Mentions per hundred words from which an article is about nothing else."""
_CHARACTERS = 6
"""Characters of a word and the space after it; a very long text is not counted word by word."""
_SPARSE = 0.15
"""Mentions per hundred words under which their number alone says nothing."""
_SHORTEST = 60
"""Words under which density says nothing more."""
_ARTICLES = frozenset("un une du de des d le la les l a the".split())
_CIRCUMSTANCES = tuple(
    tuple(key(word) for word in f"{opening} {article}".split())
    for opening in (
        "dans le cadre de", "dans le cadre d", "dans le cadre", "au titre de", "au titre d", "au titre", "mais aussi",
        "ainsi que", "y compris", "via", "comme", "tel que", "notamment", "par exemple", "such as", "including",
        "as well as",
    )
    for article in ("", *sorted(_ARTICLES))
)  # fmt: skip
"""What makes the mention that follows one circumstance or one example among others."""


@dataclass(frozen=True, slots=True)
class Relevance:
    score: float
    """From 0 to 1."""
    central: bool


def relevance(words: Words, found: Sequence[Found], label: str, length: int, central_from: float) -> Relevance:
    """How much an article of `length` characters is about a label, of which it has one accepted candidate at least; it
    is central from this score."""
    mentions = [f.candidate for f in found if f.accepted and f.rule.label == label]
    mentions = [m for m in mentions if not _glosses(words, m, mentions)]
    titled = any(words.field_of(m.first) == "title" for m in mentions)
    inside = [m for m in mentions if words.field_of(m.first) == "text"]
    weights = [_weight(words, m) for m in inside]
    lead = any(w >= 1.0 and words.pieces[m.first].start < LEAD for m, w in zip(inside, weights, strict=True))
    count = sum(weights)
    density = 100 * count / max(_SHORTEST, length / _CHARACTERS)
    if count <= 1 and not titled and length < SHORT and all(words.pieces[m.first].start > OPENING for m in inside):
        density *= _LONE
    support = len({f.rule.id for f in found if _supports(f, mentions)})
    score = (
        0.5 * titled
        + 0.5 * min(density / _DENSE, 1)
        + 0.15 * min(count, 4) * min(density / _SPARSE, 1)
        + 0.15 * lead
        + (0.1 * min(support, 3) if inside else 0)
    )
    score = round(min(score, 1.0), 3)
    return Relevance(score, score >= central_from)


def _supports(found: Found, mentions: Sequence[Candidate]) -> bool:
    """Whether a candidate is vocabulary of the subject near a mention: a supporting concept, or another label's."""
    if found.rule.role == "neighbour" or not found.accepted:
        return False
    own = {mention.rule.id for mention in mentions}
    place = found.candidate.first
    return found.rule.id not in own and any(abs(place - mention.first) <= _AROUND for mention in mentions)


def _glosses(words: Words, mention: Candidate, mentions: Sequence[Candidate]) -> bool:
    """Whether a mention is only the acronym that follows its own expansion, « contrat à impact social (CIS) »."""
    if mention.first != mention.last or not mention.rule.acronyms:
        return False
    return any(0 < mention.first - other.last <= 2 and other.last > other.first for other in mentions)


def _weight(words: Words, mention: Candidate) -> float:
    before = [piece.key for piece in words.pieces[max(0, mention.first - 6) : mention.first]]
    if any(tuple(before[-len(phrase) :]) == phrase for phrase in _CIRCUMSTANCES):
        return _IN_PASSING
    after = [piece.key for piece in words.pieces[mention.last + 1 : mention.last + 2]]
    opening = before[:-1] if before[-1:] and before[-1] in _ARTICLES else before
    if opening[-1:] == [COMMA] and after[:1] in ([COMMA], [STOP], ["et"]):
        return _IN_PASSING
    return _OPENING if STOP in before[-2:] else 1.0
