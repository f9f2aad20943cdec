"""Editions that are not frozen, for the pages of editors and members: the next one, and all since a date."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.drafts import Draft, Upcoming
from core.editions import Body, Edition, Period
from pipeline import periods
from pipeline.digest import YOUNG, compose
from veille import telling
from veille.wiring import House

MEETING = "reunion"
"""The series of what came in since a date: no edition of it is ever frozen."""


class HouseComposer:
    """Keeps `core.drafts.Composer`."""

    def __init__(self, house: House) -> None:
        self._house = house

    def upcoming(self) -> Upcoming:
        house = self._house
        latest = house.store.editions.latest(periods.WEEKLY)
        leaves_at = next_due(house, latest)
        key = periods.week_key(leaves_at, house.zone)
        moment = max(leaves_at, house.clock.now())
        period = periods.weekly(moment, house.zone, latest.period.end if latest else None)
        period = Period(period.series, key, period.start, period.end)
        draft = house.store.drafts.open(periods.WEEKLY) or Draft(periods.WEEKLY, key)
        return Upcoming(telling.composed(house, period), draft, leaves_at)

    def body(self, edition: Edition) -> Body:
        return self._house.renderer.body(edition)

    def since(self, start: datetime) -> Edition:
        return since(self._house, start)


def next_due(house: House, latest: Edition | None) -> datetime:
    """When the next weekly edition leaves: the last time that passed when it may still be sent, else the next one."""
    now, digest = house.clock.now(), house.config.digest
    due = periods.due_at(now, digest.day, digest.hour, house.zone)
    gone = house.store.editions.find(periods.WEEKLY, periods.week_key(due, house.zone)) is not None
    if gone or now - due > periods.LATE or (latest is not None and latest.composed_at > due):
        return periods.due_at(now + timedelta(days=7), digest.day, digest.hour, house.zone)
    return due


def since(house: House, start: datetime) -> Edition:
    """All the stories first seen since an instant, once each, and the sources that could not be read meanwhile."""
    now = house.clock.now()
    period = Period(MEETING, start.astimezone(house.zone).date().isoformat(), start, now)
    # What was published a little before the date may have been found after it.
    found = house.store.editions.eligible(MEETING, start - YOUNG, now + timedelta(seconds=1))
    new = [(lead, copies) for lead, copies in found if lead.first_seen >= start]
    topics = [topic.slug for topic in house.config.topics]
    watch = telling.watch_state(house, start)
    return compose(period, new, house.sources, watch, house.classifier.versions, topics, now)
