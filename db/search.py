"""Searches the archive: stories in order of relevance or date, with their excerpts and facets."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from core.articles import Match, StoredArticle
from core.errors import StoreError
from core.excerpts import clip, excerpt, spans
from core.search import Excerpt, Facet, Hit, SearchQuery, SearchResult, Span, Word
from db import schema
from db.exact import refused
from db.facets import Found, facets, named
from db.file import database_path
from db.filters import conditions
from db.matching import MATCHING, match_expression, ranks
from db.reader import Reader, ReadOnly
from db.reading import load, members

MAX_RANKED = 2_000
"""Of the matches of a frequent word, only the newest are ranked: bm25 over 300,000 takes one second."""
EXCERPT = 200
"""Characters of an excerpt: what the law calls very short (CPI L211-3-1)."""
FRESHNESS = 0.4
"""Share of a score that age wears away."""
HALF_LIFE = 365.0
"""Days in which half of that share is gone."""

_FOUND = f"SELECT {', '.join(f'article.{name}' for name in Found._fields)} FROM article"


class Shown(NamedTuple):
    """A story found, by the first of its articles that match."""

    article_id: int
    story_id: int
    day: str
    score: float


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
        words = [word for group in query.groups for word in group if word.stems]
        with self._database.read() as reader:
            found = _found(reader, query, self._sources)
            scores = _scores(reader, query, found, now) if words and query.sort == "relevance" else {}
            stories = _stories(found, scores)
            page = stories[max(query.offset, 0) :][: max(query.limit, 0)]
            hits = _hits(reader, page, words)
            counted = _facets(reader, query, found, self._sources)
        return SearchResult(len(stories), hits, counted)


def open_index(url: str, sources: Mapping[str, tuple[str, str]]) -> Index | None:
    """The search alone, without loading the rest of the store; raises ConfigError on a URL not supported.

    None when there is something to do or to say first (no file, another schema, a fault): that is for `open_store`.
    """
    database = ReadOnly(database_path(url))
    try:
        with database.read() as reader:
            current = schema.revision(reader, database.path) == schema.HEAD
    except (StoreError, sqlite3.DatabaseError):
        current = False
    if current:
        return Index(database, sources)
    database.close()
    return None


def _found(reader: Reader, query: SearchQuery, sources: Mapping[str, tuple[str, str]]) -> list[Found]:
    """Every article that matches, the newest first."""
    banned = [word for word in query.excluded if not word.exact]
    expression = match_expression(query.groups, banned)
    wanted = conditions(query, sources)
    if expression:
        wanted.add(f"article.id IN ({MATCHING})", match=expression)
    elif unwanted := match_expression([banned]):
        wanted.add(f"article.id NOT IN ({MATCHING})", match=unwanted)
    rows = reader.execute(f"{_FOUND} WHERE {wanted.sql} ORDER BY article.day DESC, article.id DESC", wanted.values)
    found = [Found._make(row) for row in rows]
    dropped = refused(reader, query, [each.id for each in found])
    return [each for each in found if each.id not in dropped] if dropped else found


def _facets(
    reader: Reader, query: SearchQuery, found: Sequence[Found], sources: Mapping[str, tuple[str, str]]
) -> tuple[tuple[str, tuple[Facet, ...]], ...]:
    """Values of one filter are alternatives: a filter in use is counted as if it were not, so that others can join."""
    wider = {
        "tag": replace(query, tags=()),
        "source": replace(query, sources=()),
        "category": replace(query, categories=()),
        "month": replace(query, months=()),
    }
    counted = tuple(
        (
            name,
            values if wider[name] == query else dict(facets(_found(reader, wider[name], sources), sources))[name],
        )
        for name, values in facets(found, sources)
    )
    return (*counted[:-1], *_named_facets(reader, query, found, sources), counted[-1])


def _named_facets(
    reader: Reader, query: SearchQuery, found: Sequence[Found], sources: Mapping[str, tuple[str, str]]
) -> tuple[tuple[str, tuple[Facet, ...]], ...]:
    """Who and where; counted like the other facets."""
    wider = {"actor": replace(query, actors=()), "place": replace(query, places=())}
    return tuple(
        (kind, named(reader, kind, found if each == query else _found(reader, each, sources)))
        for kind, each in wider.items()
    )


def _scores(reader: Reader, query: SearchQuery, found: Sequence[Found], now: datetime) -> dict[int, float]:
    """Score of the newest articles found, by id."""
    newest = found[:MAX_RANKED]
    found_ranks = ranks(reader, match_expression(query.groups), [each.id for each in newest])
    return {each.id: found_ranks.get(each.id, 0.0) * _freshness(each.day, now) for each in newest}


def _freshness(day: str, now: datetime) -> float:
    age = (now - datetime.fromisoformat(day).replace(tzinfo=UTC)).total_seconds() / 86_400
    return float(1 - FRESHNESS + FRESHNESS * 0.5 ** (max(age, 0.0) / HALF_LIFE))


def _stories(found: Sequence[Found], scores: Mapping[int, float]) -> list[Shown]:
    """One line per story: its earliest article found, its best score; the best first, then the newest."""
    first: dict[int, Found] = {}
    best: dict[int, float] = {}
    for each in found:  # from the newest: the earliest of a story is the last one met
        first[each.story_id] = each
        if scores:
            best[each.story_id] = max(best.get(each.story_id, 0.0), scores.get(each.id, 0.0))
    shown = [Shown(each.id, story, each.day, best.get(story, 0.0)) for story, each in first.items()]
    shown.sort(key=lambda each: (each.score, each.day, each.article_id), reverse=True)
    return shown


def _hits(reader: Reader, page: Sequence[Shown], words: Sequence[Word]) -> tuple[Hit, ...]:
    articles = {article.id: article for article in load(reader, [each.article_id for each in page])}
    sizes = members(reader, [each.story_id for each in page])
    return tuple(_hit(articles[each.article_id], each.score, len(sizes[each.story_id]) - 1, words) for each in page)


def _hit(article: StoredArticle, score: float, copies: int, words: Sequence[Word]) -> Hit:
    return Hit(
        article_id=article.id,
        story_id=article.story_id,
        url=article.url,
        title=article.title,
        source=article.source,
        published=article.published,
        first_seen=article.first_seen,
        tags=tuple(sorted({tag.label for tag in article.tags})),
        central=any(tag.central for tag in article.tags),
        excerpt=_excerpt(article, words),
        title_spans=spans(article.title, words),
        score=score,
        copies=copies,
        deleted=article.deleted_at is not None,
        author=article.author,
        language=article.language,
        media_type=article.media_type,
        reserved=article.reserved,
    )


def _excerpt(article: StoredArticle, words: Sequence[Word]) -> Excerpt:
    """The passage with the words; without words, or without the text, the sentence of the best card.

    Nothing when its publisher reserves text and data mining: title and link only.
    """
    if article.reserved:
        return Excerpt("")
    card = _best_card(article)
    if not article.text:
        return excerpt(card.sentence, words, EXCERPT) if card else Excerpt("")
    if words or card is None:
        return excerpt(article.text, words, EXCERPT)
    return _sentence(article, card)


def _sentence(article: StoredArticle, best: Match) -> Excerpt:
    """The sentence of the best card, with every form that has its label there."""
    begin, end = best.sentence_start, best.sentence_start + len(best.sentence)
    if not begin <= best.start < best.end <= end <= len(article.text):
        begin, end = 0, len(article.text)
    shown = clip(article.text[begin:end], best.start - begin, best.end - begin, EXCERPT)
    shift = shown.spans[0].start - best.start
    last = 0
    found: list[Span] = []
    for card in sorted(_cards(article), key=lambda card: (card.start, -card.end)):
        start, stop = card.start + shift, card.end + shift
        if last <= start < stop <= len(shown.text.rstrip("…")):
            found.append(Span(start, stop))
            last = stop
    return Excerpt(shown.text, tuple(found) or shown.spans)


def _cards(article: StoredArticle) -> list[Match]:
    return [card for card in article.matches if card.accepted and card.label and card.field == "text"]


def _best_card(article: StoredArticle) -> Match | None:
    return max(_cards(article), key=lambda card: (card.score, -card.start), default=None)
