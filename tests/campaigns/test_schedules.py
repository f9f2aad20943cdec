"""Five years of Mondays on a clock of ours, with outages and changes of clocks; ten timers at once (B21, C5 to C7).

The rule: one edition a week, sent up to three days late; later, its mail is skipped and its stories roll on.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from edition_group import HOUR, MONDAY, Group, story
from killed_sender import HEAD, sender
from witness import witness

from core.clock import FixedClock
from core.runs import RunReport
from pipeline import periods
from veille import sending, telling
from veille.wiring import House

PARIS = ZoneInfo("Europe/Paris")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST, HALF_A_YEAR, FIVE_YEARS = date(2026, 1, 5), 26, 261
"""The first Monday, and numbers of weeks; the fifth year ends with 2030."""
LATE = timedelta(days=3)
SEED = 20_261_123


def instant(day: date, at: time) -> datetime:
    """In UTC, where one hour is one hour whatever the clocks do."""
    return datetime.combine(day, at, PARIS).astimezone(UTC)


def outages(draw: random.Random, weeks: int) -> list[tuple[datetime, datetime]]:
    """From an hour to three weeks, a dozen a year; every third one begins just before an edition is due."""
    begun = []
    for number in range(weeks * 7 // 30):
        day = FIRST + timedelta(days=30 * number + draw.randrange(20))
        if number % 3 == 0:
            day -= timedelta(days=day.weekday())
        start = instant(day, time(draw.randrange(24) if number % 3 else 7))
        lasts = draw.choice([HOUR, 3 * HOUR, 30 * HOUR, 71 * HOUR, 74 * HOUR, 6 * 24 * HOUR, 21 * 24 * HOUR])
        begun.append((start, start + lasts))
    return begun


def asks(hour: int, weeks: int, off: list[tuple[datetime, datetime]]) -> Iterator[datetime]:
    """When the timer asks: around the hour, night and noon of each day, and as soon as the machine is back."""
    times = {time(0, 10), time(12), time(hour, 0), time(hour, 30), time(hour - 1, 30)}
    planned = {
        instant(FIRST + timedelta(days=days), at)
        for days in range(7 * weeks + 6)
        for at in (times if days % 7 in (0, 6) else {time(12)})
    }
    planned |= {end for _, end in off}
    yield from (at for at in sorted(planned) if not any(start <= at < end for start, end in off))


def due_of(week: date, day: str, hour: int) -> datetime:
    return instant(week + timedelta(days=DAYS.index(day)), time(hour))


def expected(day: str, hour: int, weeks: int, asked: list[datetime]) -> dict[str, datetime]:
    """Week → the first moment, at most three days late, at which the timer asked."""
    found = {}
    for week in (FIRST + timedelta(days=7 * number) for number in range(weeks)):
        due = due_of(week, day, hour)
        year, number, _ = week.isocalendar()
        first = next((at for at in asked if due <= at and at - due <= LATE), None)
        if first is not None:
            found[f"{year}-W{number:02d}"] = first
    return found


def live(house: House, day: str, hour: int, weeks: int, asked: list[datetime]) -> None:
    """The machine's life: each week's story is read the day before the edition, or when the machine is back."""
    week, told = FIRST, 0
    for at in asked:
        house.clock = FixedClock(at)
        while told < weeks and due_of(week, day, hour) - timedelta(hours=14) <= at:
            house.store.articles.keep(*story(f"article {told}", at))
            house.store.runs.start(at.isoformat() + str(told), at)
            house.store.runs.finish(at.isoformat() + str(told), RunReport(), at)
            week, told = week + timedelta(days=7), told + 1
        edition = telling.due_edition(house)
        if edition is not None:
            sending.send(house, edition, by_hand=False)


@pytest.mark.parametrize(
    ("day", "hour", "weeks"),
    [
        ("monday", 8, HALF_A_YEAR),
        pytest.param("monday", 8, FIVE_YEARS, marks=pytest.mark.long),
        pytest.param("sunday", 4, FIVE_YEARS, marks=pytest.mark.long),
    ],
)
def test_years_have_one_edition_a_week_late_ones_by_the_rule(tmp_path: Path, day: str, hour: int, weeks: int) -> None:
    """Sundays at four: the hour after the clocks change, twice a year."""
    own = f'[digest]\nday = "{day}"\nhour = {hour}\n'
    (tmp_path / "config.toml").write_text(HEAD.format("hold").replace("[mail]", own + "[mail]"), encoding="utf-8")
    off = outages(random.Random(SEED), weeks)
    asked = list(asks(hour, weeks, off))
    with House(tmp_path / "config.toml") as house:
        house.store.subscribers.add("ana@asso.example", "person", asked[0])
        live(house, day, hour, weeks, asked)
        editions = house.store.editions.editions(1_000)
        sent = {each.period.key: each for each in editions if each.state == "sent"}
        rows = [row for each in sent.values() for row in house.store.editions.rows(each.id or 0)]
    foreseen = expected(day, hour, weeks, asked)
    assert {key: each.composed_at for key, each in sent.items()} == foreseen
    assert weeks * 0.7 < len(sent) < weeks, "some outages are longer than the rule, and most are not"
    assert [row.state for row in rows] == ["sent"] * len(sent)
    told = Counter(entry.title for each in editions for entry in each.entries)
    assert set(told.values()) == {1}, "no story is told twice"
    assert len(told) >= weeks - 1, "what was skipped rolled on"


def test_ten_timers_that_ask_at_once_send_each_edition_once(tmp_path: Path) -> None:
    """B21, C5: the database and the system's locks decide, whoever asks."""
    (tmp_path / "config.toml").write_text(HEAD.format("hold"), encoding="utf-8")
    with witness(tmp_path / "notes") as seen, sender(tmp_path) as veille, pytest.MonkeyPatch.context() as patch:
        group = Group(tmp_path, patch, seen.port)
        group.subscribe(5)
        for week in range(2):
            now = MONDAY + week * 7 * 24 * HOUR
            group.read(now - HOUR, f"article {week}")
            statuses = veille.run_at_once(10, now.isoformat())
            assert len(statuses) == 10
            assert set(statuses) <= {0, 75}
            assert 0 in statuses
        assert Counter(address for address, _ in seen.taken()) == {f"p{n}@asso.example": 2 for n in range(5)}
        assert {state for state, _ in group.editions().values()} == {"sent"}


def test_the_clock_set_back_or_far_ahead_neither_doubles_nor_bursts(tmp_path: Path) -> None:
    """C6."""
    (tmp_path / "config.toml").write_text(HEAD.format("hold"), encoding="utf-8")
    with House(tmp_path / "config.toml") as house:
        house.store.subscribers.add("ana@asso.example", "person", MONDAY)
        year = timedelta(days=365)
        live_at = [MONDAY, MONDAY - HOUR, MONDAY + HOUR, MONDAY - 2 * year, MONDAY + 2 * HOUR, MONDAY + 2 * year]
        for number, at in enumerate(live_at):
            house.clock = FixedClock(at)
            house.store.articles.keep(*story(f"article {number}", at))
            house.store.runs.start(f"{number}", at)
            house.store.runs.finish(f"{number}", RunReport(), at)
            if edition := telling.due_edition(house):
                sending.send(house, edition, by_hand=False)
        keys = [each.period.key for each in house.store.editions.editions() if each.state == "sent"]
    assert len(keys) == len(set(keys)) <= 3
    assert periods.week_key(MONDAY, PARIS) in keys
