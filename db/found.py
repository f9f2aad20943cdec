"""Which articles a search finds, the newest first; the time it takes depends on how many are wanted, not on how many
there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from db.filters import Conditions
from db.reader import Reader
from db.values import as_list

GROWTH = 6
"""How many times more articles are looked at when the newest ones did not give enough."""
FEW = 200
"""Articles wanted up to which a frequent word is not counted first: counting reads the whole list of its articles."""


class Found(NamedTuple):
    """One article that matches; `day` is the stored text of a UTC time, which sorts as the time does."""

    id: int
    story_id: int
    day: str
    source: str
    month: str
    labels: str


_BY_DATE = attrgetter("day", "id")
_COLUMNS = ", ".join(f"article.{name}" for name in Found._fields)
_NEWEST = "ORDER BY article.day DESC, article.id DESC LIMIT :most"
_MATCHES = "SELECT count(*) FROM article_fts WHERE article_fts MATCH :match"
_OTHERS = "{}story_id IN (SELECT value FROM json_each(:stories)) AND {}id NOT IN (SELECT value FROM json_each(:known))"
_MATCHING_OTHERS = (
    "article.id IN (SELECT rowid FROM article_fts WHERE article_fts MATCH :match AND rowid IN"
    f" (SELECT id FROM article WHERE {_OTHERS.format('', '')}))"
)


def archive_size(reader: Reader) -> int:
    """The number of articles ever kept, without counting them: some may have been taken down since."""
    return int(next(iter(reader.execute("SELECT coalesce(max(id), 0) FROM article", {})))[0])


def newest(reader: Reader, wanted: Conditions, most: int) -> list[Found]:
    """The newest articles that satisfy these conditions, at most `most`."""
    if not wanted.match:
        return _read(reader, f"SELECT {_COLUMNS} FROM article WHERE {wanted.rest} {_NEWEST}", wanted, most=most)
    if most <= FEW and len(found := _recent(reader, wanted, 4 * most)[1]) >= most:
        return found[:most]
    matches = next(iter(reader.execute(_MATCHES, {"match": wanted.match})))[0]
    # Enough when matches are spread evenly, and some more.
    window = most * archive_size(reader) // max(matches, 1) * 5 // 4 + 100
    if matches <= window:
        return _read(reader, _from_words(wanted), wanted, match=wanted.match, most=most)
    while True:
        looked_at, found = _recent(reader, wanted, window)
        if len(found) >= most or looked_at < window:
            return found[:most]
        window *= GROWTH


def with_members(reader: Reader, wanted: Conditions, found: Sequence[Found]) -> list[Found]:
    """The articles found and those of the same stories that satisfy these conditions too, the newest first."""
    condition = f"{wanted.rest} AND {_MATCHING_OTHERS}" if wanted.match else wanted.rest
    statement = f"SELECT {_COLUMNS} FROM article WHERE {_OTHERS.format('article.', 'article.')} AND {condition}"
    known, stories = as_list(each.id for each in found), as_list({each.story_id for each in found})
    others = _read(reader, statement, wanted, stories=stories, known=known, match=wanted.match)
    return sorted([*found, *others], key=_BY_DATE, reverse=True)


def _recent(reader: Reader, wanted: Conditions, window: int) -> tuple[int, list[Found]]:
    """How many of the newest articles that satisfy the rest were looked at, and those with the words, newest first."""
    looked_at, *found = _read(reader, _from_newest(wanted), wanted, match=wanted.match, window=window)
    return looked_at.id, sorted(found, key=_BY_DATE, reverse=True)


def _from_words(wanted: Conditions) -> str:
    """Every article with the words, then those that satisfy the rest: for words that few articles have."""
    # CROSS JOIN and the plus sign keep SQLite from walking through the whole archive by date instead, MATERIALIZED
    # keeps PostgreSQL from it.
    return (
        "WITH matched AS MATERIALIZED (SELECT rowid FROM article_fts WHERE article_fts MATCH :match)"
        f" SELECT {_COLUMNS} FROM matched CROSS JOIN article ON article.id = matched.rowid WHERE {wanted.rest}"
        " ORDER BY +article.day DESC, article.id DESC LIMIT :most"
    )


def _from_newest(wanted: Conditions) -> str:
    """The newest articles that satisfy the rest, then those with the words: for words that many articles have.

    The first row is no article: its `id` is the number of articles looked at.
    """
    # FTS5 reads its list once, between the two bounds only: new articles have the highest numbers. Without the plus
    # sign it would seek each number, five times as long.
    return (
        f"WITH recent AS MATERIALIZED (SELECT {_COLUMNS} FROM article WHERE {wanted.rest}"
        " ORDER BY article.day DESC, article.id DESC LIMIT :window)"
        " SELECT count(*), 0, NULL, '', '', '' FROM recent"
        " UNION ALL SELECT * FROM recent WHERE id IN (SELECT rowid FROM article_fts WHERE article_fts MATCH :match"
        " AND +rowid IN (SELECT id FROM recent)"
        " AND rowid BETWEEN (SELECT min(id) FROM recent) AND (SELECT max(id) FROM recent))"
    )


def _read(reader: Reader, statement: str, wanted: Conditions, **values: object) -> list[Found]:
    return list(map(Found._make, reader.execute(statement, {**wanted.values, **values})))
