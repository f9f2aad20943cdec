"""Counts stories by tag, source, category, month, actor and place over everything that a search found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core.search import Facet
from db.filters import NO_LABEL
from db.reader import Reader
from db.values import as_list


class Found(NamedTuple):
    """One article that matches; `day` is the stored text of a UTC time, which sorts as the time does."""

    id: int
    story_id: int
    day: str
    source: str
    month: str
    labels: str


Stories = dict[str, set[int]]


def facets(found: Sequence[Found], sources: Mapping[str, tuple[str, str]]) -> tuple[tuple[str, tuple[Facet, ...]], ...]:
    """(name, values with their numbers of stories); the most frequent first, months from the latest."""
    by_source = _grouped((each.source, each.story_id) for each in found)
    by_category = _joined((sources[slug][1], stories) for slug, stories in by_source.items() if slug in sources)
    by_labels = _grouped((each.labels, each.story_id) for each in found)
    by_tag = _joined(
        (label, stories) for labels, stories in by_labels.items() for label in labels.split() or [NO_LABEL]
    )
    by_month = _grouped((each.month, each.story_id) for each in found)
    return (
        ("tag", _counted(by_tag)),
        ("source", _counted(by_source)),
        ("category", _counted(by_category)),
        ("month", tuple(Facet(month, len(by_month[month])) for month in sorted(by_month, reverse=True))),
    )


_FACTS = """
SELECT DISTINCT article_id, value, name FROM fact INDEXED BY ix_fact_article_id_kind_value_name
WHERE article_id IN (SELECT value FROM json_each(:ids)) AND kind = :kind
"""
MOST_NAMES = 60
"""Actors, or places, that a facet lists: the most frequent."""


def named(reader: Reader, kind: str, found: Sequence[Found]) -> tuple[Facet, ...]:
    """Actors or places of what was found, the most frequent first; `kind` is that of their facts."""
    stories = {each.id: each.story_id for each in found if each.labels}
    names: dict[str, str] = {}
    groups: Stories = defaultdict(set)
    for article_id, value, name in reader.execute(_FACTS, {"ids": as_list(stories), "kind": kind}):
        groups[value].add(stories[article_id])
        names[value] = name
    return tuple(Facet(each.value, each.count, names[each.value]) for each in _counted(groups)[:MOST_NAMES])


def _grouped(pairs: Iterable[tuple[str, int]]) -> Stories:
    groups: Stories = defaultdict(set)
    for value, story in pairs:
        groups[value].add(story)
    return groups


def _joined(groups: Iterable[tuple[str, set[int]]]) -> Stories:
    joined: Stories = defaultdict(set)
    for value, stories in groups:
        joined[value] |= stories
    return joined


def _counted(groups: Stories) -> tuple[Facet, ...]:
    ordered = sorted(groups, key=lambda value: (-len(groups[value]), value))
    return tuple(Facet(value, len(groups[value])) for value in ordered)
