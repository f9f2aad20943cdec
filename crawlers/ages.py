"""How old an announced article surely is, from its date, its address or the day its page last moved."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from core.clock import PARIS
from crawlers.found import LONG_AGO, UNKNOWN, Found

_YEAR = r"((?:19|20)\d\d)"
_MONTH, _DAY = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
# Segments of an address that are a date and nothing else: `/plan-2015-12-mesures` tells no day.
_ARTICLE_RE = re.compile(rf"/{_YEAR}(?:/{_MONTH}(?:/{_DAY})?(?=/|$)|-{_MONTH}-{_DAY}(?=[-_/.]|$)|(?=/))")
_SITEMAP_RE = re.compile(rf"(?<!\d){_YEAR}(?:[-_/.]?{_MONTH})?(?!\d)")
_HOST_RE = re.compile(r"^[a-z]+://[^/]+", re.IGNORECASE)


def older(found: Found, since: datetime) -> bool:
    """True when an article was surely published before a time; one that says nothing of its age is not."""
    if found.hint.published is not None:
        return found.hint.published < since
    if found.moved not in (LONG_AGO, UNKNOWN) and found.moved < since:
        return True  # no page moves before it is published
    return _ended(_ARTICLE_RE.search(_HOST_RE.sub("", found.url)), since)


def sitemap_older(url: str, since: datetime) -> bool:
    """The same of all the pages of a sitemap, by its name: `sitemap-2019-03.xml`, `?yyyy=2019`."""
    return _ended(_SITEMAP_RE.search(_HOST_RE.sub("", url)), since)


def _ended(match: re.Match[str] | None, since: datetime) -> bool:
    """True when the day, the month or the year that an address tells was over, in Paris, before a time."""
    if match is None:
        return False
    year, *rest = (int(part) for part in match.groups() if part)
    try:
        if len(rest) == 2:
            end = datetime(year, rest[0], rest[1]) + timedelta(days=1)
        else:
            end = datetime(year + 1, 1, 1) if not rest or rest[0] == 12 else datetime(year, rest[0] + 1, 1)
    except ValueError:
        return False
    return end.replace(tzinfo=PARIS).astimezone(UTC) <= since
