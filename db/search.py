"""Searches the archive: stories in order of relevance or date, with their excerpts and facets."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core.errors import StoreError
from core.saved import Arrivals
from core.search import Hit, SearchQuery, SearchResult
from core.statistics import MonthCount
from core.tree import Filter, Word, parts_of, without
from db import schema
from db.arrivals import arrivals
from db.counting import monthly
from db.exact import conditions
from db.facets import Facets, facets, named
from db.filters import Conditions
from db.found import Found, newest
from db.hits import hits
from db.listing import latest, stories
from db.matching import any_of, ranks
from db.reader import Reader, ReadOnly, open_read_only
from db.similar import similar

MAX_FOUND = 2_000
"""Of the articles that words find, only the newest are ranked and counted, for the time it takes to stay bounded: bm25
over 300,000 takes one second."""
MAX_LISTED = 10_000
"""The same for searches without a word."""
FRESHNESS = 0.4
"""Share of a score that age wears away."""
HALF_LIFE = 365.0
"""Days in which half of that share is gone."""
_DATE = len("2026-11-23")


class Index:
    """The SearchIndex port. `sources`: slug → (name, category)."""

    def __init__(self, database: ReadOnly, sources: Mapping[str, tuple[str, str]]) -> None:
        self._database = database
        self._sources = sources

    def close(self) -> None:
        self._database.close()

    def search(self, query: SearchQuery, now: datetime) -> SearchResult:
        """Stories with an article that matches, each shown by the first such article; never raises on any query.

        By relevance: bm25 on stems, title weighted, times a mild freshness. Without a word to find: by date.
        """
        words = [word for word in query.words if word.stems]
        first, last = max(query.offset, 0), max(query.offset, 0) + max(query.limit, 0)
        with self._database.read() as reader:
            wanted = conditions(reader, query, self._sources)
            if not query.counted and (query.sort == "date" or not words):
                page = latest(reader, wanted, last)[first:]
                return SearchResult(len(page), hits(reader, page, words))
            most = MAX_FOUND if words else MAX_LISTED
            found = newest(reader, wanted, most + 1)
            bound = most if len(found) > most else None
            found = found[:most]
            scores = _scores(reader, wanted, words, found, now) if words and query.sort == "relevance" else {}
            listed = stories(found, scores)
            counted = self._facets(reader, query, found, most) if query.counted else ()
            return SearchResult(len(listed), hits(reader, listed[first:last], words), counted, bound)

    def similar(self, article_id: int, limit: int) -> tuple[Hit, ...]:
        """Matched stories that speak of the same things as an article, the closest first; its own story aside."""
        with self._database.read() as reader:
            return hits(reader, similar(reader, article_id, limit), ())

    def _facets(self, reader: Reader, query: SearchQuery, found: Sequence[Found], most: int) -> Facets:
        """Values of one filter are alternatives: a filter in use is counted as if it were not, for others to join."""
        used = {part.name for part in parts_of(query.expression) if isinstance(part, Filter)}

        def base(name: str) -> Sequence[Found]:
            return self._wider(reader, query, name, most) if name in used else found

        *plain, month = (
            (name, dict(facets(base(name), self._sources))[name] if name in used else values)
            for name, values in facets(found, self._sources)
        )
        return (*plain, *((kind, named(reader, kind, base(kind))) for kind in ("actor", "place")), month)

    def _wider(self, reader: Reader, query: SearchQuery, name: str, most: int) -> list[Found]:
        """What would be found without the filters of this name."""
        wider = replace(query, expression=without(query.expression, name))
        return newest(reader, conditions(reader, wider, self._sources), most)

    def arrivals(self, query: SearchQuery, since: datetime, young: datetime, series: str = "") -> Arrivals:
        """The stories of a search that were first seen since then and are in no edition of a series, newest first."""
        with self._database.read() as reader:
            return arrivals(reader, query, self._sources, since, young, series)

    def monthly(self, query: SearchQuery) -> tuple[MonthCount, ...]:
        """The stories that a search finds, counted by the month of their first article that matches."""
        with self._database.read() as reader:
            return monthly(reader, query, self._sources)


def open_index(url: str, sources: Mapping[str, tuple[str, str]]) -> Index | None:
    """The search alone, without loading the rest of the store; raises ConfigError on a URL not supported.

    None when there is something to do or to say first (no file, another schema, a fault): that is for `open_store`.
    """
    database = open_read_only(url)
    try:
        with database.read() as reader:
            current = schema.revision(reader, database.place) == schema.HEAD
    except (StoreError, sqlite3.DatabaseError):
        current = False
    if current:
        return Index(database, sources)
    database.close()
    return None


def _scores(
    reader: Reader, wanted: Conditions, words: Sequence[Word], newest: Sequence[Found], now: datetime
) -> dict[int, float]:
    """Score of the newest articles found, by id."""
    expression = wanted.match if wanted.has_all_words else any_of(words)
    found = ranks(reader, expression, [each.id for each in newest])
    fresh = {day: _freshness(day, now) for day in {each.day[:_DATE] for each in newest}}
    return {each.id: found.get(each.id, 0.0) * fresh[each.day[:_DATE]] for each in newest}


def _freshness(date: str, now: datetime) -> float:
    age = (now - datetime.fromisoformat(date).replace(tzinfo=UTC)).total_seconds() / 86_400
    return float(1 - FRESHNESS + FRESHNESS * 0.5 ** (max(age, 0.0) / HALF_LIFE))
