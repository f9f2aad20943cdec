"""Exact forms: what the stems let through is checked on the text itself, accents, case and typography aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from core.search import SearchQuery, Word
from core.text import fold
from db.matching import match_expression, matching
from db.reader import Reader
from db.values import as_list

MAX_CHECKED = 2_000
"""Texts read for one search, the newest; of the others, and of those whose text is purged, the stems alone decide."""

Check = Callable[[int, str], bool]

_TEXTS = """
SELECT version.article_id, version.title || char(10) || version.text, version.text <> ''
FROM version JOIN article ON article.id = version.article_id AND article.version = version.number
WHERE article.id IN (SELECT value FROM json_each(:ids))
"""


def refused(reader: Reader, query: SearchQuery, ids: Sequence[int]) -> set[int]:
    """Among articles whose stems match, the newest first, those whose text does not."""
    checks = [_wanted(reader, group) for group in query.groups if any(word.exact for word in group)]
    checks += [_unwanted(reader, word) for word in query.excluded if word.exact and word.stems]
    if not checks:
        return set()
    dropped = {
        identity
        for identity, text, kept in reader.execute(_TEXTS, {"ids": as_list(ids[:MAX_CHECKED])})
        if kept and not all(check(identity, text) for check in checks)
    }
    # Beyond the limit an excluded form is excluded on its stems, as a wanted one is accepted on them.
    for word in query.excluded:
        if word.exact and word.stems:
            unread = set(ids[MAX_CHECKED:])
            dropped |= unread & _stemmed(reader, [word])
    return dropped


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


def _wanted(reader: Reader, group: Sequence[Word]) -> Check:
    finders = [finder(word) for word in group if word.exact]
    inexact = _stemmed(reader, [word for word in group if not word.exact])
    return lambda identity, text: identity in inexact or any(find(text) for find in finders)


def _unwanted(reader: Reader, word: Word) -> Check:
    find, stemmed = finder(word), _stemmed(reader, [word])
    return lambda identity, text: identity not in stemmed or not find(text)


def _stemmed(reader: Reader, words: Sequence[Word]) -> set[int]:
    return matching(reader, match_expression([words]))
