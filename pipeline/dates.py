"""Dates as machines and French prose write them, and which of them can be true."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from core.clock import PARIS
from pipeline.marks import Marks, text_of

LONGEST_MARK = 80
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "dcterms.created", "pubdate", "publish-date", "citation_publication_date", "parsely-pub-date",
)  # fmt: skip
_HAS_TIME = re.compile(r"\d[T ]\d{1,2}:\d{2}|\d{1,2}:\d{2}:\d{2}")
_HOUR = r"(?:\s*(?:[-–,|]|à|a|at)?\s*(\d{1,2})\s*(?:h|:)\s*(\d{2}))?"
_MONTH = r"(janv|f[ée]vr?|feb|mars?|avr|apr|mai|may|jui?ne?|jui?l|ao[uû]t|aug|sept?|oct|nov|d[ée]c)[a-zéû]*\.?"
_FRENCH = re.compile(rf"\b(\d{{1,2}})(?:er)?\s+{_MONTH},?\s+(\d{{4}}){_HOUR}", re.IGNORECASE)
_ENGLISH = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_HOUR}", re.IGNORECASE)
_NUMBERS = re.compile(rf"\b(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}})\b{_HOUR}")
_YEAR_FIRST = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b(?:[T ](\d{1,2}):(\d{2}))?")
_AGO = re.compile(r"\bil y a (une?|\d{1,3}) (minute|heure|jour|semaine|mois|an)", re.IGNORECASE)
_NEAR = re.compile(rf"\b(avant-hier|hier|aujourd['’]hui)\b{_HOUR}", re.IGNORECASE)
_DAYS_AGO = {"jour": 1, "semaine": 7, "mois": 30, "an": 365}
_MONTHS = {
    "jan": 1, "fev": 2, "feb": 2, "mar": 3, "avr": 4, "apr": 4, "mai": 5, "may": 5, "juin": 6, "jun": 6,
    "juil": 7, "jul": 7, "aou": 8, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_PUBLISHED = re.compile(
    r"(publi[ée]e?|mis(?:e)? en ligne|post[ée]e?|paru[e]?|cr[ée]{2}e?|published|posted)"
    r"\s*(?:on\s+|le\s+|:\s*)*(?:\w+\s+)?$",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"mis(?:e)? [àa] jour|modifi|actualis|updated|modified", re.IGNORECASE)
_PUBLICATION = re.compile(r"publi|en ligne|post[ée]|paru|cr[ée]{2}", re.IGNORECASE)
_UPDATED = re.compile(
    r"(?:mis(?:e)? [àa] jour|modifi[ée]e?|actualis[ée]e?|updated|modified)\W*(?:\w+\W+){0,3}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Dated:
    when: datetime
    origin: str
    has_time: bool


def read(value: str) -> tuple[datetime, bool] | None:
    """An ISO 8601 or RFC 5322 date, and whether it says an hour; naive ones are Europe/Paris; None for any other."""
    value = value.strip()
    try:
        when = datetime.fromisoformat(value.replace("Z", "+00:00") if value.endswith("Z") else value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError):
            return None
    has_time = bool(_HAS_TIME.search(value))
    try:
        return (when if when.tzinfo else when.replace(tzinfo=PARIS)).astimezone(UTC), has_time
    except (OverflowError, ValueError):
        return None


def plausible(when: datetime | None, fetched_at: datetime) -> datetime | None:
    """A date clamped to the fetch when it is slightly in the future; None when it cannot be true (1970, 2099)."""
    if when is None or when < OLDEST or when > fetched_at + timedelta(days=1):
        return None
    return min(when, fetched_at)


def is_update(before: str) -> bool:
    """True when what stands before a date says that it is the date of a change."""
    return bool(_UPDATED.search(before[-40:]))


def tells_a_change(line: str) -> bool:
    """True for a date line that says only when the page was changed."""
    return bool(_CHANGE.search(line)) and not _PUBLICATION.search(line)


def french(text: str) -> tuple[datetime, bool] | None:
    """The first French date of a text; one that follows « publié le » before any other, « mis à jour le » last."""
    return _first(text, (_FRENCH,))


def written(text: str, fetched_at: datetime, english: bool = False) -> tuple[datetime, bool] | None:
    """The same, for what stands where a page dates itself: also in figures, in English, or counted from the fetch."""
    forms = (_FRENCH, _ENGLISH, _YEAR_FIRST) if english else (_FRENCH, _ENGLISH, _NUMBERS, _YEAR_FIRST)
    return _first(text, forms) or _counted(text, fetched_at)


def _first(text: str, forms: tuple[re.Pattern[str], ...]) -> tuple[datetime, bool] | None:
    found = sorted((match for form in forms for match in form.finditer(text)), key=lambda match: match.start())
    found.sort(key=lambda match: _weight(text[max(0, match.start() - 40) : match.start()]))
    return next((when for match in found if (when := _moment(match))), None)


def _weight(before: str) -> int:
    return 0 if _PUBLISHED.search(before) else 2 if _UPDATED.search(before) else 1


def _moment(match: re.Match[str]) -> tuple[datetime, bool] | None:
    parts = list(match.groups())
    if match.re is _ENGLISH:
        parts[:2] = parts[1::-1]
    elif match.re is _YEAR_FIRST:
        parts[:3] = parts[2::-1]
    try:
        day, month, year = int(parts[0]), _month(parts[1]), int(parts[2])
        when = datetime(year, month, day, int(parts[3] or 0), int(parts[4] or 0), tzinfo=PARIS)
    except ValueError:
        return None
    return when.astimezone(UTC), bool(parts[3])


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    plain = name.lower().replace("é", "e").replace("û", "u")
    return next(number for start, number in _MONTHS.items() if plain.startswith(start))


def _counted(text: str, fetched_at: datetime) -> tuple[datetime, bool] | None:
    """« il y a 2 jours », « hier à 18h30 »: a day, or an hour where it is given."""
    today = fetched_at.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    if ago := _AGO.search(text):
        count = int(ago[1]) if ago[1].isdigit() else 1
        unit = ago[2].lower()
        if unit in ("minute", "heure"):
            return fetched_at - timedelta(**{f"{unit}s".replace("heure", "hour"): count}), False
        return (today - timedelta(days=count * _DAYS_AGO[unit])).astimezone(UTC), False
    if near := _NEAR.search(text):
        days = {"avant-hier": 2, "hier": 1}.get(near[1].lower(), 0)
        hour, minute = int(near[2] or 0), int(near[3] or 0)
        if hour < 24 and minute < 60:
            when = (today - timedelta(days=days)).replace(hour=hour, minute=minute)
            return when.astimezone(UTC), bool(near[2])
    return None


def structured(marks: Marks, fetched_at: datetime, title: str = "") -> Dated | None:
    """The date that the page declares in its meta tags, JSON-LD or microdata; one with an hour is preferred."""
    metas = [value for name in _PUBLISHED_METAS for value in marks.metas.get(name, ())]
    stated = [text_of(row.get("datePublished")) for row in marks.articles(title)]
    found: list[Dated] = []
    for origin, values in (("meta", metas), ("json-ld", stated), ("meta", marks.dates)):
        for value in values:
            parsed = read(value) or written(value[:LONGEST_MARK], fetched_at)
            when = plausible(parsed[0], fetched_at) if parsed else None
            if parsed and when:
                found.append(Dated(when, origin, parsed[1]))
    return max(found, key=lambda dated: dated.has_time, default=None)


def has_hour(when: datetime) -> bool:
    """False for a midnight in Europe/Paris, which stands for a day."""
    local = when.astimezone(PARIS)
    return (local.hour, local.minute, local.second) != (0, 0, 0)
