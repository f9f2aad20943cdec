"""Turns the filters of a query into conditions on articles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, exists, or_

from core.search import SearchQuery
from core.text import fold
from db.models import ArticleRow, TagRow

NO_LABEL = "none"


def conditions(query: SearchQuery, sources: Mapping[str, tuple[str, str]]) -> list[ColumnElement[bool]]:
    """What an article must satisfy besides its words; `sources`: slug → (name, category)."""
    found: list[ColumnElement[bool]] = []
    if query.tags:
        found.append(_tags(query.tags))
    elif not query.everything:
        found.append(ArticleRow.labels != "")
    if query.sources:
        found.append(ArticleRow.source.in_(_slugs(query.sources, sources, 0)))
    if query.categories:
        found.append(ArticleRow.source.in_(_slugs(query.categories, sources, 1)))
    if query.languages:
        found.append(ArticleRow.language.in_([each.lower() for each in query.languages]))
    if query.central is not None:
        found.append(ArticleRow.central.is_(query.central))
    return found + _dates(query)


def _dates(query: SearchQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.months:
        found.append(ArticleRow.month.in_(query.months))
    if query.after:
        found.append(ArticleRow.day >= _aware(query.after))
    if query.before:
        found.append(ArticleRow.day < _aware(query.before))
    return found


def _tags(tags: tuple[str, ...]) -> ColumnElement[bool]:
    labels = [tag.lower() for tag in tags if tag.lower() != NO_LABEL]
    alternatives: list[ColumnElement[bool]] = []
    if labels:
        alternatives.append(exists().where(TagRow.article_id == ArticleRow.id, TagRow.label.in_(labels)))
    if len(labels) < len(tags):
        alternatives.append(ArticleRow.labels == "")
    return or_(*alternatives)


def _slugs(wanted: tuple[str, ...], sources: Mapping[str, tuple[str, str]], field: int) -> list[str]:
    """Slugs of the sources that a value names: by slug or name (field 0), or by category (field 1)."""
    values = {fold(each) for each in wanted}
    named = {slug for slug, description in sources.items() if fold(description[field]) in values}
    return sorted(named if field else named | {each.lower() for each in wanted})


def _aware(time: datetime) -> datetime:
    """A time without zone is taken as UTC: a search never raises."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)
