"""Whatever is typed, a search answers (threat A41): on the index, with its synonyms, and through the address bar."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hostile_queries import queries
from store_shelf import NOW, Shelf

from archive.query import read
from core.query import parse
from core.search import SearchQuery
from core.synonyms import Synonyms, widened

GROUPS = (Synonyms(("contrat à impact social", "contrat à impact"), ("CIS", "SIB"), "cis"),)


@pytest.fixture
def french(shelf: Shelf) -> Shelf:
    for number in range(40):
        text = f"Un contrat à impact social, ou CIS, n° {number} : l'été de l'association à Saint-Étienne (C++)."
        shelf.keep(f"https://exemple.fr/{number}", text, f"titre {number}", tags=())
    shelf.keep("https://exemple.fr/cis", "Le contrat à impact social aujourd'hui.", "cis")
    return shelf


def answer_all(shelf: Shelf, count: int, seed: int) -> None:
    for number, text in enumerate(queries(count, seed)):
        asked: SearchQuery = widened(parse(text), GROUPS)
        typed = read({"q": text}).search_query(20, GROUPS)
        wider = replace(asked, everything=True, sort="date", counted=bool(number % 2))
        for query in (asked, typed, wider):
            result = shelf.store.index.search(query, NOW)
            assert len(result.hits) <= 20, repr(text)
            assert all(note.strip() for note in query.notes), repr(text)


def test_a_thousand_hostile_queries_are_answered(french: Shelf) -> None:
    answer_all(french, 1_000, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_ten_thousand_hostile_queries_are_answered(french: Shelf) -> None:
    answer_all(french, 10_000, seed=2)
