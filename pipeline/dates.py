"""Publication dates: structured marks of the page first, then the entry point's word, then French prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.marks import Marks

PARIS = ZoneInfo("Europe/Paris")
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "dcterms.created", "pubdate", "publish-date", "citation_publication_date", "parsely-pub-date",
)  # fmt: skip
_DATE_PLACES = (
    "//*[self::time or contains(@class,'date') or contains(@class,'publi') or contains(@class,'meta')"
    " or @itemprop='datePublished']"
)
_HAS_TIME = re.compile(r"\d[T ]\d{1,2}:\d{2}|\d{1,2}:\d{2}:\d{2}")
_FRENCH = re.compile(
    r"\b(\d{1,2})(?:er)?\s+(janv|f[ée]vr?|mars|avr|mai|juin|juil|ao[uû]t|sept?|oct|nov|d[ée]c)[a-zéû]*\.?\s+(\d{4})"
    r"(?:\s*(?:[-–,|]|à|a)?\s*(\d{1,2})\s*(?:h|:)\s*(\d{2}))?",
    re.IGNORECASE,
)
_MONTHS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_PUBLISHED = re.compile(
    r"(publi[ée]e?|mis(?:e)? en ligne|post[ée]e?|paru[e]?|cr[ée]{2}e?)\s*(?:le\s+)?(?:\w+\s+)?$", re.IGNORECASE
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


def french(text: str) -> tuple[datetime, bool] | None:
    """The first French date of a text, one that follows « publié le » before any other."""
    found = list(_FRENCH.finditer(text))
    found.sort(key=lambda match: not _PUBLISHED.search(text[max(0, match.start() - 40) : match.start()]))
    for match in found:
        month = _month(match[2])
        try:
            hour, minute = int(match[4] or 0), int(match[5] or 0)
            when = datetime(int(match[3]), month, int(match[1]), hour, minute, tzinfo=PARIS)
        except ValueError:
            continue
        return when.astimezone(UTC), bool(match[4])
    return None


def _month(name: str) -> int:
    plain = name.lower().replace("é", "e").replace("û", "u")
    return next(number for number, start in enumerate(_MONTHS, 1) if plain.startswith(start) or start.startswith(plain))


def structured(marks: Marks, fetched_at: datetime) -> Dated | None:
    """The date that the page declares in its meta tags, JSON-LD or microdata; one with an hour is preferred."""
    metas = [value for name in _PUBLISHED_METAS for value in marks.metas.get(name, ())]
    stated = [row["datePublished"] for row in marks.json_ld if isinstance(row.get("datePublished"), str)]
    found: list[Dated] = []
    for origin, values in (("meta", metas), ("json-ld", stated), ("meta", marks.dates)):
        for value in values:
            parsed = read(value)
            when = plausible(parsed[0], fetched_at) if parsed else None
            if parsed and when:
                found.append(Dated(when, origin, parsed[1]))
    return max(found, key=lambda dated: dated.has_time, default=None)


def has_hour(when: datetime) -> bool:
    """False for a midnight in Europe/Paris, which stands for a day."""
    local = when.astimezone(PARIS)
    return (local.hour, local.minute, local.second) != (0, 0, 0)


def prose(tree: Any, fetched_at: datetime) -> Dated | None:
    """A date written in French near the head of the page, else what htmldate finds."""
    for node in tree.xpath(_DATE_PLACES)[:20]:
        parsed = french(" ".join(node.itertext())[:300])
        when = plausible(parsed[0], fetched_at) if parsed else None
        if parsed and when:
            return Dated(when, "prose", parsed[1])
    from htmldate import find_date

    value = find_date(tree, original_date=True, max_date=fetched_at + timedelta(days=1), min_date=OLDEST)
    parsed = read(value) if value else None
    when = plausible(parsed[0], fetched_at) if parsed else None
    return Dated(when, "prose", False) if when else None
