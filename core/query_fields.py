"""The filters of the query language, `field:value`: what each may hold, in French and in English."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.clock import PARIS
from core.text import fold
from core.tree import Dated, Expression, Filter

_DATE_RE = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")

STATUSES: Mapping[str, tuple[str, ...]] = {
    "deleted": ("retire", "supprime"),
    "changed": ("modifie", "version"),
    "reserved": ("reserve",),
    "truncated": ("tronque", "abonnes"),
    "backfilled": ("ancien", "historique"),
    "pdf": (),
}
"""What may be asked of an article's state, with its French names: withdrawn from its site; several versions; text and
data mining reserved; the rest for subscribers; stored as history; a PDF document."""
_ANSWERS: Mapping[str, tuple[str, ...]] = {"yes": ("oui", "1"), "no": ("non", "0")}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    """In English, whatever was typed."""
    read: Callable[[str], Expression | None]
    """A value in lower case → what is asked; None for a value that is not understood."""
    narrows: bool = False
    """True when two values must both hold; otherwise they are alternatives."""


def midnight(day: date) -> datetime:
    """The beginning of a day in Europe/Paris, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)


def bounds(value: str) -> tuple[datetime, datetime] | None:
    """First instant of a year, month or day, and the first instant after it; None for what is no date."""
    match = _DATE_RE.match(value)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 1, month or 1, day or 1)
        if day:
            last = first + timedelta(days=1)
        elif month:
            last = date(first.year + month // 12, month % 12 + 1, 1)
        else:
            last = date(first.year + 1, 1, 1)
        return midnight(first), midnight(last)
    except (ValueError, OverflowError):
        return None


def month(value: str) -> str:
    """« 2026-9 » → « 2026-09 »; empty for what is no month."""
    return f"{value[:4]}-{value[5:]:0>2}" if re.fullmatch(r"\d{4}-\d{1,2}", value) and bounds(value) else ""


def _after(value: str) -> Expression | None:
    found = bounds(value)
    return Dated(after=found[0]) if found else None


def _before(value: str) -> Expression | None:
    found = bounds(value)
    return Dated(before=found[0]) if found else None


def _year(value: str) -> Expression | None:
    found = bounds(value)
    return Dated(*found) if found else None


def _month(value: str) -> Expression | None:
    found = month(value)
    return Filter("month", (found,)) if found else None


def _listed(name: str) -> Field:
    """A field whose values are names of things, which may or may not exist."""
    return Field(name, lambda value: Filter(name, (value,)) if value else None)


def _chosen(name: str, values: Mapping[str, tuple[str, ...]]) -> Field:
    """A field whose values are known: English ones, with their French names."""
    known = {spelled: value for value, others in values.items() for spelled in (value, *others)}

    def read(value: str) -> Expression | None:
        found = known.get(fold(value))
        return Filter(name, (found,)) if found else None

    return Field(name, read)


FIELDS: dict[str, Field] = {
    "tag": _listed("tag"),
    "etiquette": _listed("tag"),
    "source": _listed("source"),
    "category": _listed("category"),
    "categorie": _listed("category"),
    "lang": _listed("lang"),
    "langue": _listed("lang"),
    "actor": _listed("actor"),
    "acteur": _listed("actor"),
    "place": _listed("place"),
    "lieu": _listed("place"),
    "status": _chosen("status", STATUSES),
    "statut": _chosen("status", STATUSES),
    "central": _chosen("central", _ANSWERS),
    "month": Field("month", _month),
    "mois": Field("month", _month),
    "after": Field("after", _after, narrows=True),
    "apres": Field("after", _after, narrows=True),
    "before": Field("before", _before, narrows=True),
    "avant": Field("before", _before, narrows=True),
    "year": Field("year", _year),
    "annee": Field("year", _year),
    "synonyms": _chosen("synonyms", _ANSWERS),
    "synonymes": _chosen("synonyms", _ANSWERS),
}
"""By the name that is typed, accents folded."""
