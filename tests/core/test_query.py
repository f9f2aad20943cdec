"""The query language."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.query import MAX_LENGTH, parse


def test_words_phrases_exclusions_and_alternatives() -> None:
    query = parse('contrats "impact social" OR SIB -pompiers')
    assert [[word.text for word in group] for group in query.groups] == [["contrats"], ["impact social", "SIB"]]
    assert [word.text for word in query.excluded] == ["pompiers"]
    assert query.groups[1][0].exact
    assert not query.groups[0][0].exact


def test_fields_are_read_in_french_and_in_english() -> None:
    query = parse("tag:cis tag:iis source:anah après:2026-01 avant:2026-02-15 central:oui")
    assert query.tags == ("cis", "iis")
    assert query.sources == ("anah",)
    assert query.after == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert query.before == datetime(2026, 2, 14, 23, tzinfo=UTC)
    assert query.central is True


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("after:demain impact", "after:demain"),
        ("-tag:cis", "-tag"),
        ("central:peut-être", "central"),
        ("x" * 9000, "longue"),
    ],
)
def test_what_is_not_understood_is_said(text: str, part: str) -> None:
    assert any(part in note for note in parse(text).notes)


def test_stop_words_do_not_narrow_a_search() -> None:
    assert [group[0].text for group in parse("le contrat de ville").groups] == ["contrat", "ville"]
    assert [group[0].text for group in parse("le").groups] == ["le"]


def test_tag_none_asks_for_unmatched_stories() -> None:
    assert parse("tag:none").everything
    assert not parse("tag:cis").everything


@given(st.text(max_size=200))
def test_no_string_is_an_error(text: str) -> None:
    """A41."""
    query = parse(text)
    assert all(word.stems for group in query.groups for word in group)


def test_a_very_long_query_is_cut() -> None:
    assert len(parse("a " * MAX_LENGTH).groups) <= MAX_LENGTH // 2
