"""At real prevalence, one article in a hundred on the topic: few false alarms, few misses, passing mentions last."""

from __future__ import annotations

from pathlib import Path

import pytest
from press_year import Year, live, weeks

from classifiers import build
from core.sources import Topic
from db.store import open_store


def lived(folder: Path, seed: int, number: int, ordinary: int, relevant: int) -> Year:
    store = open_store(f"sqlite:///{folder}/veille.db", folder, durable=False)
    try:
        return live(weeks(seed, number, ordinary, relevant), build([Topic("impact-social", "Impact social")]), store)
    finally:
        store.close()


def check(year: Year, false: int) -> None:
    for line in (*year.false, *year.missed):
        print(line)
    assert len(year.false) <= false, year.false
    assert year.recall >= 0.97, year.missed
    assert year.good_entries >= 0.9 * year.entries
    assert year.entries == year.found + len(year.false)
    assert 300 <= year.words / year.ordinary <= 700
    assert year.pairs and year.in_order >= 0.95 * year.pairs, (year.in_order, year.pairs)


@pytest.mark.long
def test_ten_weeks_of_the_press_give_editions_that_can_be_believed(tmp_path: Path) -> None:
    year = lived(tmp_path, seed=5, number=10, ordinary=1_200, relevant=40)
    check(year, false=1)
    assert year.opened <= 0.6 * year.ordinary, "the filter lets most of the press through"


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_a_year_of_ten_thousand_articles(tmp_path: Path) -> None:
    check(lived(tmp_path, seed=2026, number=52, ordinary=10_000, relevant=100), false=5)
