"""Adds to a query the other names of what it asks: « CIS » also finds « contrat à impact social ».

The names are the topics' own (`classifiers/topics/*/synonyms.toml`). An exact "…" is never widened, nor an exclusion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.french import STOP_WORDS, stem, stems, tokens
from core.search import SearchQuery
from core.text import fold
from core.tree import And, Expression, Filter, Or, Word, both, either

LONGEST = 6
"""Words of a query that may make one name, stop words aside."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Names of one thing."""

    names: tuple[str, ...]
    acronyms: tuple[str, ...] = ()
    """They may stand for something else: when added, they count in articles that have the label only."""
    label: str = ""


def widened(query: SearchQuery, groups: Sequence[Synonyms]) -> SearchQuery:
    """The query with the synonyms of its words, told in `added`; unchanged when it refuses them."""
    if not query.synonyms or not groups:
        return query
    added: dict[str, None] = {}
    expression = _Widening(groups, added).of(query.expression)
    return replace(query, expression=expression, added=tuple(added)) if added else query


class _Widening:
    def __init__(self, groups: Iterable[Synonyms], added: dict[str, None]) -> None:
        self._known = {key: group for group in groups for key in _keys(group)}
        self._added = added

    def of(self, asked: Expression) -> Expression:
        match asked:
            case Word():
                return self._run((asked,)) or asked
            case And(parts):
                return both(self._all(parts))
            case Or(parts):
                return either(*map(self.of, parts))
        return asked

    def _all(self, parts: Sequence[Expression]) -> Iterator[Expression]:
        """Parts of an "and": the longest runs of words that make a name, widened."""
        at = 0
        while at < len(parts):
            for end in range(min(len(parts), at + LONGEST), at, -1):
                run = parts[at:end]
                words = tuple(part for part in run if isinstance(part, Word))
                if len(words) == len(run) and (found := self._run(words)):
                    yield found
                    break
            else:
                end = at + 1
                yield self.of(parts[at])
            at = end

    def _run(self, words: tuple[Word, ...]) -> Expression | None:
        if any(word.exact for word in words):
            return None
        key = tuple(each for word in words for each in _content(word.text))
        group = self._known.get(key)
        return either(both(words), *self._others(group, key)) if group else None

    def _others(self, group: Synonyms, key: tuple[str, ...]) -> Iterator[Expression]:
        for name in group.names + group.acronyms:
            if _content(name) == key:
                continue
            self._added[name] = None
            word = Word(name, tuple(stems(name)))
            sure = name in group.names or not group.label
            yield word if sure else And((word, Filter("tag", (group.label,))))


def _keys(group: Synonyms) -> set[tuple[str, ...]]:
    return {_content(name) for name in group.names + group.acronyms}


def _content(text: str) -> tuple[str, ...]:
    """The stems of a text, stop words aside."""
    words = (text[token.start : token.end] for token in tokens(text))
    return tuple(stem(word) for word in words if fold(word) not in STOP_WORDS)
