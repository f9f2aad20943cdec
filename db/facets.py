"""Counts stories by tag, source, category, month, actor and place over what a search found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter

from core.search import Facet
from db.filters import NO_LABEL
from db.found import Found
from db.reader import Reader
from db.values import as_list

Facets = tuple[tuple[str, tuple[Facet, ...]], ...]
Counts = Mapping[str, int]
_COLUMNS = {"labels": attrgetter("labels"), "source": attrgetter("source"), "month": attrgetter("month")}


def facets(found: Sequence[Found], sources: Mapping[str, tuple[str, str]]) -> Facets:
    """(name, values with their numbers of stories); the most frequent first, months from the latest."""
    sizes = Counter(map(attrgetter("story_id"), found))
    # Most stories have one article, and are counted by the hundred; the others one by one.
    alone = [each for each in found if sizes[each.story_id] == 1] if len(sizes) < len(found) else found
    several = [each for each in found if sizes[each.story_id] > 1] if len(sizes) < len(found) else []

    def counted(column: str, values: Callable[[str], Iterable[str]]) -> Counts:
        counts: Counter[str] = Counter()
        for held, number in Counter(map(_COLUMNS[column], alone)).items():
            for value in values(held):
                counts[value] += number
        stories: dict[str, set[int]] = defaultdict(set)
        for each in several:
            for value in values(_COLUMNS[column](each)):
                stories[value].add(each.story_id)
        for value, those in stories.items():
            counts[value] += len(those)
        return counts

    months = counted("month", lambda month: (month,))
    return (
        ("tag", _ranked(counted("labels", lambda labels: labels.split() or (NO_LABEL,)))),
        ("source", _ranked(counted("source", lambda source: (source,)))),
        ("category", _ranked(counted("source", lambda source: (sources[source][1],) if source in sources else ()))),
        ("month", tuple(Facet(month, months[month]) for month in sorted(months, reverse=True))),
    )


_FACTS = """
SELECT DISTINCT article_id, value, name FROM fact INDEXED BY ix_fact_article_id_kind_value_name
WHERE article_id IN (SELECT value FROM json_each(:ids)) AND kind = :kind
ORDER BY article_id, value, name
"""
MOST_NAMES = 60
"""Actors, or places, that a facet lists: the most frequent."""


def named(reader: Reader, kind: str, found: Sequence[Found]) -> tuple[Facet, ...]:
    """Actors or places of what was found, the most frequent first; `kind` is that of their facts."""
    stories = {each.id: each.story_id for each in found if each.labels}
    names: dict[str, str] = {}
    groups: dict[str, set[int]] = defaultdict(set)
    for article_id, value, name in reader.execute(_FACTS, {"ids": as_list(stories), "kind": kind}):
        groups[value].add(stories[article_id])
        names[value] = name
    ranked = _ranked({value: len(those) for value, those in groups.items()})
    return tuple(Facet(each.value, each.count, names[each.value]) for each in ranked[:MOST_NAMES])


def _ranked(counts: Counts) -> tuple[Facet, ...]:
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    return tuple(Facet(value, counts[value]) for value in ordered)
