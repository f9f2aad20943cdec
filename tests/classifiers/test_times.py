"""Durations and dates: what is read, and what only looks like one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from classifiers.times import dates, durations

PUBLISHED = datetime(2021, 10, 20, 8, tzinfo=UTC)

DURATIONS = [
    ("D'une durée de cinq ans.", (60, 60)),
    ("D’une durée totale de 36 mois.", (36, 36)),
    ("Durée : 18 mois.", (18, 18)),
    ("L'expérience court sur trois ans.", (36, 36)),
    ("Un contrat de 18 mois.", (18, 18)),
    ("Pendant deux ans et demi.", (30, 30)),
    ("Pour une durée de quatre années.", (48, 48)),
    ("Sur trois à six ans.", (36, 72)),
    ("Sur 3-6 ans.", (36, 72)),
    ("A five-year contract.", (60, 60)),
    ("The loan runs for 18 months.", (18, 18)),
]
NO_DURATIONS = [
    "Des jeunes âgés de 18 ans.", "Depuis dix ans.", "Il y a trois ans.", "Pour les 16-25 ans.", "18-year-old men.",
    "Sur trois pages.", "L'association fête ses 30 ans.", "Une durée de 900 ans.",
]  # fmt: skip
DATES = [
    ("Signé le 24 novembre 2016.", "2016-11-24"),
    ("Le mardi 19 octobre 2021.", "2021-10-19"),
    ("Dès le 1er juin 2021.", "2021-06-01"),
    ("Le 1 er juin 2021.", "2021-06-01"),
    ("Le 8 aout 2020.", "2020-08-08"),
    ("Fin 2016.", "2016"),
    ("Mi-2018.", "2018"),
    ("En mars 2019.", "2019-03"),
    ("Le 12/05/2015.", "2015-05-12"),
    ("Le 2019-03-07.", "2019-03-07"),
    ("Le 5 mai dernier.", "2021-05-05"),
    ("Le 3 décembre dernier.", "2020-12-03"),
    ("Le 3 novembre prochain.", "2021-11-03"),
    ("On March 5, 2019.", "2019-03-05"),
]
NO_DATES = ["Le 31 février 2020.", "Le 4 avril.", "Hier.", "Sur la période 2019-2021.", "Le 2016 de Bordeaux.", "Mai."]


@pytest.mark.parametrize(("sentence", "months"), DURATIONS)
def test_a_duration_is_read_in_months(sentence: str, months: tuple[int, int]) -> None:
    assert [(found.low, found.high) for found in durations(sentence)] == [months]


@pytest.mark.parametrize("sentence", NO_DURATIONS)
def test_an_age_is_no_duration(sentence: str) -> None:
    assert list(durations(sentence)) == []


@pytest.mark.parametrize(("sentence", "day"), DATES)
def test_a_date_is_read_as_far_as_it_is_said(sentence: str, day: str) -> None:
    assert [found.value for found in dates(sentence, PUBLISHED)] == [day]


@pytest.mark.parametrize("sentence", NO_DATES)
def test_what_has_no_year_is_no_date(sentence: str) -> None:
    assert list(dates(sentence, PUBLISHED)) == []


def test_a_relative_date_of_an_undated_article_is_left_out() -> None:
    assert list(dates("Le 5 mai dernier.", None)) == []
