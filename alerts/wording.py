"""French wording of periods, dates and counts, with its spaces and its ordinals."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.editions import Period

NBSP = "\u00a0"
THIN = "\u202f"
_SUBJECT_LIMIT = 60


def day(moment: datetime, zone: ZoneInfo) -> str:
    """« 17 mars 2026 », the local day of an instant."""
    return _babel(moment.astimezone(zone).date(), "d MMMM y")


def count(number: int, singular: str, plural: str) -> str:
    """« 1 article », « 1 250 articles » (with a thin space)."""
    return f"{number_text(number)}{NBSP}{singular if number < 2 else plural}"


def number_text(number: int) -> str:
    """Digits by threes with narrow no-break spaces, as in French typography."""
    return f"{number:,}".replace(",", THIN)


def spaced(text: str) -> str:
    """The spaces of a text before « : ; ? ! » and units, inside quotation marks and numbers, made no-break."""
    text = re.sub(r"(?<=\d)\s(?=\d{3}(?!\d))", THIN, text)
    text = re.sub(r"(?<=\d)\s(?=(?:[kMG]?€|%|fois|euros?|millions?|milliards?)(?!\w))", NBSP, text)
    text = re.sub(r"\s+([:»])", NBSP + r"\1", text)
    text = re.sub(r"\s+([;?!])", THIN + r"\1", text)
    return re.sub(r"«\s+", "«" + NBSP, text)


def subject(period: Period, articles: int, zone: ZoneInfo, tag: str = "Veille") -> str:
    """« [Veille] 16–22 mars : 6 articles », at most 60 characters."""
    told = "aucun article" if articles == 0 else f"{articles} article{'s' if articles > 1 else ''}"
    return f"[{tag}] {short_period(period, zone)} : {told}"[:_SUBJECT_LIMIT]


def short_period(period: Period, zone: ZoneInfo) -> str:
    """« 16–22 mars », « 30 mars – 5 avril », « novembre 2026 », « 23 novembre »."""
    first, last = _bounds(period, zone)
    if first == last:
        return _babel(first, "d MMMM")
    if _whole_month(first, last):
        return _babel(first, "MMMM y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{_ordinal(str(first.day))}–{_babel(last, 'd MMMM')}"
    return f"{_babel(first, 'd MMMM')} – {_babel(last, 'd MMMM')}"


def long_period(period: Period, zone: ZoneInfo) -> str:
    """« Semaine du lundi 16 au dimanche 22 mars 2026 », « Mois d’avril 2026 », « Lundi 23 novembre 2026 »."""
    first, last = _bounds(period, zone)
    if first == last:
        return _babel(first, "EEEE d MMMM y").capitalize()
    if _whole_month(first, last):
        month = _babel(first, "MMMM y")
        return f"Mois d’{month}" if month[0] in "ao" else f"Mois de {month}"
    start = "EEEE d" if first.month == last.month and first.year == last.year else "EEEE d MMMM"
    start = start if first.year == last.year else "EEEE d MMMM y"
    head = "Semaine du" if (last - first).days == 6 else "Du"
    return f"{head} {_babel(first, start)} au {_babel(last, 'EEEE d MMMM y')}"


def _bounds(period: Period, zone: ZoneInfo) -> tuple[date, date]:
    """First and last local days; the period's end is excluded."""
    first = period.start.astimezone(zone).date()
    last = (period.end.astimezone(zone) - timedelta(microseconds=1)).date()
    return first, max(first, last)


def _whole_month(first: date, last: date) -> bool:
    after = last + timedelta(days=1)
    return first.day == 1 and after.day == 1 and (after - first).days <= 31


def _babel(when: date, pattern: str) -> str:
    from babel.dates import format_date

    return _ordinal(format_date(when, pattern, locale="fr"))


def _ordinal(text: str) -> str:
    return re.sub(r"(?<!\d)1(?=$| [a-zéû])", "1er", text, count=1)
