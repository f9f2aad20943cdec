"""Puts what a search found in order: one line per story, the best or the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from db.filters import Conditions
from db.found import Found, newest, with_members
from db.reader import Reader


class Shown(NamedTuple):
    """A story found, by the first of its articles that match."""

    article_id: int
    story_id: int
    day: str
    score: float


_BY_DATE = attrgetter("day", "article_id")
_BY_SCORE = attrgetter("score")


def stories(found: Sequence[Found], scores: Mapping[int, float]) -> list[Shown]:
    """One line per story: its earliest article found, its best score; the best first, then the newest."""
    first = {each.story_id: each for each in found}  # from the newest: the earliest of a story is the last one met
    best: dict[int, float] = {}
    for each in found if scores else ():
        if each.id in scores:
            best[each.story_id] = max(best.get(each.story_id, 0.0), scores[each.id])
    shown = [Shown(each.id, story, each.day, best.get(story, 0.0)) for story, each in first.items()]
    shown.sort(key=_BY_DATE, reverse=True)
    if best:
        shown.sort(key=_BY_SCORE, reverse=True)
    return shown


def latest(reader: Reader, wanted: Conditions, count: int) -> list[Shown]:
    """The first `count` stories by date, without looking at the others."""
    most = 2 * count + 20
    while True:
        found = newest(reader, wanted, most)
        # A late copy is met before its original: every article of these stories is asked.
        listed = stories(with_members(reader, wanted, found), {})
        if len(found) < most:
            return listed[:count]
        sure = [each for each in listed if each.day > found[-1].day]
        if len(sure) >= count:
            return sure[:count]
        most *= 4
