"""Finds the actors and places known by name (`actors.csv`, `places.csv`): folded, whole words, longest first.

A name is found whatever its accents, plural or elision. An acronym keeps its case, a short name a capital. A name that
is also a common word, or an acronym of several things, counts only where another name of the same actor, or a word of
its context, is in the article.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from ahocorasick_rs import AhoCorasick

from classifiers.words import Vocabulary, Words, key, read
from core.french import STOP_WORDS
from core.text import fold

_INSTITUTIONS = frozenset("ministere departement region caisse banque federation fond".split())
"""First words of names that nothing else bears, even in lower case: « caisse des dépôts »."""
_LOCAL = frozenset(map(key, "a en dans depuis vers chez departement metropole ville mairie region".split()))
"""What comes before a place whose name is also a word: « à Tours », « dans le Nord », « département du Lot »."""
_ARTICLES = frozenset("le la les l du de des d".split())
_FREE = 3
"""Words of weight from which a name is sure even without capital."""
_SHORT = 6
"""Letters of the longest name in capitals that is read as an acronym."""
VOCABULARY = Vocabulary.of((), (), {})


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write an actor or a place."""

    kind: Literal["actor", "place"]
    id: str
    shown: str
    alias: str
    doubtful: bool
    context: tuple[str, ...]
    """Keys, between spaces, one of which confirms a doubtful name."""
    category: str


class Mention(NamedTuple):
    """A name found: indexes of its first and last pieces."""

    name: Name
    first: int
    last: int


def slug(name: str) -> str:
    """« Île-de-France » → « ile-de-france »."""
    return "-".join("".join(c if c.isalnum() else " " for c in fold(name)).split())


def joined(text: str) -> str:
    """The keys of a name between single spaces, with a space at both ends."""
    words = read("", text, VOCABULARY)
    return " " + " ".join(piece.key for piece in words.pieces[words.title_count : -1]) + " "


class Gazetteer:
    """Every name of some lists, ready to read articles."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._owners: dict[str, list[Name]] = {}
        for name in names:
            self._owners.setdefault(joined(name.alias), []).append(name)
        self._patterns = sorted(self._owners)
        self._automaton = AhoCorasick(self._patterns)

    def find(self, words: Words) -> list[Mention]:
        """Actors and places in reading order; they do not overlap, save a place in the name of a local authority."""
        found = [mention for mention in self._forms(words) if _is_written(words, mention)]
        sure = {mention.name.id for mention in found if not mention.name.doubtful}
        doubtful = {mention.name for mention in found if mention.name.doubtful and mention.name.kind == "actor"}
        confirmed = {name for name in doubtful if name.id in sure or any(each in words.joined for each in name.context)}
        kept = [mention for mention in found if _counts(words, mention, confirmed)]
        actors = _longest([mention for mention in kept if mention.name.kind == "actor"])
        taken = {i for m in actors if m.name.category != "collectivite" for i in range(m.first, m.last + 1)}
        places = [m for m in kept if m.name.kind == "place" and not taken & set(range(m.first, m.last + 1))]
        return sorted(actors + _longest(places), key=lambda mention: (mention.first, mention.name.kind))

    def _forms(self, words: Words) -> Iterable[Mention]:
        for number, start, end in self._automaton.find_matches_as_indexes(words.joined, overlapping=True):
            first, last = words.index_at(start + 1), words.index_at(end - 2)
            yield from (Mention(name, first, last) for name in self._owners[self._patterns[number]])


def _counts(words: Words, mention: Mention, confirmed: set[Name]) -> bool:
    if not mention.name.doubtful:
        return True
    return mention.name in confirmed or (mention.name.kind == "place" and _is_local(words, mention.first))


def _is_local(words: Words, first: int) -> bool:
    before = [piece.key for piece in words.pieces[max(0, first - 2) : first]]
    return bool(before) and (before[-1] in _LOCAL or (before[-1] in _ARTICLES and before[0] in _LOCAL))


def _is_written(words: Words, mention: Mention) -> bool:
    """Whether the case is right."""
    alias = mention.name.alias
    written = words.written(mention.first, mention.last)
    if alias.isupper() and alias.isalnum() and len(alias) <= _SHORT:
        return written.replace(".", "") == alias
    keys = [piece.key for piece in words.pieces[mention.first : mention.last + 1]]
    heavy = [at for at, each in enumerate(keys) if each not in STOP_WORDS and each not in _ARTICLES]
    if not heavy or len(heavy) >= _FREE or keys[heavy[0]] in _INSTITUTIONS:
        return True
    firsts = [words.written(mention.first + at, mention.first + at)[:1] for at in heavy]
    return written == alias or alias.islower() or not firsts[0].isalpha() or any(first.isupper() for first in firsts)


def _longest(mentions: Sequence[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(mentions, key=lambda m: (m.first - m.last, m.first, m.name.doubtful, m.name.id)):
        places = set(range(mention.first, mention.last + 1))
        if not places & taken:
            taken |= places
            kept.append(mention)
    return kept


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def actors(path: Path) -> Iterable[Name]:
    """The names of `actors.csv`: slug, nom, alias, ambigus, contexte, categorie."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            doubtful, context = set(_split(row["ambigus"])), tuple(joined(each) for each in _split(row["contexte"]))
            for alias in dict.fromkeys([row["nom"], *_split(row["alias"])]):
                yield Name("actor", row["slug"], row["nom"], alias, alias in doubtful, context, row["categorie"])


def places(path: Path) -> Iterable[Name]:
    """The names of `places.csv`: nom, type, alias, ambigu."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for alias in [row["nom"], *_split(row["alias"])]:
                yield Name("place", slug(row["nom"]), row["nom"], alias, bool(row["ambigu"]), (), row["type"])


@cache
def gazetteer() -> Gazetteer:
    """The lists of the program, read once."""
    here = Path(__file__).parent
    return Gazetteer([*actors(here / "actors.csv"), *places(here / "places.csv")])
