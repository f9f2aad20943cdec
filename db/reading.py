"""Reads articles back as core records, many at once in four queries of SQL text."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

from core.articles import Match, StoredArticle, Tag
from core.facts import Fact
from db.reader import Reader
from db.values import as_list, time_read

Conversions = dict[str, Callable[[Any], Any]]


def _same(value: Any) -> Any:
    return value


def _listed(stored: str) -> tuple[Any, ...]:
    return tuple(json.loads(stored))


_BY_TYPE: Conversions = {
    "bool": bool,
    "datetime": time_read,
    "datetime | None": time_read,
    "tuple[int, ...]": _listed,
    "tuple[str, ...]": _listed,
}
"""What SQLite keeps as text or as a number, by the type that the core declares."""


def _columns(record: type) -> Conversions:
    """The columns that a record is made of, each with what makes its value."""
    return {field.name: _BY_TYPE.get(str(field.type), _same) for field in fields(record)}


_OF_VERSION = ("text", "page_offsets")
_ARTICLE = {name: made for name, made in _columns(StoredArticle).items() if name not in ("tags", "matches", "facts")}
_TAG = _columns(Tag)
_CARD = _columns(Match)
_FACT = _columns(Fact)

_ARTICLES = f"""
SELECT {", ".join(f"{'version' if name in _OF_VERSION else 'article'}.{name}" for name in _ARTICLE)}
FROM article JOIN version ON version.article_id = article.id AND version.number = article.version
WHERE article.id IN (SELECT value FROM json_each(:ids))
"""
_TAGS = f"""
SELECT article_id, {", ".join(_TAG)} FROM tag
WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY article_id, topic, label
"""
_CARDS = f"""
SELECT article_id, {", ".join(f'"{name}"' for name in _CARD)} FROM card
WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY article_id, position
"""
_FACTS = f"""
SELECT article_id, {", ".join(f'"{name}"' for name in _FACT)} FROM fact
WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY article_id, position
"""
_MEMBERS = """
SELECT story_id, id FROM article
WHERE story_id IN (SELECT value FROM json_each(:stories)) ORDER BY story_id, day, id
"""


def load(reader: Reader, ids: Sequence[int]) -> list[StoredArticle]:
    """The articles of these ids, in this order; those that do not exist are left out."""
    wanted = {"ids": as_list(ids)}
    tags: dict[int, list[Tag]] = defaultdict(list)
    for article_id, *row in reader.execute(_TAGS, wanted):
        tags[article_id].append(Tag(**_values(_TAG, row)))
    cards: dict[int, list[Match]] = defaultdict(list)
    for article_id, *row in reader.execute(_CARDS, wanted):
        cards[article_id].append(Match(**_values(_CARD, row)))
    facts: dict[int, list[Fact]] = defaultdict(list)
    for article_id, *row in reader.execute(_FACTS, wanted):
        facts[article_id].append(Fact(**_values(_FACT, row)))
    found: dict[int, StoredArticle] = {}
    for row in reader.execute(_ARTICLES, wanted):
        values = _values(_ARTICLE, row)
        identity = values["id"]
        found[identity] = StoredArticle(
            **values, tags=tuple(tags[identity]), matches=tuple(cards[identity]), facts=tuple(facts[identity])
        )
    return [found[each] for each in ids if each in found]


def members(reader: Reader, stories: Sequence[int]) -> dict[int, list[int]]:
    """Articles of some stories, the earliest first."""
    found: dict[int, list[int]] = {}
    for story_id, article_id in reader.execute(_MEMBERS, {"stories": as_list(stories)}):
        found.setdefault(story_id, []).append(article_id)
    return found


def _values(columns: Conversions, row: Sequence[Any]) -> dict[str, Any]:
    """A row by column name, each value as the core knows it."""
    return {
        name: None if value is None else made(value) for (name, made), value in zip(columns.items(), row, strict=True)
    }
