"""Stories counted by month are those that the search finds, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from store_shelf import CIS, IIS, Shelf

from core.query import parse
from core.statistics import MonthCount

MARCH, JUNE = datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 6, 10, tzinfo=UTC)


@pytest.fixture
def counted(shelf: Shelf) -> Shelf:
    first = shelf.keep("https://a.example/1", "Un contrat à impact signé en mars.", at=MARCH, published=MARCH)
    shelf.keep("https://a.example/2", "Un contrat à impact signé en mars, repris.", at=JUNE, published=JUNE,
               source="gazette", story=first.story_id)  # fmt: skip
    shelf.keep("https://a.example/3", "Un contrat social de juin, et un fonds.", at=JUNE, published=JUNE,
               source="senat", tags=(CIS, IIS))  # fmt: skip
    shelf.keep("https://a.example/4", "Un contrat à impact d'alors.", at=JUNE, published=MARCH, backfilled=True)
    shelf.keep("https://a.example/5", "Rien du sujet.", at=JUNE, published=JUNE, tags=())
    return shelf


def test_a_story_counts_once_in_the_month_of_its_first_article_and_the_past_is_told_apart(counted: Shelf) -> None:
    assert counted.store.index.monthly(parse("")) == (
        MonthCount("2026-03", "agence", ("cis",), False, 1),
        MonthCount("2026-03", "agence", ("cis",), True, 1),
        MonthCount("2026-06", "parlement", ("cis", "iis"), False, 1),
    )


def test_a_copy_that_alone_answers_the_search_gives_its_own_month(counted: Shelf) -> None:
    assert [one.month for one in counted.store.index.monthly(parse("source:gazette"))] == ["2026-06"]
    assert [one.month for one in counted.store.index.monthly(parse("repris"))] == ["2026-06"]


@pytest.mark.parametrize(
    "query",
    ["", "contrat", '"contrat à impact"', "contrat -repris", '-"contrat à impact"', "tag:iis", "category:agence",
     "after:2026-05", "month:2026-03", "tag:none", '"contrat à impact" OU fonds', '"', "rien:de:tel", "tag:inconnu"],
)  # fmt: skip
@pytest.mark.parametrize("everything", [False, True])
def test_what_is_counted_is_what_the_search_finds(counted: Shelf, query: str, everything: bool) -> None:
    asked = replace(parse(query), everything=everything)
    total = sum(one.stories for one in counted.store.index.monthly(asked))
    assert total == counted.find(query, everything=everything).total
