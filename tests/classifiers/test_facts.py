"""The facts of an article: with their sentence, only near what tags it, in bounded number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from classifiers.facts import MOST, facts
from classifiers.plain import article_from_text
from core.articles import Match, Verdict

TITLE = "Un contrat à impact social pour le retour à l'emploi en Seine-Maritime"
TEXT = (
    "Le 24 novembre 2016, un contrat à impact social a été signé à Rouen. Porté par l'association Wimoov, il a été "
    "structuré par BNP Paribas et sera évalué par le cabinet KPMG.\n\nL'opération, d'une durée de cinq ans et d'un "
    "montant de 1,3 M€, est financée par la Banque des Territoires (Groupe Caisse des Dépôts), la Maif et Aviva "
    "France. Le payeur final est l'Ademe, qui versera au plus 195 000 euros de prime. Elle a créé 1.500 emplois."
)


def cards(text: str, form: str) -> list[Match]:
    start = text.find(form)
    return [Match("t", "r", "1", "c", "cis", "text", form, start, start + len(form), form, start, 1.0, 0.5, True)]


def test_an_article_gives_who_where_how_much_and_how_long(read: Callable[..., Verdict]) -> None:
    found = read(TEXT, TITLE).facts
    assert {(fact.value, fact.role) for fact in found if fact.kind == "actor"} == {
        ("wimoov", "operateur"), ("bnp-paribas", "structureur"), ("kpmg", "evaluateur"),
        ("banque-des-territoires", "investisseur"), ("caisse-des-depots", "investisseur"), ("maif", "investisseur"),
        ("aviva", "investisseur"), ("ademe", "payeur"),
    }  # fmt: skip
    assert [fact.value for fact in found if fact.kind == "place"] == ["seine-maritime", "rouen"]
    assert [(fact.low, fact.unit) for fact in found if fact.kind == "amount"] == [(1_300_000, "EUR"), (195_000, "EUR")]
    assert [(fact.low, fact.high) for fact in found if fact.kind == "duration"] == [(60, 60)]
    assert [fact.value for fact in found if fact.kind == "date"] == ["2016-11-24"]


def test_every_fact_stands_in_its_sentence_at_its_place(read: Callable[..., Verdict]) -> None:
    for fact in read(TEXT, TITLE).facts:
        field = TITLE if fact.field == "title" else TEXT
        assert field[fact.start : fact.end] == fact.form
        assert field[fact.sentence_start :].startswith(fact.sentence)
        assert fact.sentence_start <= fact.start < fact.end <= fact.sentence_start + len(fact.sentence)


def test_an_article_without_tag_has_no_facts(read: Callable[..., Verdict]) -> None:
    verdict = read("La Banque des Territoires prête 3 M€ à la ville de Rouen pour sa piscine.")
    assert verdict.tags == () and verdict.facts == ()


def test_what_is_far_from_any_accepted_match_is_not_read() -> None:
    text = f"La Maif verse 3 M€.\n{'Rien de neuf sous le soleil. ' * 400}\nUn contrat à impact social. Kimso en parle."
    found = facts(article_from_text("", text, "fr"), cards(text, "contrat à impact social"))
    assert [fact.value for fact in found] == ["kimso"]


def test_english_gives_known_actors_and_amounts() -> None:
    text = "The social impact bond, structured by BNP Paribas, raised £5m from Strange Fund Ltd."
    found = facts(article_from_text("", text, "en"), cards(text, "social impact bond"))
    assert [(fact.kind, fact.value, fact.role, fact.low) for fact in found] == [
        ("actor", "bnp-paribas", "structureur", None),
        ("amount", "", "", 5_000_000),
    ]


def test_the_page_of_a_pdf_is_given() -> None:
    text = "Un contrat à impact social.\nLa Maif investit 3 M€."
    article = article_from_text("", text, "fr")
    paged = type(article)(**{name: getattr(article, name) for name in article.__slots__} | {"page_offsets": (0, 28)})
    assert {fact.page for fact in facts(paged, cards(text, "contrat à impact social"))} == {2}


@pytest.mark.parametrize(
    "hostile",
    [
        "l'" * 3_000,
        "\n" * 1_000_000,
        "Financé par BNP Paribas, la CDC et 3 M€ à Tours. " * 100_000,
        "\u202e\u200bMaif\u200b 1 € " * 20_000,
        "structuré par " * 20_000,
    ],
    ids=["elisions", "line-feeds", "five-megabytes", "bidi", "cues"],
)
def test_hostile_text_is_read_to_its_end_and_gives_few_facts(hostile: str) -> None:
    text = f"Un contrat à impact social. La Maif verse 7 M€. {hostile}"
    found = facts(article_from_text("", text, "fr"), cards(text, "contrat à impact social"))
    assert "maif" in {fact.value for fact in found} and 7_000_000 in {fact.low for fact in found}
    assert len(found) <= sum(MOST.values()) and all(len(fact.sentence) <= 600 for fact in found)
