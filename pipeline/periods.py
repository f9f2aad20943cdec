"""When an edition is due and which days it speaks of; weeks are ISO weeks in Europe/Paris.

An edition's key is the ISO week, or the month, in which it is issued, so that there is one of each whatever the timer
does: the timer only asks, the database's uniqueness of (series, key) decides. The days it shows are those since the
edition before.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.editions import Period

WEEKLY = "weekly"
MONTHLY = "monthly"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LATE = timedelta(days=3)
"""Lateness beyond which a missed edition is skipped and its stories roll on to the next."""

_KEY = re.compile(r"^(\d{4})-W(\d{2})$")


def week_key(instant: datetime, zone: ZoneInfo) -> str:
    year, week, _ = instant.astimezone(zone).isocalendar()
    return f"{year}-W{week:02d}"


def week_start(key: str) -> date:
    """Monday of a week key; raises ValueError with a French sentence."""
    match = _KEY.match(key)
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else _refuse(key)
    except ValueError:
        return _refuse(key)


def _refuse(key: str) -> date:
    raise ValueError(f"semaine {key!r} inconnue ; forme attendue : 2026-W47")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def due_at(now: datetime, day: str, hour: int, zone: ZoneInfo) -> datetime:
    """The last instant, at or before `now`, at which the weekly edition was due."""
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    due = datetime.combine(monday + timedelta(days=DAYS.index(day)), time(hour), zone)
    if due > local:
        due = datetime.combine(due.date() - timedelta(days=7), time(hour), zone)
    return due


def weekly(now: datetime, zone: ZoneInfo, previous_end: datetime | None) -> Period:
    """The period of an edition issued now: the days since the previous one, seven at most when there is none.

    An edition issued in the morning stops at the day before; both bounds are midnights in the zone.
    """
    local = now.astimezone(zone)
    last = local.date() if local.hour >= 12 else local.date() - timedelta(days=1)
    end = _midnight(last + timedelta(days=1), zone)
    start = _midnight(last - timedelta(days=6), zone)
    if previous_end is not None and end - timedelta(days=31) < previous_end < end:
        start = min(previous_end.astimezone(zone), start)
    return Period(WEEKLY, week_key(now, zone), start, end)


def month_key(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m}"


def due_in_month(now: datetime, day: str, hour: int, zone: ZoneInfo) -> datetime:
    """The last instant, at or before `now`, at which the monthly edition was due: the first such day of a month."""
    due = due_at(now, day, hour, zone)
    first = due.date() - timedelta(days=(due.day - 1) // 7 * 7)
    return datetime.combine(first, due.time(), zone)


def monthly(now: datetime, zone: ZoneInfo, previous_end: datetime | None) -> Period:
    """The period of a monthly edition issued now, as `weekly` does: four weeks when there is no previous one."""
    end = weekly(now, zone, None).end
    start = _midnight(end.date() - timedelta(days=28), zone)
    if previous_end is not None and end - timedelta(days=70) < previous_end < end:
        start = min(previous_end.astimezone(zone), start)
    return Period(MONTHLY, month_key(now, zone), start, end)


def past_month(key: str, zone: ZoneInfo) -> Period:
    """The days of a month that is over; raises ValueError with a French sentence."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", key):
        raise ValueError(f"mois {key!r} inconnu ; forme attendue : 2026-11")
    first = date.fromisoformat(f"{key}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    return Period(MONTHLY, key, _midnight(first, zone), _midnight(after, zone))


def past_week(key: str, zone: ZoneInfo) -> Period:
    """The seven days of a week that is over."""
    monday = week_start(key)
    return Period(WEEKLY, key, _midnight(monday, zone), _midnight(monday + timedelta(days=7), zone))
