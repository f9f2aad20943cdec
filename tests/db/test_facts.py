"""Facts: kept with the verdict they come with, found by id or name, counted, purged as cards are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from store_shelf import CIS, NOW, Shelf, fact

from core.articles import Verdict
from core.corrections import Occasion
from core.query import parse
from core.search import Facet
from core.tree import Filter, parts_of

TEXT = "L'Anah et la Caisse des Dépôts paient 1,3 M€ sur cinq ans à Saint-Étienne."
ANAH = fact("actor", "Anah", TEXT, role="payeur")
CAISSE = fact("actor", "Caisse des Dépôts", TEXT, value="caisse-des-depots")
PLACE = fact("place", "Saint-Étienne", TEXT, value="saint-etienne")
SUM = fact("amount", "1,3 M€", TEXT, value="", name="", low=1e6, high=1.3e6, unit="EUR", per_year=True, page=2)
FACTS = (ANAH, CAISSE, PLACE, SUM)


@pytest.fixture
def shelf_of_facts(shelf: Shelf) -> Shelf:
    shelf.keep("https://exemple.fr/un", TEXT, "un", facts=FACTS)
    shelf.keep("https://exemple.fr/deux", "L'Anah, encore.", "deux", facts=(fact("actor", "Anah", "L'Anah, encore."),))
    shelf.keep("https://exemple.fr/trois", "Rien de tout cela.", "trois")
    return shelf


def test_facts_come_back_as_they_were_in_their_order(shelf: Shelf) -> None:
    kept = shelf.keep("https://exemple.fr/un", TEXT, facts=FACTS)
    stored = shelf.store.articles.article(kept.article_id)
    assert stored is not None and stored.facts == FACTS


def test_a_new_verdict_replaces_the_facts(shelf: Shelf) -> None:
    kept = shelf.keep("https://exemple.fr/un", TEXT, facts=FACTS)
    shelf.store.articles.retag(kept.article_id, Verdict((CIS,), (), (PLACE,)), Occasion("retag", NOW, None))
    stored = shelf.store.articles.article(kept.article_id)
    assert stored is not None and stored.facts == (PLACE,)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("actor:anah", {"un", "deux"}),
        ("acteur:Anah", {"un", "deux"}),
        ("actor:caisse-des-depots", {"un"}),
        ('acteur:"Caisse des Dépôts"', {"un"}),
        ('acteur:"caisse des depots"', {"un"}),
        ("lieu:saint-étienne", {"un"}),
        ("place:saint-etienne acteur:anah", {"un"}),
        ("acteur:anah acteur:caisse-des-depots", {"un", "deux"}),
        ("acteur:saint-etienne", set()),
        ("acteur:personne", set()),
        ("encore acteur:anah", {"deux"}),
    ],
)
def test_articles_are_found_by_the_actor_or_the_place_they_name(
    shelf_of_facts: Shelf, query: str, titles: set[str]
) -> None:
    assert set(shelf_of_facts.titles(query)) == titles


def test_facets_count_stories_by_actor_and_place_with_their_names(shelf_of_facts: Shelf) -> None:
    found = dict(shelf_of_facts.find("").facets)
    assert found["actor"] == (Facet("anah", 2, "Anah"), Facet("caisse-des-depots", 1, "Caisse des Dépôts"))
    assert found["place"] == (Facet("saint-etienne", 1, "Saint-Étienne"),)


def test_a_filter_in_use_leaves_its_own_values_counted_and_narrows_the_others(shelf_of_facts: Shelf) -> None:
    found = dict(shelf_of_facts.find("acteur:caisse-des-depots").facets)
    assert [facet.value for facet in found["actor"]] == ["anah", "caisse-des-depots"]
    assert found["tag"] == (Facet("cis", 1),)


def test_a_purge_treats_the_sentences_of_facts_as_those_of_cards(shelf: Shelf) -> None:
    long_ago = NOW - timedelta(days=100)
    tagged = shelf.keep("https://exemple.fr/un", TEXT, at=long_ago, facts=FACTS).article_id
    bare = shelf.keep("https://exemple.fr/deux", TEXT + " Bis.", at=long_ago, facts=FACTS, tags=()).article_id
    assert shelf.store.purge.texts(["anah"], NOW - timedelta(days=90)).texts == 2
    kept, emptied = shelf.store.articles.article(tagged), shelf.store.articles.article(bare)
    assert kept is not None and (kept.text, kept.facts) == ("", FACTS)
    assert emptied is not None and (emptied.text, emptied.facts) == ("", ())


def test_a_query_says_actors_and_places() -> None:
    query = parse('lieu:Gironde acteur:"Caisse des Dépôts" actor:anah')
    assert parts_of(query.expression) == (
        Filter("place", ("gironde",)),
        Filter("actor", ("caisse des dépôts", "anah")),
    )
