"""Reads the facts of a tagged article: actors with their candidate roles, places, amounts, durations, dates.

Only what stands around an accepted match is read: an article of the press is there whole, a report of 300 pages is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from classifiers.amounts import amounts
from classifiers.gazetteer import VOCABULARY, Mention, gazetteer
from classifiers.quantities import Quantity
from classifiers.roles import may_tell, roles, telling
from classifiers.sentences import is_french, page_of, sentence_of
from classifiers.times import dates, durations
from classifiers.unknown import unknown
from classifiers.words import read
from core.articles import Article, Match
from core.facts import Fact, FactKind
from core.text import one_line

AROUND = 3_000
"""Characters read on each side of an accepted match."""
MOST_READ = 60_000
MOST_MENTIONS = 300
MOST: dict[FactKind, int] = {"actor": 24, "place": 8, "amount": 12, "duration": 4, "date": 8}
"""Facts of one article, at most, those with a role and the earliest first."""


def facts(article: Article, matches: Sequence[Match]) -> tuple[Fact, ...]:
    """The facts around the accepted matches that tag an article, by kind, then in reading order; each once.

    None when the publisher reserves text and data mining (CPI, art. L. 122-5-3).
    """
    accepted = [match for match in matches if match.accepted and match.label]
    if not accepted or article.reserved:
        return ()
    return _Reading(article, accepted).facts()


def _sections(length: int, matches: Iterable[Match]) -> list[tuple[int, int]]:
    """Half-open ranges of the text, MOST_READ characters together at most."""
    places = sorted((m.start, m.end) if m.field == "text" else (0, 0) for m in matches)
    found: list[tuple[int, int]] = []
    room = MOST_READ
    for start, end in places:
        low, high = max(0, start - AROUND, found[-1][1] if found else 0), min(length, end + AROUND)
        high = min(high, low + room)
        if low < high:
            room -= high - low
            joins = bool(found) and found[-1][1] == low
            found[-1:] = [(found[-1][0], high)] if joins else [*found[-1:], (low, high)]
    return found


class _Reading:
    """One article under reading."""

    def __init__(self, article: Article, matches: Sequence[Match]) -> None:
        self._article = article
        self._sections = _sections(len(article.text), matches)
        self._words = read(article.title, article.text, VOCABULARY, self._sections or [(0, 0)])
        self._starts = [piece.start for piece in self._words.pieces[self._words.title_count :]]

    def facts(self) -> tuple[Fact, ...]:
        found = [*self._named(), *(self._quantity(each) for each in _distinct(self._quantities()))]
        kept: list[Fact] = []
        for kind, most in MOST.items():
            some = sorted((one for one in found if one.kind == kind), key=lambda one: not one.role)[:most]
            kept += sorted(some, key=lambda one: (one.field != "title", one.start))
        return tuple(kept)

    def _quantities(self) -> Iterator[Quantity]:
        for start, end in self._sections:
            yield from amounts(self._article.text, start, end)
            yield from durations(self._article.text, start, end)
            yield from dates(self._article.text, self._article.published, start, end)

    def _quantity(self, found: Quantity) -> Fact:
        shown = sentence_of(self._article, found.start, found.end)
        return Fact(
            kind=found.kind,
            value=found.value,
            name="",
            role="",
            form=self._article.text[found.start : found.end],
            field="text",
            start=found.start,
            end=found.end,
            sentence=shown.text,
            sentence_start=shown.start,
            page=page_of(self._article, found.start),
            low=found.low,
            high=found.high,
            unit=found.unit,
            per_year=found.per_year,
        )

    def _named(self) -> list[Fact]:
        known = gazetteer().find(self._words)[:MOST_MENTIONS]
        is_pdf = self._article.media_type == "pdf"
        mentions = known + (unknown(self._words, self._places(), known, is_pdf) if is_french(self._article) else [])
        groups: dict[tuple[str, int, int], list[Mention]] = {}
        for mention in mentions:
            groups.setdefault(self._place(mention), []).append(mention)
        found: dict[tuple[str, str, str], Fact] = {}
        for place, group in groups.items():
            said = self._roles(place, group)
            for number, mention in enumerate(group):
                # What no list knows is believed only where words give it a part.
                if mention in known or number in said:
                    fact = self._mention(mention, said.get(number, ""), place)
                    found.setdefault((fact.kind, fact.value, fact.role), fact)
        with_role = {(fact.kind, fact.value) for fact in found.values() if fact.role}
        return [fact for fact in found.values() if fact.role or (fact.kind, fact.value) not in with_role]

    def _places(self) -> Iterator[tuple[int, int]]:
        """Where unknown names are looked for: by the words that give a role, without which they are not kept."""
        for position in telling(self._words.joined):
            index = self._words.index_at(position)
            if index >= self._words.title_count:
                piece = self._words.pieces[index]
                yield piece.start, piece.end

    def _place(self, mention: Mention) -> tuple[str, int, int]:
        """The sentence of a mention: field, start, end."""
        if self._words.field_of(mention.first) == "title":
            return "title", 0, len(self._article.title)
        start, end = self._words.pieces[mention.first].start, self._words.pieces[mention.last].end
        shown = sentence_of(self._article, start, end)
        return "text", shown.start, shown.start + len(shown.text)

    def _roles(self, place: tuple[str, int, int], group: Sequence[Mention]) -> dict[int, str]:
        """Role by index in the group."""
        first, last = self._pieces(place)
        keys = [piece.key for piece in self._words.pieces[first:last]]
        if not may_tell(f" {' '.join(keys)} "):
            return {}
        categories = {}
        for number, mention in enumerate(group):
            if mention.name.kind == "actor" and first <= mention.first and mention.last < last:
                categories[number] = mention.name.category
                keys[mention.first - first] = f"@{number}"
                for index in range(mention.first + 1, mention.last + 1):
                    keys[index - first] = ""
        return roles([each for each in keys if each], categories)

    def _pieces(self, place: tuple[str, int, int]) -> tuple[int, int]:
        """Half-open indexes of the pieces of a sentence."""
        field, start, end = place
        if field == "title":
            return 0, self._words.title_count
        shift = self._words.title_count
        return shift + bisect_left(self._starts, start), shift + bisect_left(self._starts, end)

    def _mention(self, mention: Mention, role: str, place: tuple[str, int, int]) -> Fact:
        field, low, high = place
        start, end = self._words.pieces[mention.first].start, self._words.pieces[mention.last].end
        return Fact(
            kind=mention.name.kind,
            value=mention.name.id,
            name=one_line(mention.name.shown),
            role=role,
            form=self._words.written(mention.first, mention.last),
            field="title" if field == "title" else "text",
            start=start,
            end=end,
            sentence=self._article.title if field == "title" else self._article.text[low:high],
            sentence_start=low,
            page=page_of(self._article, start) if field == "text" else None,
        )


def _distinct(found: Iterable[Quantity]) -> Iterator[Quantity]:
    """Each value once, and no more of a kind than are kept."""
    seen: dict[str, set[tuple[object, ...]]] = {}
    for one in found:
        values = seen.setdefault(one.kind, set())
        value = (one.low, one.high, one.unit, one.per_year, one.value)
        if value not in values and len(values) < MOST[one.kind]:
            values.add(value)
            yield one
