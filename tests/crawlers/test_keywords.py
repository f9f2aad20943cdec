"""The filter of general feeds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from core.pages import Hint
from crawlers.found import Found
from crawlers.keywords import wanted


@pytest.mark.parametrize(
    ("title", "keyword", "expected"),
    [
        ("Les contrats à impact social", "contrat à impact", True),
        ("LES CONTRATS A IMPACTS SOCIAUX", "contrat à impact social", True),
        ("L’évaluation d’un contrat\u00a0à\u202fimpact", "Contrats-à-impact", True),
        ("Enjeux régionaux", "enjeu régional", True),
        ("Un premier ministre", "EMI", False),
        ("Contractuels territoriaux", "contrat", False),
        ("Un impact social", "contrat à impact", False),
        ("Investissement d'impact", "investissement impact", False),
        ("Œuvres sociales", "oeuvre sociale", True),
        ("Les 3 avis du Conseil", "avis", True),
        ("Le processus", "process", False),
        ("Un journal, des journaux", "journaux", True),
        ("Un bureau", "bureaux", True),
        ("impact_social", "impact social", True),
        ("Rien", "", False),
        ("Rien", "!!!", False),
    ],
)
def test_whole_words_count_and_accents_case_and_plural_do_not(title: str, keyword: str, expected: bool) -> None:
    assert wanted(Found("https://exemple.fr/a", Hint(title=title)), (keyword,)) is expected


def test_the_summary_counts_and_any_keyword_is_enough() -> None:
    found = Found("https://exemple.fr/a", Hint(title="Brèves", text="Un fonds à impact est né."))
    assert wanted(found, ("contrat", "fonds à impact"))


def test_the_address_speaks_where_there_is_neither_title_nor_summary() -> None:
    assert wanted(Found("https://exemple.fr/2026/contrats-%C3%A0-impact"), ("contrat à impact",))
    assert not wanted(Found("https://exemple.fr/contrat", Hint(title="Autre")), ("contrat",))


def test_a_long_text_is_searched_in_linear_time(bounded: Callable[[], AbstractContextManager[None]]) -> None:
    """A40."""
    found = Found("https://exemple.fr/a", Hint(text="contrat " * 200_000 + "contrat -" * 100_000 + "!" * 200_000))
    with bounded():
        assert not wanted(found, ("contrat à impact", "contrats impacts"))


def test_without_keywords_all_is_wanted() -> None:
    assert wanted(Found("https://exemple.fr/"), ())
