"""The address bar is the query."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from archive.query import Address, filters, read
from core.tree import Filter, parts_of


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, Address()),
        ({"q": "  contrat   impact "}, Address("contrat impact")),
        ({"q": "x", "tri": "date", "tous": "1", "page": "3"}, Address("x", "date", True, 3)),
        ({"tri": "pertinence"}, Address(sort="relevance")),
        ({"tri": "'; DROP", "tous": "oui", "page": "-4"}, Address()),
        ({"page": "0"}, Address()),
        ({"q": "x", "syn": "0"}, Address("x", synonyms=False)),
        ({"page": "²"}, Address()),
        ({"page": "99999"}, Address(page=10_000)),
        ({"page": "1" * 5_000}, Address()),
        ({"q": "a\x00b\u202ec\u200b"}, Address("a bc")),
    ],
)
def test_anything_in_the_address_bar_is_read_or_left_aside(parameters: dict[str, str], expected: Address) -> None:
    assert read(parameters) == expected


def test_an_address_survives_the_trip_through_its_link() -> None:
    address = Address('"contrat à impact" -carbone tag:cis & 100 %+#', "date", True, 7, False)
    assert read(dict(parse_qsl(urlsplit(address.href()).query))) == address


def test_defaults_stay_out_of_the_address() -> None:
    assert Address().href() == "/recherche"
    assert Address("été").href("/veille/recherche") == "/veille/recherche?q=%C3%A9t%C3%A9"


@pytest.mark.parametrize(
    ("q", "name", "value", "expected"),
    [
        ("impact tag:cis", "tag", "cis", "impact"),
        ("tag:cis impact tag:cis", "tag", "cis", "impact"),
        ("tag:CIS impact", "tag", "cis", "impact"),
        ("mois:2026-11 a", "month", "2026-11", "a"),
        ("mois:2026-9 a", "month", "2026-09", "a"),
        ('source:"x y" a', "source", "x y", "a"),
        ('"tag:cis" a', "tag", "cis", '"tag:cis" a'),
        ("-tag:cis a", "tag", "cis", "-tag:cis a"),
        ("tag:cis tag:iis", "tag", "iis", "tag:cis"),
        ("tag:cis OU tag:iis a", "tag", "cis", "tag:iis a"),
        ("a OU tag:cis b", "tag", "cis", "a b"),
        ("statut:retiré a", "status", "deleted", "a"),
        ("central:oui a", "central", "yes", "a"),
        ("(tag:cis a)", "tag", "cis", "(tag:cis a)"),
    ],
)
def test_a_filter_is_taken_out_of_the_query_and_nothing_else(q: str, name: str, value: str, expected: str) -> None:
    assert Address(q, page=4).without(name, value) == Address(expected)


def test_a_filter_added_then_removed_leaves_the_query_as_it_was() -> None:
    start = Address('"contrat à impact" OU logement', "date", True)
    for name, value in (("tag", "cis"), ("source", "anah"), ("month", "2026-11"), ("category", "think-tank")):
        assert start.with_filter(name, value).without(name, value) == start


def test_an_excluded_filter_is_taken_out_by_itself() -> None:
    assert Address("tag:cis -tag:cis a").without("tag", "cis", excluded=True) == Address("tag:cis a")


def test_filters_are_named_in_one_language() -> None:
    found = filters("catégorie:presse apres:2026 Tag:cis http://exemple.fr mot:clé")
    assert [(each.name, each.value) for each in found] == [("category", "presse"), ("after", "2026"), ("tag", "cis")]


def test_what_is_asked_of_the_index_follows_the_address() -> None:
    query = Address("contrat tag:cis", None, False, 3).search_query()
    assert (query.sort, query.limit, query.offset) == ("relevance", 20, 40)
    assert Filter("tag", ("cis",)) in parts_of(query.expression)
    assert not query.everything
    assert Address("tag:cis", "relevance").search_query().sort == "date", "without a word, nothing is more relevant"
    assert Address(everything=True).search_query().everything
    assert Address("tag:none").search_query().everything


def test_a_query_too_long_says_so() -> None:
    notes = read({"q": "mot " * 5_000}).search_query().notes
    assert any("trop longue" in note for note in notes)
