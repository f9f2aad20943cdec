"""Who receives an edition, and what of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.editions import Edition, Entry, Period, Subscriber
from core.recipients import narrowed, receives
from core.search import Excerpt
from core.wishes import FOR_GOOD, Wishes

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
OWNERS = {"la": "a", "lb": "b"}
ANA = Subscriber(1, "ana@exemple.fr", "person", "x" * 22, NOW)


def entry(title: str, topic: str, *labels: str) -> Entry:
    return Entry(1, 1, title, "https://x.fr", "X", "presse", NOW, NOW, labels, True, Excerpt(""), "", 1.0, topic=topic)


ENTRIES = (
    entry("a", "a", "la"), entry("b", "b", "lb"), entry("a et b", "a", "la", "lb"), entry("ancien", "", "la"),
    entry("perdu", "", "partie"),
)  # fmt: skip
EDITION = Edition(Period("weekly", "2026-W48", NOW, NOW), NOW, ENTRIES)


@pytest.mark.parametrize(
    ("topics", "told"),
    [
        (("a",), [("a", "a"), ("a et b", "a"), ("ancien", "a"), ("perdu", "")]),
        (("b",), [("b", "b"), ("a et b", "b"), ("perdu", "")]),
        (("c",), [("perdu", "")]),
    ],
)
def test_a_reader_is_told_their_topics_each_story_under_one_of_them(
    topics: tuple[str, ...], told: list[tuple[str, str]]
) -> None:
    assert [(each.title, each.topic) for each in narrowed(EDITION, topics, OWNERS).entries] == told


def test_who_chose_every_topic_is_told_the_very_edition() -> None:
    assert narrowed(EDITION, (), OWNERS) is EDITION
    whole = replace(EDITION, entries=ENTRIES[:3])
    assert narrowed(whole, ("b", "a"), OWNERS) is whole


@pytest.mark.parametrize(
    ("wishes", "kind", "weekly", "monthly"),
    [
        (Wishes(), "person", True, False),
        (Wishes("monthly"), "person", False, True),
        (Wishes(paused_until=FOR_GOOD), "person", False, False),
        (Wishes(paused_until=NOW + HOUR), "person", False, False),
        (Wishes(paused_until=NOW), "person", True, False),
        (Wishes("monthly", paused_until=FOR_GOOD), "list", True, False),
    ],
)
def test_each_is_on_one_series_and_on_none_while_they_pause(
    wishes: Wishes, kind: str, weekly: bool, monthly: bool
) -> None:
    who = replace(ANA, wishes=wishes, kind=kind)  # type: ignore[arg-type]
    assert (receives(who, "weekly", NOW), receives(who, "monthly", NOW)) == (weekly, monthly)
