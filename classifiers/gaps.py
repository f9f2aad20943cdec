"""Says whether the words inserted in a form leave it one expression: the one thing that folded keys cannot decide.

« contrats *français* à impact », « contrats *dits* "à impact social" », « contrats *et investissements* à impact » are
the expression; « contrat *de travail* à impact social » or « contrat *avec la ville* à impact social » are not. No list
of adjectives and participles could be complete, in every inflection: spaCy's tags and lemmas tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from classifiers.context import Candidate
from classifiers.nlp import reading
from classifiers.sentences import passage
from classifiers.words import COMMA, Words, key

_AROUND = 200
"""Characters read on each side of the form, and of the inserted words at most."""
_DESCRIBING = frozenset({"ADJ", "ADV", "NUM", "PUNCT", "SYM", "CCONJ"})
_ALONE = frozenset({"NOUN", "PROPN", "X"})
"""One word alone, without preposition, can only qualify: « contrat *tripartite* à impact »."""
_NAMING = frozenset("dire appeler nommer dénommer baptiser intituler qualifier surnommer désigner labelliser".split())
_COORDINATED = frozenset(
    key(noun)
    for noun in "fonds contrat investissement investisseur obligation titre projet prêt financement marché bon".split()
)
_OF_TYPE = ["de", "type"]
_CALLED = frozenset({"dit", "dite"})
"""« contrats *dits, un peu vite,* à impact »: whatever follows, the name comes. So does it after what stands between
commas, « contrats, *au nombre de six*, à impact »."""
_QUOTES = frozenset('«“„"')
"""« contrat d'un genre nouveau, « *à impact social* » »: what is quoted is a name, whatever stands before it."""
_OF_NOUNS = frozenset({key("fonds")})
"""Nouns whose kind is said by another, without article: « fonds *de dette privée* à impact »."""

_KINDS = frozenset({"isr", "esg", "ess"})
"""Acronyms that say the kind of a fund: « fonds *ISR, solidaires et* à impact »."""


class _Tag(NamedTuple):
    pos: str
    lemma: str
    participle: bool


_OF = _Tag("ADP", "de", participle=False)


def one_expression(words: Words, candidate: Candidate) -> bool:
    """Whether the inserted words are adjectives, participles, a naming (« que l'on dit ») or a coordinated noun."""
    if candidate.gap is None:
        return True
    low, high = candidate.gap
    source = words.title if words.field_of(candidate.first) == "title" else words.text
    keys = [words.pieces[index].key for index in range(low, high + 1)]
    inside = [key for key in keys if key != COMMA]
    if inside == _OF_TYPE or inside[0] in _CALLED or keys[0] == keys[-1] == COMMA:
        return True
    if not _QUOTES.isdisjoint(source[words.pieces[high].end : words.pieces[high + 1].start]):
        return True
    of_nouns = words.pieces[candidate.first].key in _OF_NOUNS
    if keys[0] == "et" and not _COORDINATED.intersection(keys):
        return False
    return _describes(_tags(words, candidate, (words.pieces[low].start, words.pieces[high].end), source), of_nouns)


def _tags(words: Words, candidate: Candidate, inserted: tuple[int, int], source: str) -> list[_Tag]:
    start, end = words.pieces[candidate.first].start, words.pieces[candidate.last].end
    if end - start > _AROUND:
        return []
    low, high = passage(source, start, end)
    low, high = max(low, start - _AROUND), min(high, end + _AROUND)
    with reading(source[low:high]) as doc:
        return [
            _Tag(token.pos_, token.lemma_.lower(), "Part" in token.morph.get("VerbForm", []))
            for token in doc
            if inserted[0] <= token.idx + low < inserted[1] and not token.is_space
        ]


def _describes(tags: Sequence[_Tag], of_nouns: bool) -> bool:
    if any(tag.lemma in _NAMING for tag in tags):
        return True
    if len(tags) == 1 and tags[0].pos in _ALONE:
        return True
    before = [_Tag("", "", participle=False), *tags]
    return bool(tags) and all(
        tag.pos in _DESCRIBING
        or (tag.pos == "VERB" and tag.participle)
        or (of_nouns and (tag == _OF or tag.lemma in _KINDS))
        or (tag.pos == "NOUN" and key(tag.lemma) in _COORDINATED)
        or (tag.pos in {"NOUN", "PROPN"} and (previous.pos == "CCONJ" or previous == _OF))
        for previous, tag in zip(before, tags, strict=False)
    )
