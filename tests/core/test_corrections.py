"""What opinions come to: one person is enough, two close a doubt, and the order of arrival changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.articles import Tag
from core.corrections import Correction, decided, open_doubts, ruling
from core.saying import by_member, is_member_mark, told_name

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
WORDS = {"+": "pertinent", "-": "hors-sujet", "?": "doute"}
CIS = Tag("impact", "cis", False, 0.7)
IIS = Tag("impact", "iis", True, 0.9)
MECENAT = Tag("philanthropie", "mecenat", True, 0.8)


def opinion(by: str, word: str, number: int = 0, article: int = 1, **values: Any) -> Correction:
    known: dict[str, Any] = {"labels": ("cis",) if word == "+" else (), "topic": "impact"} | values
    return Correction(
        article, "h", known.pop("topic"), WORDS[word], by, NOW + timedelta(minutes=number), id=number, **known
    )


def said(words: str) -> list[Correction]:
    """`ana+ bob-`: who said what, in this order."""
    return [opinion(each[:-1], each[-1], number) for number, each in enumerate(words.split())]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("", ""),
        ("ana+", "pertinent"),
        ("ana-", "hors-sujet"),
        ("ana?", "discussion"),
        ("ana+ ana-", "hors-sujet"),
        ("ana+ bob+", "pertinent"),
        ("ana+ bob-", "discussion"),
        ("ana+ bob- ana-", "hors-sujet"),
        ("ana+ bob- eve-", "hors-sujet"),
        ("ana+ bob- eve- zoé+", "discussion"),
        ("ana+ bob?", "discussion"),
        ("ana+ bob? eve+", "pertinent"),
        ("ana? ana+", "discussion"),
        ("ana? ana+ bob+", "pertinent"),
        ("ana? ana- Ána-", "discussion"),
        ("ana? bob+ eve-", "discussion"),
        ("ana? bob+ eve+ zoé-", "pertinent"),
    ],
)
def test_one_person_is_enough_and_two_close_a_doubt(words: str, state: str) -> None:
    assert ruling(said(words)).state == state


@given(
    st.lists(st.tuples(st.sampled_from(["ana", "bob", "eve"]), st.sampled_from("+-?"), st.integers(1, 2)), max_size=7),
    st.randoms(),
)
def test_the_order_in_which_opinions_reach_us_changes_nothing(words: list[tuple[str, str, int]], chance: Any) -> None:
    opinions = [opinion(by, word, number, article) for number, (by, word, article) in enumerate(words)]
    shuffled = list(opinions)
    chance.shuffle(shuffled)
    assert ruling(shuffled) == ruling(opinions)
    assert set(decided((IIS,), shuffled, 1)) == set(decided((IIS,), opinions, 1))


@given(
    st.lists(st.tuples(st.sampled_from(["ana", "bob", "eve"]), st.sampled_from("+-?")), unique_by=lambda one: one[0])
)
def test_people_who_speak_once_may_speak_in_any_order(words: list[tuple[str, str]]) -> None:
    there = [opinion(by, word, number) for number, (by, word) in enumerate(words)]
    back = [opinion(by, word, number) for number, (by, word) in enumerate(reversed(words))]
    assert ruling(there).state == ruling(back).state
    assert decided((CIS, IIS), there, 1) == decided((CIS, IIS), back, 1)


def test_labels_given_by_a_person_take_the_place_of_those_of_the_rules() -> None:
    assert decided((IIS,), [opinion("ana", "+")], 1) == (Tag("impact", "cis", True, 1.0),)
    assert decided((CIS, IIS), [opinion("ana", "+")], 1) == (CIS,)
    assert decided((CIS,), [opinion("ana", "+", central=True)], 1) == (Tag("impact", "cis", True, 0.7),)
    assert decided((), [opinion("ana", "+", central=False)], 1) == (Tag("impact", "cis", False, 1.0),)


def test_those_who_agree_give_their_labels_together() -> None:
    both = [opinion("ana", "+", central=False), opinion("bob", "+", 1, labels=("iis",), central=True)]
    assert decided((), both, 1) == (Tag("impact", "cis", True, 1.0), Tag("impact", "iis", True, 1.0))


def test_off_topic_takes_away_the_labels_of_the_topic_on_every_copy_and_of_no_other_topic() -> None:
    opinions = [opinion("ana", "-", article=1)]
    assert decided((CIS, IIS, MECENAT), opinions, 1) == decided((CIS, MECENAT), opinions, 2) == (MECENAT,)


def test_labels_given_to_a_copy_are_its_own() -> None:
    assert decided((IIS,), [opinion("ana", "+", article=1)], 2) == (IIS,)


def test_while_people_discuss_the_rules_decide() -> None:
    assert decided((CIS, IIS), said("ana+ bob-"), 1) == (CIS, IIS)


def test_a_member_is_a_number_and_no_typed_name_is_one() -> None:
    assert told_name(by_member(3), {3: "Ana"}) == "Ana"
    assert told_name(by_member(3), {33: "Ana"}) == "membre n° 3", "who has left"
    assert told_name("Ana", {3: "Bob"}) == "Ana"
    same = [opinion(by_member(3), "?"), opinion(by_member(33), "+", 1), opinion(by_member(33), "+", 2)]
    assert ruling(same).state == "discussion"
    assert ruling([*same, opinion(by_member(3), "+", 3)]).state == "pertinent"
    for typed in ("member:3", " Member:3", "membér:3", "MEMBER: 3"):
        assert is_member_mark(typed), typed
    assert not is_member_mark("Membre 3") and not is_member_mark("Ana member:3")


def test_a_story_is_open_when_one_of_its_topics_is() -> None:
    settled = [opinion("ana", "+")]
    doubted = [*settled, opinion("bob", "?", topic="philanthropie")]
    assert open_doubts({1: settled, 2: doubted}) == {2}
