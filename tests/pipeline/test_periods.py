"""Periods of editions: one key a week whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline import periods

PARIS = ZoneInfo("Europe/Paris")


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[arg-type]


def test_a_monday_morning_edition_speaks_of_the_week_before() -> None:
    period = periods.weekly(paris(2026, 11, 23, 8), PARIS, None)
    assert period.key == "2026-W48"
    assert period.start == paris(2026, 11, 16)
    assert period.end == paris(2026, 11, 23)


def test_it_goes_back_to_the_end_of_the_previous_one() -> None:
    period = periods.weekly(paris(2026, 11, 23, 8), PARIS, paris(2026, 11, 9))
    assert period.start == paris(2026, 11, 9)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (paris(2026, 11, 23, 8), paris(2026, 11, 23, 8)),
        (paris(2026, 11, 23, 7, 59), paris(2026, 11, 16, 8)),
        (paris(2026, 11, 22, 21), paris(2026, 11, 16, 8)),
        (paris(2026, 10, 26, 9), paris(2026, 10, 26, 8)),
    ],
)
def test_the_last_due_instant(now: datetime, due: datetime) -> None:
    assert periods.due_at(now.astimezone(UTC), "monday", 8, PARIS) == due


def test_five_years_of_mondays_have_one_key_each() -> None:
    """C7: changes of hour neither skip nor double a week, 2026 to 2030."""
    keys = []
    now = datetime(2026, 1, 1, tzinfo=UTC)
    while now < datetime(2031, 1, 1, tzinfo=UTC):
        due = periods.due_at(now, "monday", 8, PARIS)
        assert due.astimezone(PARIS).hour == 8
        key = periods.week_key(due, PARIS)
        if not keys or keys[-1] != key:
            keys.append(key)
        now += timedelta(hours=1)
    assert len(keys) == len(set(keys))
    assert sum(key.startswith("2026") for key in keys) == 53
    assert sum(key.startswith("2027") for key in keys) == 52


@pytest.mark.parametrize("key", ["2026-47", "2026-W54", "W47", "demain"])
def test_a_bad_week_is_refused_in_french(key: str) -> None:
    with pytest.raises(ValueError, match="semaine"):
        periods.week_start(key)


def test_five_years_of_months_have_one_key_each_due_on_their_first_monday() -> None:
    """C7, for the monthly series."""
    keys, dues = [], set()
    now = datetime(2026, 1, 6, tzinfo=UTC)
    while now < datetime(2031, 1, 1, tzinfo=UTC):
        due = periods.due_in_month(now, "monday", 8, PARIS)
        local = due.astimezone(PARIS)
        assert (local.weekday(), local.hour) == (0, 8) and local.day <= 7 and due <= now
        dues.add(due)
        key = periods.month_key(due, PARIS)
        if not keys or keys[-1] != key:
            keys.append(key)
        now += timedelta(hours=7)
    assert len(keys) == len(set(keys)) == len(dues) == 60


def test_a_month_goes_back_to_the_end_of_the_previous_one() -> None:
    period = periods.monthly(paris(2026, 12, 7, 8), PARIS, None)
    assert (period.series, period.key, period.start) == ("monthly", "2026-12", paris(2026, 11, 9))
    assert period.end == paris(2026, 12, 7)
    assert periods.monthly(paris(2026, 12, 7, 8), PARIS, paris(2026, 11, 2)).start == paris(2026, 11, 2)
    assert periods.monthly(paris(2026, 12, 7, 8), PARIS, paris(2026, 5, 2)).start == paris(2026, 11, 9)


@pytest.mark.parametrize("key", ["2026-13", "2026-W12", "novembre"])
def test_a_bad_month_is_refused_in_french(key: str) -> None:
    with pytest.raises(ValueError, match="mois"):
        periods.past_month(key, PARIS)
