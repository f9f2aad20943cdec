"""One search, two databases: the same articles in the same order, with the same scores, totals, facets and passages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from postgres_server import PostgresServer
from store_shelf import CIS, IIS, NOW, SOURCES, Shelf

from core.query import parse
from core.search import SearchQuery, SearchResult
from db.store import Store, open_store

pytestmark = pytest.mark.postgres

ARTICLES = 240
WORDS = (
    "contrat impact social association événement département évaluation usager financement investisseur prévention"
    " emploi logement État région maire budget euro million projet rapport rendement obligation fonds œuvre"
    " l'insertion d'intérêt qu'un co-construction aujourd'hui récidive santé école SIB CIS 2026 3,5 travaux journaux"
).split()
RARE = [
    "Ärzte",
    "naïveté",
    "Ωmega",
    "ΕΛΛΗΝΙΚΑ",
    "договор",
    "契約",
    "a" * 700,
    "e" * 700 + "x",
    "½",
    "ﬁnance",
    "x_y",
    "C++",
]
PHRASES = (
    "contrat à impact social",
    "impact impact impact",
    "impact social impact",
    "fonds d'investissement",
    "à impact",
)
QUERIES = (
    *WORDS,
    *RARE,
    *(f'"{phrase}"' for phrase in PHRASES),
    *PHRASES,
    "(contrat emploi) OR école", "(contrat -social) OR (fonds emploi)", "contrat (social OR -fonds)",
    "-(contrat OR fonds)",
    '("impact social" école) OR SIB', "tag:cis OR emploi", "-tag:cis impact", "status:changed impact",
    "contrat -social", "-social", '-"impact social"', 'contrat -"impact social" -fonds',
    "contrat OR école", "CIS OR SIB OR fonds", 'emploi OR "impact social impact" logement',
    "contrat-à-impact", "evenement", "ŒUVRES", "travail journal", "aucunmotdecetype", "",
    "tag:cis impact", "tag:none santé", "tag:iis", "source:anah contrat", "category:presse impact", "lang:en contrat",
    "after:2026-06-01 impact", "before:2026-01 impact", "month:2026-10 contrat", "central:oui budget", "central:non",
    'fin "tout au bout"', '"tout au bout" -fin', "purgé impact", '"purgé impact"', "répété", '"répété enfin"',
)  # fmt: skip


@pytest.fixture(scope="module")
def pair(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """The same archive on SQLite and on PostgreSQL."""
    folder = tmp_path_factory.mktemp("pair")
    with (
        postgres.database() as name,
        open_store(f"sqlite:///{folder}/veille.db", folder, sources=SOURCES) as one,
        open_store(postgres.url(name), folder, sources=SOURCES) as other,
    ):
        for store in (one, other):
            _fill(Shelf(store, folder, ""))
        yield one, other


def _fill(shelf: Shelf) -> None:
    draw = random.Random(5)
    for number in range(ARTICLES):
        pieces = [draw.choice(WORDS) for _ in range(draw.choice((3, 40, 40, 200)))]
        pieces += draw.sample(RARE, k=draw.choice((0, 0, 1))) + draw.sample(PHRASES, k=draw.choice((0, 1, 1, 2)))
        draw.shuffle(pieces)
        shelf.keep(
            f"https://exemple.fr/{number}",
            " ".join(pieces),
            " ".join(draw.choices(WORDS, k=draw.choice((0, 3, 8)))),
            published=NOW - timedelta(hours=draw.randrange(20_000)),
            source=draw.choice(list(SOURCES)),
            language=draw.choice(("fr", "fr", "en")),
            tags=draw.choice(((CIS,), (IIS,), (CIS, IIS), ())),
            story=draw.randrange(1, number) if number > 20 and draw.random() < 0.15 else None,
        )
    # Beyond what a tsvector counts: 16,383 places in a text, 256 of one word.
    shelf.keep("https://exemple.fr/long", "mot " * 17_000 + "tout au bout, la fin", "Un long rapport")
    shelf.keep("https://exemple.fr/souvent", "répété " * 400 + "enfin", "Souvent")
    shelf.keep("https://exemple.fr/7", "un texte changé qui parle d'impact social", "Changé")
    old = NOW - timedelta(days=200)
    shelf.keep("https://exemple.fr/vieux", "purgé impact social", "Purgé", at=old, source="gazette", published=old)
    assert shelf.store.purge.texts(["gazette"], NOW - timedelta(days=100)).texts == 1


def _both(pair: tuple[Store, Store], query: SearchQuery) -> tuple[SearchResult, SearchResult]:
    one, other = (store.index.search(query, NOW) for store in pair)
    return one, other


@pytest.mark.parametrize("text", QUERIES)
def test_both_databases_give_the_same_answer(text: str, pair: tuple[Store, Store]) -> None:
    for everything in (False, True):
        one, other = _both(pair, replace(parse(text), everything=everything, limit=1_000))
        assert [hit.article_id for hit in other.hits] == [hit.article_id for hit in one.hits]
        assert other == one


def test_queries_made_at_random_have_the_same_answer_on_both(pair: tuple[Store, Store]) -> None:
    draw, found = random.Random(9), 0
    for _ in range(150):
        pieces = [
            draw.choice((*WORDS, *WORDS, *RARE, *(f'"{phrase}"' for phrase in PHRASES), "tag:cis")) for _ in range(4)
        ]
        if draw.random() < 0.5:
            pieces = [f"({pieces[0]}", f"{pieces[1]})", *pieces[2:]]
        text = "".join(draw.choice((" ", " ", " OR ", " -")) + piece for piece in pieces).strip()
        query = replace(parse(text.removeprefix("OR ")), sort=draw.choice(("relevance", "date")), limit=1_000)
        one, other = _both(pair, query)
        assert other == one, text
        found += one.total > 0
    assert found > 75


def test_the_order_is_not_that_of_the_dates(pair: tuple[Store, Store]) -> None:
    """Otherwise the tests above would say nothing of ranks."""
    one, other = _both(pair, replace(parse("impact social"), everything=True, limit=1_000))
    assert len({hit.score for hit in other.hits}) > 50
    by_date, _ = _both(pair, replace(parse("impact social"), everything=True, limit=1_000, sort="date"))
    assert [hit.article_id for hit in by_date.hits] != [hit.article_id for hit in one.hits]


def test_close_articles_and_curves_are_the_same_on_both(pair: tuple[Store, Store]) -> None:
    one, other = (store.index for store in pair)
    close = {number: one.similar(number, 10) for number in range(1, ARTICLES, 12)}
    assert {number: other.similar(number, 10) for number in close} == close
    assert any(close.values())
    for text in ("impact", '"impact social" OR école', "-contrat", ""):
        query = replace(parse(text), everything=True)
        assert other.monthly(query) == one.monthly(query) != ()
    query = replace(parse("impact"), everything=True, counted=False, sort="date")
    assert other.search(query, NOW) == one.search(query, NOW)


def test_neighbours_and_articles_are_read_alike(pair: tuple[Store, Store]) -> None:
    one, other = pair
    assert one.articles.all_ids() == other.articles.all_ids()
    for number in one.articles.all_ids()[::10]:
        assert other.articles.article(number) == one.articles.article(number)
        assert other.articles.copies(number) == one.articles.copies(number)
    assert other.check() == one.check() == []
    assert other.reindex() == one.reindex() > ARTICLES
