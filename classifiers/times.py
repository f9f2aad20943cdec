"""Reads durations (« d'une durée de cinq ans », « sur 18 mois ») and dates (« mardi 19 octobre 2021 », « fin 2016 »).

A number of years is a duration only after a word that says so: « âgés de 18 ans » and « depuis dix ans » are none.
Dates need their year, or « dernier » and « prochain » with the day of publication; « hier » is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from classifiers.numbers import NUMBER, SPACE, number
from classifiers.quantities import Quantity
from core.text import fold

_MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
_ENGLISH = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?P<month>janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[ée]cembre"
    r"|january|february|march|april|may|june|july|august|october|november|december)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)(?![\d])"
_CUE = (
    rf"(?:dur[ée]e(?:{SPACE}(?:totale|maximale|initiale|moyenne|pr[ée]vue|est|fix[ée]e)){{0,2}}{SPACE}?(?:de|d['’]|[:,à]|est{SPACE}de)"
    rf"|sur(?:{SPACE}une{SPACE}(?:dur[ée]e|p[ée]riode){SPACE}de)?|pendant|durant|pour(?:{SPACE}une{SPACE}(?:dur[ée]e|p[ée]riode){SPACE}de)?"
    rf"|(?:contrat|programme|projet|convention|exp[ée]rimentation|engagement|p[ée]riode|cycle|horizon){SPACE}(?:de|d['’])"
    rf"|over|for|lasting|during|duration{SPACE}of|p[ée]riod{SPACE}of){SPACE}?"
)
_DURATION = re.compile(
    rf"(?<!\w)(?P<cue>{_CUE})(?:(?P<low>{NUMBER}){SPACE}(?:à|ou|to|or){SPACE}|(?P<low2>\d{{1,2}})-)?(?P<number>{NUMBER})"
    rf"{SPACE}(?P<unit>an(?:n[ée]e)?s?|mois|years?|months?)(?!\w)(?P<half>{SPACE}et{SPACE}demie?)?",
    re.IGNORECASE,
)
_HYPHENATED = re.compile(
    rf"(?<!\w)(?P<number>{NUMBER})[ -](?P<unit>year|month)(?=[ -](?!olds?\b|ago\b)\w)", re.IGNORECASE
)
_DATE = re.compile(
    rf"(?<!\w)(?:(?P<day>\d{{1,2}}|1{SPACE}?er|premier){SPACE}{_MONTH}(?:,?{SPACE}{_YEAR}|{SPACE}(?P<side>dernier|prochain)(?!\w))"
    rf"|{_MONTH.replace('<month>', '<m2>')}(?:{SPACE}(?P<d2>\d{{1,2}}),)?{SPACE}{_YEAR.replace('<year>', '<y2>')}"
    rf"|(?P<part>fin|d[ée]but|courant|mi-?){SPACE}?{_YEAR.replace('<year>', '<y3>')}"
    rf"|(?P<d4>\d{{1,2}})[/.](?P<m4>\d{{1,2}})[/.]{_YEAR.replace('<year>', '<y4>')}"
    r"|(?P<y5>(?:19|20)\d\d)-(?P<m5>\d\d)(?:-(?P<d5>\d\d))?(?![\d-]))",
    re.IGNORECASE,
)
_LONGEST = 600
"""Months of a duration at most: beyond fifty years it is no contract's."""


def durations(text: str, start: int = 0, end: int | None = None) -> Iterator[Quantity]:
    """Durations in months, in reading order."""
    last = len(text) if end is None else end
    for found in _DURATION.finditer(text, start, last):
        low = found["low"] or found["low2"]
        begin = found.end("cue")
        if quantity := _duration(found, begin, low):
            yield quantity
    for found in _HYPHENATED.finditer(text, start, last):
        if quantity := _duration(found, found.start(), None):
            yield quantity


def _duration(found: re.Match[str], begin: int, low: str | None) -> Quantity | None:
    months = 1 if found["unit"].lower().startswith("mo") else 12
    high, first = number(found["number"]), number(low) if low else None
    if high is None:
        return None
    high = (high + (0.5 if found.groupdict().get("half") else 0)) * months
    first = high if first is None else first * months
    if not 0 < first <= high <= _LONGEST:
        return None
    return Quantity("duration", begin, found.end(), first, high, "month")


def dates(text: str, published: datetime | None, start: int = 0, end: int | None = None) -> Iterator[Quantity]:
    """Dates, in reading order; `published` gives their year to « le 5 mai dernier » and the like."""
    for found in _DATE.finditer(text, start, len(text) if end is None else end):
        value = _date(found, published)
        if value:
            yield Quantity("date", found.start(), found.end(), value=value)


def _date(found: re.Match[str], published: datetime | None) -> str:
    if found["side"]:
        return _beside(found, published.date()) if published else ""
    year = next(found[name] for name in ("year", "y2", "y3", "y4", "y5") if found[name])
    month = _month(found["month"] or found["m2"]) or int(found["m4"] or found["m5"] or 0)
    written = found["day"] or found["d2"] or found["d4"] or found["d5"] or ""
    return _iso(int(year), month, _day(written))


def _beside(found: re.Match[str], published: date) -> str:
    """The nearest such day before the publication, or after it."""
    month, day = _month(found["month"]), _day(found["day"])
    past = found["side"].lower() == "dernier"
    this = _iso(published.year, month, day)
    if not this:
        return ""
    is_past = this <= published.isoformat()
    return this if is_past == past else _iso(published.year + (-1 if past else 1), month, day)


def _day(written: str) -> int:
    digits = re.sub(r"\D", "", written)
    return int(digits) if digits else 1 if written else 0


def _month(written: str | None) -> int:
    folded = fold(written) if written else ""
    for names in (_MONTHS, _ENGLISH):
        if folded in names:
            return names.index(folded) + 1
    return 0


def _iso(year: int, month: int, day: int) -> str:
    """Empty for a day that is in no calendar."""
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return ""
    return "-".join([f"{year:04}", *([f"{month:02}"] if month else []), *([f"{day:02}"] if day else [])])
