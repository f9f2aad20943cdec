"""Turns the filters of a query into conditions on articles, as SQL text and its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.search import SearchQuery
from core.text import fold
from db.values import as_list, stored_time

NO_LABEL = "none"

_TAGGED = (
    "EXISTS (SELECT * FROM tag WHERE tag.article_id = article.id AND tag.label IN (SELECT value FROM json_each(:tags)))"
)
_NAMED = """
article.id IN (
  SELECT article_id FROM fact WHERE kind = '{kind}' AND value IN (SELECT value FROM json_each(:{kind}s))
  UNION ALL
  SELECT article_id FROM fact WHERE kind = '{kind}' AND folded IN (SELECT value FROM json_each(:{kind}s))
)
"""


class Conditions:
    """Clauses joined by AND, and the values of their parameters."""

    def __init__(self) -> None:
        self._clauses: list[str] = []
        self.values: dict[str, Any] = {}

    def add(self, clause: str, **values: Any) -> None:
        self._clauses.append(clause)
        self.values |= values

    @property
    def sql(self) -> str:
        return " AND ".join(self._clauses) or "TRUE"


def conditions(query: SearchQuery, sources: Mapping[str, tuple[str, str]]) -> Conditions:
    """What an article must satisfy besides its words; `sources`: slug → (name, category)."""
    found = Conditions()
    if query.tags:
        _tags(found, query.tags)
    elif not query.everything:
        found.add("article.labels <> ''")
    if query.sources:
        found.add(_among("source", "sources"), sources=as_list(_slugs(query.sources, sources, 0)))
    if query.categories:
        found.add(_among("source", "categories"), categories=as_list(_slugs(query.categories, sources, 1)))
    if query.languages:
        found.add(_among("language", "languages"), languages=as_list(each.lower() for each in query.languages))
    for kind, names in (("actor", query.actors), ("place", query.places)):
        if names:
            found.add(_NAMED.format(kind=kind), **{f"{kind}s": as_list(fold(each) for each in names)})
    if query.central is not None:
        found.add("article.central = :central", central=query.central)
    _dates(found, query)
    return found


def _dates(found: Conditions, query: SearchQuery) -> None:
    if query.months:
        found.add(_among("month", "months"), months=as_list(query.months))
    if query.after:
        found.add("article.day >= :after", after=stored_time(query.after))
    if query.before:
        found.add("article.day < :before", before=stored_time(query.before))


def _tags(found: Conditions, tags: tuple[str, ...]) -> None:
    labels = [tag.lower() for tag in tags if tag.lower() != NO_LABEL]
    if not labels:
        found.add("article.labels = ''")
    elif len(labels) == len(tags):
        found.add(_TAGGED, tags=as_list(labels))
    else:
        found.add(f"({_TAGGED} OR article.labels = '')", tags=as_list(labels))


def _among(column: str, parameter: str) -> str:
    return f"article.{column} IN (SELECT value FROM json_each(:{parameter}))"


def _slugs(wanted: tuple[str, ...], sources: Mapping[str, tuple[str, str]], field: int) -> list[str]:
    """Slugs of the sources that a value names: by slug or name (field 0), or by category (field 1)."""
    values = {fold(each) for each in wanted}
    named = {slug for slug, description in sources.items() if fold(description[field]) in values}
    return sorted(named if field else named | {each.lower() for each in wanted})
