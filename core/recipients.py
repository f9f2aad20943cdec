"""Who receives an edition, and what of it: rules over what recipients asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import get_args

from core.editions import Edition, Entry, Subscriber
from core.wishes import Frequency

SERIES = get_args(Frequency)
"""The series of editions that are everybody's, one for each frequency."""


def receives(subscriber: Subscriber, series: str, at: datetime) -> bool:
    """Whether a recipient is on a series now; a list address is on the weekly one, and never pauses.

    Who an alert writes to is on its series as long as it is one: nobody else is asked about it.
    """
    if subscriber.kind == "alert":
        return True
    if subscriber.kind == "list":
        return series == "weekly"
    return subscriber.wishes.frequency == series and not subscriber.wishes.is_paused(at)


def narrowed(edition: Edition, topics: tuple[str, ...], owners: Mapping[str, str]) -> Edition:
    """An edition with what it says of some topics alone; the very same one when nothing is taken away.

    `topics`: slugs, empty for all. `owners`: label → topic. A story of several topics is told under the first of those
    chosen that it bears a label of.
    """
    if not topics:
        return edition
    entries = tuple(told for entry in edition.entries if (told := _told(entry, topics, owners)))
    return edition if entries == edition.entries else replace(edition, entries=entries)


def _told(entry: Entry, topics: tuple[str, ...], owners: Mapping[str, str]) -> Entry | None:
    if entry.topic in topics:
        return entry
    owned = {owners[label] for label in entry.labels if label in owners}
    if not (owned or entry.topic):  # frozen before entries kept their topic, under labels that are no more
        return entry
    topic = next((topic for topic in topics if topic in owned), "")
    return replace(entry, topic=topic) if topic else None
