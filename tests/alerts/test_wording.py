"""French periods, dates and counts, on both sides of the clock changes and of the new year."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from alerts import wording
from core.editions import Period

PARIS = ZoneInfo("Europe/Paris")


def period(start: str, end: str, series: str = "weekly") -> Period:
    first, last = (datetime.fromisoformat(day).replace(tzinfo=PARIS).astimezone(UTC) for day in (start, end))
    return Period(series, "clef", first, last)


PERIODS = [
    ("2026-03-16", "2026-03-23", "16–22 mars", "Semaine du lundi 16 au dimanche 22 mars 2026"),
    ("2026-03-30", "2026-04-06", "30 mars – 5 avril", "Semaine du lundi 30 mars au dimanche 5 avril 2026"),
    ("2026-06-01", "2026-06-08", "1er–7 juin", "Semaine du lundi 1er au dimanche 7 juin 2026"),
    ("2026-03-23", "2026-03-30", "23–29 mars", "Semaine du lundi 23 au dimanche 29 mars 2026"),
    ("2026-10-19", "2026-10-26", "19–25 octobre", "Semaine du lundi 19 au dimanche 25 octobre 2026"),
    (
        "2025-12-29",
        "2026-01-05",
        "29 décembre – 4 janvier",
        "Semaine du lundi 29 décembre 2025 au dimanche 4 janvier 2026",
    ),
    (
        "2026-10-26",
        "2026-11-02",
        "26 octobre – 1er novembre",
        "Semaine du lundi 26 octobre au dimanche 1er novembre 2026",
    ),
    ("2026-04-01", "2026-05-01", "avril 2026", "Mois d’avril 2026"),
    ("2026-11-01", "2026-12-01", "novembre 2026", "Mois de novembre 2026"),
    ("2026-11-23", "2026-11-24", "23 novembre", "Lundi 23 novembre 2026"),
    ("2026-11-01", "2026-11-02", "1er novembre", "Dimanche 1er novembre 2026"),
    ("2026-03-16", "2026-03-19", "16–18 mars", "Du lundi 16 au mercredi 18 mars 2026"),
]


@pytest.mark.parametrize(("start", "end", "short", "long"), PERIODS)
def test_a_period_is_told_in_french(start: str, end: str, short: str, long: str) -> None:
    assert wording.short_period(period(start, end), PARIS) == short
    assert wording.long_period(period(start, end), PARIS) == long


@pytest.mark.parametrize(
    ("articles", "told"),
    [
        (0, "[Veille] 16–22 mars : aucun article"),
        (1, "[Veille] 16–22 mars : 1 article"),
        (6, "[Veille] 16–22 mars : 6 articles"),
    ],
)
def test_the_subject_says_the_week_and_the_count(articles: int, told: str) -> None:
    assert wording.subject(period("2026-03-16", "2026-03-23"), articles, PARIS) == told


@pytest.mark.parametrize(("start", "end", "short", "long"), PERIODS)
def test_no_subject_is_longer_than_sixty_characters(start: str, end: str, short: str, long: str) -> None:
    subject = wording.subject(period(start, end), 12_345, PARIS)
    assert len(subject) <= 60
    assert short in subject
    assert subject.endswith("12345 articles")


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "0\u00a0article"), (1, "1\u00a0article"), (2, "2\u00a0articles"), (1250, "1\u202f250\u00a0articles")],
)
def test_a_count_agrees_and_keeps_its_spaces(number: int, told: str) -> None:
    assert wording.count(number, "article", "articles") == told


@pytest.mark.parametrize(
    ("instant", "told"),
    [
        (datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "3 mars 2026"),
        (datetime(2026, 7, 31, 22, 30, tzinfo=UTC), "1er août 2026"),
        (datetime(2026, 7, 31, 21, 30, tzinfo=UTC), "31 juillet 2026"),
        (datetime(2026, 11, 11, tzinfo=UTC), "11 novembre 2026"),
    ],
)
def test_a_day_is_the_local_one(instant: datetime, told: str) -> None:
    assert wording.day(instant, PARIS) == told


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("Combien : 3 ?", "Combien\u00a0: 3\u202f?"),
        ("« dit »", "«\u00a0dit\u00a0»"),
        ("300 000 euros en 2026", "300\u202f000\u00a0euros en 2026"),
        ("60 M€ (2 fois), 4,5 %", "60\u00a0M€ (2\u00a0fois), 4,5\u00a0%"),
        ("2 foisonnements", "2 foisonnements"),
        ("https://exemple.fr", "https://exemple.fr"),
        ("sans espace: ni ajout", "sans espace: ni ajout"),
    ],
)
def test_spaces_become_no_break_where_french_wants_it_and_nothing_is_added(text: str, spaced: str) -> None:
    assert wording.spaced(text) == spaced
