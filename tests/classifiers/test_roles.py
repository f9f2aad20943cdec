"""Candidate roles: every pattern's own examples, and what leaves an actor without role."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import classifiers
from classifiers.facts import facts
from classifiers.plain import article_from_text
from classifiers.roles import load, patterns
from core.articles import Match
from core.facts import ROLES, Fact

DATA = tomllib.loads((Path(classifiers.__file__).parent / "roles.toml").read_text("utf-8"))["role"]
EXAMPLES = [(entry["role"], sentence, actors) for entry in DATA for sentence, actors in entry["examples"]]
COUNTEREXAMPLES = [(entry["role"], sentence) for entry in DATA for sentence in entry["counterexamples"]]


def card(text: str, start: int = 0, end: int = 1) -> Match:
    return Match("t", "r", "1", "c", "cis", "text", text[start:end], start, end, text, 0, 1.0, 0.5, True)


def read(text: str) -> tuple[Fact, ...]:
    return facts(article_from_text("", text, "fr"), [card(text)])


def played(text: str, role: str) -> set[str]:
    return {fact.form for fact in read(text) if fact.role == role}


def test_every_role_has_its_sentences() -> None:
    assert {entry["role"] for entry in DATA} == set(ROLES)
    assert all(entry["examples"] and entry["counterexamples"] for entry in DATA)


@pytest.mark.parametrize(("role", "sentence", "actors"), EXAMPLES)
def test_an_example_gives_the_role(role: str, sentence: str, actors: str) -> None:
    assert played(sentence, role) == {actor.strip() for actor in actors.split(";")}


@pytest.mark.parametrize(("role", "sentence"), COUNTEREXAMPLES)
def test_a_counterexample_gives_it_to_nobody(role: str, sentence: str) -> None:
    assert played(sentence, role) == set()


def test_an_unknown_organisation_is_kept_where_words_give_it_a_role() -> None:
    text = "Le contrat est porté par Les Petits Pas et évalué par le cabinet Pluricité. Le cabinet Durand y assistait."
    found = {(fact.name, fact.role) for fact in read(text)}
    assert ("Pluricité", "evaluateur") in found
    assert not any("Durand" in name for name, _ in found)


def test_two_roles_from_words_as_strong_leave_none() -> None:
    assert {fact.role for fact in read("Payeur BNP Paribas, opérateur.")} == {""}


def test_a_longer_pattern_decides() -> None:
    assert {fact.role for fact in read("L'évaluation a été menée par Kimso.")} == {"evaluateur"}


def test_one_actor_may_take_two_parts_in_two_sentences() -> None:
    text = "Le contrat est structuré par BNP Paribas. Il est financé par BNP Paribas et la Maif. BNP Paribas est là."
    assert [(fact.value, fact.role) for fact in read(text)] == [
        ("bnp-paribas", "structureur"),
        ("bnp-paribas", "investisseur"),
        ("maif", "investisseur"),
    ]


def test_a_role_that_core_does_not_know_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roles.toml"
    path.write_text('[[role]]\nrole = "banquier"\npatterns = ["prêté par {X}"]\n', "utf-8")
    with pytest.raises(ValueError, match="banquier"):
        load(path)
    assert patterns()
