"""When an alert is due, what it is called, and what its mail may quote."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.saved import SavedSearch, Wish
from core.search import Excerpt, Hit, Span
from core.sources import Rights, Source
from pipeline import alerting

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)
SENTENCE = "Le conseil a voté un contrat à impact social de deux millions, puis la séance a été levée. " * 2
MARKED = Excerpt(SENTENCE, (Span(21, 44),))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def alert(frequency: Any = "daily", since: str = "2026-11-20T12:00", looked: str = "") -> SavedSearch:
    wish = Wish("Contrats", "contrat", frequency)
    return SavedSearch(12, 1, wish, at(since), at(since), at(looked) if looked else None, "jeton")


def due(search: SavedSearch, now: str) -> str:
    """The period told at that time; empty when nothing is due."""
    when = alerting.due_at(search, at(now), "monday", 8, PARIS)
    if not alerting.is_due(search, when, at(now)):
        return ""
    told = alerting.period(search, when, PARIS)
    days = (told.end.date() - told.start.date()).days
    return f"{told.series}/{told.key}, {told.start:%d} + {days}"


@pytest.mark.parametrize(
    ("search", "now", "told"),
    [
        (alert(), "2026-11-20T23:00", ""),
        (alert(), "2026-11-21T07:59", ""),
        (alert(), "2026-11-21T08:00", "alert-12/2026-11-21, 21 + 1"),
        (alert(), "2026-11-24T07:00", "alert-12/2026-11-23, 23 + 1"),
        (alert(looked="2026-11-21T08:00"), "2026-11-21T20:00", ""),
        (alert(looked="2026-11-21T20:00"), "2026-11-22T08:00", "alert-12/2026-11-22, 22 + 1"),
        (alert("weekly"), "2026-11-22T20:00", ""),
        (alert("weekly"), "2026-11-23T08:00", "alert-12/2026-W48, 16 + 7"),
        (alert("weekly"), "2026-11-26T08:00", "alert-12/2026-W48, 16 + 7"),
        (alert("weekly"), "2026-11-26T09:00", ""),
        (alert("weekly", looked="2026-11-23T08:10"), "2026-11-24T08:10", ""),
        (alert("weekly", since="2026-11-24T08:10"), "2026-11-25T08:10", ""),
    ],
)
def test_an_alert_is_due_once_a_morning_or_once_a_week_from_when_it_was_made(
    search: SavedSearch, now: str, told: str
) -> None:
    assert due(search, now) == told


def test_a_year_of_half_hours_gives_one_period_a_day_whatever_the_clocks_do() -> None:
    """Both clock changes of 2026 are in it."""
    search, now, told = alert(since="2026-01-01T12:00"), at("2026-01-01T12:00"), []
    for _ in range(365 * 48):
        now = (now.astimezone(ZoneInfo("UTC")) + HOUR / 2).astimezone(PARIS)
        when = alerting.due_at(search, now, "monday", 8, PARIS)
        if alerting.is_due(search, when, now):
            told.append(alerting.period(search, when, PARIS).key)
            search = SavedSearch(12, 1, search.wish, search.made_at, search.alert_since, now, "jeton")
    assert len(told) == len(set(told)) == 365


def hit(**values: Any) -> Hit:
    known: dict[str, Any] = {
        "article_id": 3, "story_id": 3, "url": "https://exemple.fr/a", "title": "Un contrat", "source": "s",
        "published": None, "first_seen": at("2026-11-21T08:00"), "tags": ("cis",), "central": False,
        "excerpt": MARKED, "title_spans": (), "score": 0.0, "copies": 0,
    }  # fmt: skip
    return Hit(**{**known, **values})


def quoted(rights: Rights, **values: Any) -> Excerpt:
    source = Source("s", "La Source", "presse", "https://s.example/", rights=rights)
    now = at("2026-11-21T08:00")
    told = alerting.period(alert(), now, PARIS)
    edition = alerting.compose(told, [alerting.News(hit(**values), False, ())], {"s": source}, now)
    return edition.entries[0].excerpt


@pytest.mark.parametrize("chars", [0, 10, 30, 80, 120, 200, 5_000])
def test_a_mail_quotes_no_more_than_its_source_allows(chars: int) -> None:
    passage = quoted(Rights(excerpt_chars=chars))
    assert len(passage.text) <= min(chars, 200)
    bold = [passage.text[span.start : span.end] for span in passage.spans]
    assert bold == (["contrat à impact social"] if chars >= 30 else [])
    assert quoted(Rights(excerpt_chars=chars), reserved=True) == Excerpt("")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "« contrat à impact social »"),
        ({"title": "Un contrat", "title_spans": (Span(3, 10),)},
         "« contrat à impact social », « contrat » (dès le titre)"),
        ({"excerpt": Excerpt("des Contrats, un contrat", (Span(4, 12), Span(17, 24)))}, "« Contrats »"),
        ({"excerpt": Excerpt("rien")}, alerting.BY_FILTERS),
    ],
)  # fmt: skip
def test_the_reason_is_the_words_found_once_each(values: dict[str, Any], told: str) -> None:
    assert alerting.why(hit(**values)) == told


def test_an_alert_without_news_is_an_empty_edition() -> None:
    now = at("2026-11-21T08:00")
    assert alerting.compose(alerting.period(alert(), now, PARIS), [], {}, now).state == "empty"
