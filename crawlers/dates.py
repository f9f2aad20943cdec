"""Dates as feeds, rows and French prose write them → aware UTC; ISO is read before any day-first form."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from core.clock import PARIS
from core.text import fold

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing on the web is older: 1970 is a missing date (threat A30)."""

_FRENCH = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
    "decembre",
)  # fmt: skip
_ENGLISH = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORT = {
    "janv": 1, "jan": 1, "fevr": 2, "fev": 2, "feb": 2, "mar": 3, "avr": 4, "apr": 4, "juin": 6, "jun": 6, "juil": 7,
    "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
MONTHS = {name: number for names in (_FRENCH, _ENGLISH) for number, name in enumerate(names, 1)} | _SHORT
_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_TIME = r"(?:[\s,]*(?:-|a|at|•|\|)?\s*(?P<hour>[01]?\d|2[0-3])\s?(?:h|:)\s?(?P<minute>[0-5]\d)?(?!\d))?"

_ISO_RE = re.compile(
    r"(?<!\d)(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[t ](?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s?(?P<zone>z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_YEAR_FIRST_RE = re.compile(
    r"(?<![\d/.-])(?P<year>\d{4})(?P<sep>[/.])(?P<month>\d\d)(?P=sep)(?P<day>\d\d)(?![\d/]|[.-]\d)" + _TIME
)
_NUMERIC_RE = re.compile(
    r"(?<![\d/.-])(?P<day>\d{1,2})(?P<sep>[/.-])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})(?![\d/]|[.-]\d)" + _TIME
)
_DAY_FIRST_RE = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:\s?er|st|nd|rd|th)?\s+(?:of\s+)?" + _MONTH + r",?\s+(?P<year>\d{4})(?!\d)" + _TIME
)
_MONTH_FIRST_RE = re.compile(r"\b" + _MONTH + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?!\d)" + _TIME)
_RFC822_RE = re.compile(r"(?:[a-z]{3},?\s+)?\d{1,2}[ -][a-z]{3}[ -]\d{2,4}\s+\d")
_UPDATED_RE = re.compile(r"\b(?:mise? a jour|modifiee?|actualisee?|updated|modified)\b")
_PUBLISHED_RE = re.compile(r"\b(?:publiee?|publication|mise? en ligne|paru|parue|postee?|published|posted)\b")
_AGO_RE = re.compile(r"\bil y a (?P<count>\d+|une?) (?P<unit>minute|heure|jour|semaine)s?\b")
_UNITS = {"minute": "minutes", "heure": "hours", "jour": "days", "semaine": "weeks"}


def parse(text: str, now: datetime) -> datetime | None:
    """The first date in a text, aware UTC; None when there is none, or none that can be true.

    A time without a zone is read as Europe/Paris, a date without a time as its midnight there. What lies more than a
    day after `now` is not believed.
    """
    text = text.strip()[:400]
    if not text:
        return None
    folded = fold(text)
    for exact in (_digits, _rfc822):
        if date := exact(folded):
            return _believed(date, now)
    found = _earliest(_after_update(folded)) or _earliest(folded)
    return _believed(found if found else _relative(folded, now), now)


def _earliest(folded: str) -> datetime | None:
    """The date that a text says first, in whatever form."""
    readers: tuple[Callable[[str], tuple[int, datetime] | None], ...] = (
        _iso, _year_first, _numeric, _day_first, _month_first,
    )  # fmt: skip
    found = [hit for reader in readers if (hit := reader(folded))]
    return min(found, key=lambda hit: hit[0])[1] if found else None


def _after_update(folded: str) -> str:
    """What follows « publié le » where the day of a change is said before that of the publication; else nothing."""
    updated, published = _UPDATED_RE.search(folded), _PUBLISHED_RE.search(folded)
    return folded[published.end() :] if updated and published and updated.start() < published.start() else ""


def _believed(date: datetime | None, now: datetime) -> datetime | None:
    if date is None:
        return None
    date = (date if date.tzinfo else date.replace(tzinfo=PARIS)).astimezone(UTC)
    return date if OLDEST <= date <= now + timedelta(days=1) else None


def _digits(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970, or a date written 20260413."""
    if not (text.isascii() and text.isdigit()):
        return None
    if len(text) in (10, 13):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        return datetime.strptime(text, "%Y%m%d") if len(text) == 8 else None
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    """RFC 5322, section 3.3, zone names included; `-0000` and no zone leave the time without one."""
    if not _RFC822_RE.match(text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso(folded: str) -> tuple[int, datetime] | None:
    if not (match := _ISO_RE.search(folded)):
        return None
    time = match["time"]
    zone = (match["zone"] or "").replace("z", "+00:00")
    stamp = match["date"] + (f"T{time.replace(',', '.')[:15]}{zone}" if time else "")
    try:
        return match.start(), datetime.fromisoformat(stamp)
    except ValueError:
        return None


def _year_first(folded: str) -> tuple[int, datetime] | None:
    return _built(_YEAR_FIRST_RE.search(folded), lambda match: int(match["month"]))


def _numeric(folded: str) -> tuple[int, datetime] | None:
    return _built(_NUMERIC_RE.search(folded), lambda match: int(match["month"]))


def _day_first(folded: str) -> tuple[int, datetime] | None:
    return _built(_DAY_FIRST_RE.search(folded), lambda match: MONTHS[match["month"]])


def _month_first(folded: str) -> tuple[int, datetime] | None:
    return _built(_MONTH_FIRST_RE.search(folded), lambda match: MONTHS[match["month"]])


def _built(match: re.Match[str] | None, month: Callable[[re.Match[str]], int]) -> tuple[int, datetime] | None:
    if match is None:
        return None
    year = int(match["year"])
    try:
        date = datetime(year + 2000 if year < 100 else year, month(match), int(match["day"]))
    except ValueError:
        return None
    return match.start(), date.replace(hour=int(match["hour"] or 0), minute=int(match["minute"] or 0))


def _relative(folded: str, now: datetime) -> datetime | None:
    midnight = now.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    if re.search(r"\baujourd'hui\b", folded):
        return midnight
    if re.search(r"\bhier\b", folded):
        return midnight - timedelta(days=1)
    if not (match := _AGO_RE.search(folded)):
        return None
    count = int(match["count"]) if match["count"].isdigit() else 1
    return now - timedelta(**{_UNITS[match["unit"]]: count}) if count < 10_000 else None
