"""A JSON answer says by its own form where its articles are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.sources import ApiRules
from crawlers import apis
from crawlers.found import EntryPage
from crawlers.shapes import api_rules

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
URL = "https://donnees.example/questions?page=1"
LONG = "Le texte de la question, assez long pour en être un. " * 6


def guess(answer: Any) -> ApiRules | None:
    return api_rules(EntryPage(URL, json.dumps(answer).encode(), "application/json"), NOW)


def test_list_link_title_text_and_date_are_found_and_read() -> None:
    row = {
        "numero": 12,
        "url": "https://donnees.example/q/12",
        "titre": "Une question",
        "texte": LONG,
        "date": "2026-11-20",
    }
    rules = guess({"total": 1, "results": [row]})
    assert rules == ApiRules(
        "https://donnees.example/questions?page={page}", "url", "results", "titre", "texte", "date"
    )
    found = apis.read(EntryPage(URL, json.dumps({"results": [row]}).encode()), rules, NOW).found
    assert found[0].hint.title == "Une question" and found[0].row is not None


def test_nested_fields_and_foreign_names_are_found() -> None:
    row = {"fiche": {"lien": "https://a.example/1", "objet": "Un avis"}, "parution": "20/11/2026", "resume": "court"}
    rules = guess({"data": {"avis": [row, row]}})
    assert rules is not None
    assert (rules.items, rules.link, rules.title, rules.date, rules.text) == (
        "data.avis", "fiche.lien", "fiche.objet", "parution", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    "answer", [[], {}, {"results": []}, [1, 2], {"a": [{"b": 1}]}, "x", None, [{"u": "https://a.example/"}, {}]]
)
def test_an_answer_without_articles_gives_no_rules(answer: Any) -> None:
    assert guess(answer) is None
