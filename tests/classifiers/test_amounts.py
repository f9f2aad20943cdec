"""Sums of money: the value expected of each written case, and texts made to lose time."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.amounts import amounts
from classifiers.quantities import Quantity

TABLE = Path(__file__).with_name("amounts.txt")
CASES = [
    tuple(part.strip(" ") for part in line.split("|"))
    for line in TABLE.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def said(found: Quantity) -> str:
    low, high = found.low or 0.0, found.high or 0.0
    value = f"{low:.15g}" if low == high else f"{low:.15g}..{high:.15g}"
    return f"{value} {found.unit}{'/an' if found.per_year else ''}"


def test_there_are_enough_written_cases() -> None:
    assert len({sentence for sentence, _ in CASES}) >= 150


@pytest.mark.parametrize(("sentence", "expected"), CASES)
def test_a_sum_is_read_as_it_is_written(sentence: str, expected: str) -> None:
    assert "; ".join(said(found) for found in amounts(sentence)) == expected


def test_every_space_of_typography_groups_thousands() -> None:
    for space in (" ", "\u00a0", "\u202f", "\u2009", "\u2007"):
        assert [found.low for found in amounts(f"Soit 1{space}300{space}000{space}€.")] == [1_300_000]


def test_the_form_is_the_sum_and_nothing_else() -> None:
    text = "Au total, de 10 à 27,3 millions d'euros par an, dit-on."
    assert [text[found.start : found.end] for found in amounts(text)] == ["10 à 27,3 millions d'euros par an"]


@pytest.mark.parametrize(
    "hostile", ["l'" * 3_000, "1 " * 3_000, "un " * 3_000, "€" * 10_000, "1,000," * 2_000, "deux cent " * 2_000 + "€"]
)
def test_hostile_runs_of_numbers_are_read_to_their_end(hostile: str) -> None:
    text = f"{hostile}. Soit 3 M€."
    assert [found.low for found in amounts(text)][-1:] == [3_000_000]
