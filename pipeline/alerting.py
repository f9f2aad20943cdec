"""When a member's alert is due, which day or week it tells, and its edition; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.editions import Copy, Edition, Entry, Period
from core.excerpts import bare_words, shorten
from core.french import stems
from core.saved import SavedSearch
from core.search import Excerpt, Hit
from core.sources import Source, quotable, source_name
from pipeline import periods

DAY = timedelta(days=1)
_FORMS_TOLD = 3
BY_FILTERS = "répond aux filtres de la recherche"
"""Why a story is told in which no word was sought."""


@dataclass(frozen=True, slots=True)
class News:
    """One story that an alert tells, with what its hit does not say."""

    hit: Hit
    truncated: bool
    copies: tuple[Copy, ...]


def due_at(search: SavedSearch, now: datetime, day: str, hour: int, zone: ZoneInfo) -> datetime:
    """The last instant, at or before `now`, at which an alert was due: each day at `hour`, or that hour of `day`."""
    if search.wish.frequency == "weekly":
        return periods.due_at(now, day, hour, zone)
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), time(hour), zone)
    return due if due <= local else datetime.combine(local.date() - DAY, time(hour), zone)


def is_due(search: SavedSearch, due: datetime, now: datetime) -> bool:
    """True for an alert not asked since then, and made before; a weekly one too late waits for its next week."""
    if search.alert_since is None or now - due > periods.LATE:
        return False
    return due > (search.looked_at or search.alert_since)


def period(search: SavedSearch, due: datetime, zone: ZoneInfo) -> Period:
    """The day, or the seven days before it: `alert-12/2026-11-23`, `alert-12/2026-W48` (product decision 8)."""
    day = due.astimezone(zone).date()
    today = datetime.combine(day, time(), zone)
    if search.wish.frequency == "weekly":
        start = datetime.combine(day - 7 * DAY, time(), zone)
        return Period(search.series, periods.week_key(due, zone), start, today)
    return Period(search.series, day.isoformat(), today, datetime.combine(day + DAY, time(), zone))


def compose(told: Period, news: Sequence[News], sources: Mapping[str, Source], now: datetime) -> Edition:
    """The edition of an alert, its stories in the order given."""
    entries = tuple(_entry(each, sources) for each in news)
    return Edition(told, now, entries, state="composed" if entries else "empty")


def _entry(news: News, sources: Mapping[str, Source]) -> Entry:
    hit = news.hit
    source = sources.get(hit.source)
    return Entry(
        story_id=hit.story_id,
        article_id=hit.article_id,
        title=hit.title,
        url=hit.url,
        source=source_name(hit.source, sources),
        category=source.category if source else "presse",
        published=hit.published,
        first_seen=hit.first_seen,
        labels=hit.tags,
        central=True,
        excerpt=passage(hit.excerpt, quotable(source, reserved=hit.reserved)),
        why=why(hit),
        score=hit.score,
        copies=tuple(Copy(source_name(each.source, sources), each.url) for each in news.copies),
        page=hit.page,
        truncated=news.truncated,
    )


def passage(found: Excerpt, limit: int) -> Excerpt:
    """The passage within what its source allows, or the words alone; nothing when it allows nothing."""
    if limit <= 0:
        return Excerpt("")
    short = shorten(found, limit)
    if short.spans or not found.spans:
        return short
    words = bare_words(found)
    return words if len(words.text) <= limit else Excerpt("")


def why(hit: Hit) -> str:
    """One line for the reader: the words found, and whether the title has them."""
    in_title = [hit.title[span.start : span.end] for span in hit.title_spans]
    in_text = [hit.excerpt.text[span.start : span.end] for span in hit.excerpt.spans]
    forms: dict[tuple[str, ...], str] = {}
    for form in (*in_text, *in_title):
        forms.setdefault(tuple(stems(form)), " ".join(form.split()))
    if not forms:
        return BY_FILTERS
    told = ", ".join(f"« {form} »" for form in list(forms.values())[:_FORMS_TOLD])
    return f"{told} (dès le titre)" if in_title else told
