"""Exact forms: what the stems let through is checked on the text itself, accents, case and typography aside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

from core.search import SearchQuery
from core.text import fold
from core.tree import ANYTHING, And, Expression, Not, Or, Word
from db.filters import Conditions, Sources
from db.found import newest
from db.reader import Reader
from db.values import as_list

MAX_CHECKED = 2_000
"""Texts read for one search, the newest; of the others, and of those whose text is purged, the stems alone decide."""

_TEXTS = """
SELECT version.article_id, version.title || '\n' || version.text
FROM version JOIN article ON article.id = version.article_id AND article.version = version.number
WHERE article.id IN (SELECT value FROM json_each(:ids)) AND version.text <> ''
"""


def conditions(reader: Reader, query: SearchQuery, sources: Sources) -> Conditions:
    """What a query asks of an article, its exact forms checked."""
    return Conditions(query, sources, _refused(reader, query, sources))


def _refused(reader: Reader, query: SearchQuery, sources: Sources) -> dict[Word, set[int]]:
    """For each exact form, articles that may be found by its stems and whose text does not hold it."""
    finders = {word: finder(word) for word in set(_exact(query.expression))}
    if not finders:
        return {}
    # The stems of an excluded form must not exclude: what holds them is still to be read.
    may_be_found = Conditions(replace(query, expression=_widened(query.expression)), sources)
    ids = [each.id for each in newest(reader, may_be_found, MAX_CHECKED)]
    dropped: dict[Word, set[int]] = defaultdict(set)
    for identity, text in reader.execute(_TEXTS, {"ids": as_list(ids)}):
        for word, holds in finders.items():
            if not holds(text):
                dropped[word].add(identity)
    return dropped


def _exact(asked: Expression) -> Iterator[Word]:
    match asked:
        case Word(exact=True):
            yield asked
        case And(parts) | Or(parts):
            for part in parts:
                yield from _exact(part)
        case Not(part):
            yield from _exact(part)


def _widened(asked: Expression) -> Expression:
    match asked:
        case And(parts):
            return And(tuple(map(_widened, parts)))
        case Or(parts):
            return Or(tuple(map(_widened, parts)))
        case Not(part) if any(_exact(part)):
            return ANYTHING
    return asked


def pattern(form: str) -> re.Pattern[str]:
    """A regular expression that finds a form between word borders, whatever the spaces."""
    pieces = re.sub(r"^\W+|\W+$", "", form).split()
    return re.compile(r"(?<!\w)" + r"\s+".join(re.escape(piece) for piece in pieces) + r"(?!\w)")


def finder(word: Word) -> Callable[[str], bool]:
    """Tells whether a text holds the form, accents, case and typography aside."""
    typed, plain = word.text.lower(), fold(word.text)
    folded = pattern(plain)
    # As typed first: folding a text costs fifty times as much as lowering it. Not for signs that fold into letters (℡).
    quick = pattern(typed if re.sub(r"\w", "w", typed) == re.sub(r"\w", "w", plain) else plain)
    return lambda text: bool(quick.search(text.lower()) or folded.search(fold(text)))
