"""Counts stories by tag, source, category and month over everything that a search found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from core.search import Facet
from db.filters import NO_LABEL


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
