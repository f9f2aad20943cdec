"""Acronyms and weak terms: what confirms them, what refutes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.articles import Match, Verdict

Read = Callable[..., Verdict]
Labels = Callable[..., set[str]]


def acronym(verdict: Verdict, form: str) -> Match:
    return next(match for match in verdict.matches if match.form == form)


def test_an_expanded_acronym_counts_everywhere_in_the_article(read: Read, among_news: Callable[..., str]) -> None:
    text = among_news("Le CIS a vécu.", 8) + "\n\nLe contrat à impact social, ou CIS, date de 2016."
    cards = [match for match in read(text).matches if match.form == "CIS"]
    assert len(cards) == 2
    assert all(card.accepted and "contrat à impact social" in card.confirmed_by for card in cards)


def test_an_acronym_in_the_title_is_confirmed_by_the_text(read: Read) -> None:
    card = acronym(read("Les contrats à impact social arrivent.", "Le CIS, nouvel outil ?"), "CIS")
    assert (card.field, card.accepted) == ("title", True)


def test_an_unconfirmed_acronym_is_refused_and_shown(read: Read) -> None:
    verdict = read("Le CIS se réunit mardi.")
    card = acronym(verdict, "CIS")
    assert not verdict.tags
    assert (card.accepted, card.score, card.threshold, card.refuted_by) == (False, 0.2, 0.5, ())


@pytest.mark.parametrize(
    ("text", "refuted_by"),
    [
        ("Le CIS de Foix, ses pompiers, un investisseur et une association.", "pompier"),
        ("Les pays de la CIS attirent des investisseurs et des associations.", "pays de la CIS"),
        ("CIS leaders and private investors met; impact investing was not discussed.", "leader"),
        ("Le SIB d'Abidjan rembourse un investisseur privé.", "Abidjan"),
        ("Le CIS (carcinome in situ) : une association, un investisseur, un évaluateur.", "carcinome in situ"),
    ],
)
def test_a_refuted_acronym_is_refused_whatever_confirms_it(read: Read, text: str, refuted_by: str) -> None:
    verdict = read(text)
    assert "cis" not in {tag.label for tag in verdict.tags}
    refused = next(match for match in verdict.matches if match.rule.startswith("cis-sigle"))
    assert not refused.accepted
    assert refuted_by in refused.refuted_by


def test_one_hint_is_not_enough_two_are(read: Read) -> None:
    assert not read("Le CIS plaît à un investisseur.").tags
    card = acronym(read("Le CIS plaît à un investisseur, moins à l'évaluateur."), "CIS")
    assert card.accepted
    assert card.confirmed_by == ("investisseur", "évaluateur")


def test_context_far_away_does_not_confirm(read: Read, among_news: Callable[..., str]) -> None:
    assert not read("Le CIS est un outil.\n\n" + among_news("Un investisseur, un évaluateur.", 3)).tags


def test_the_other_meaning_anywhere_in_the_article_refutes(read: Read, among_news: Callable[..., str]) -> None:
    text = "Le CIS, un investisseur, un évaluateur.\n\n" + among_news("La Communauté des États indépendants.", 6)
    assert not read(text).tags


@pytest.mark.parametrize("word", ["cis", "Cis", "sib", "PRÉCIS", "CISEAUX", "CI", "TISSU"])
def test_acronyms_keep_their_case_and_their_borders(read: Read, word: str) -> None:
    assert not read(f"Le {word} repose sur un investisseur privé, un évaluateur et un tiers payeur.").tags


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("La commune signe un contrat à impact pour ses déchets.", True),
        ("La commune signe un contrat à impact budgétaire limité.", False),
        ("Un joueur signe un contrat à impact immédiat.", False),
        ("Le fonds à impact environnemental plante des arbres.", False),
        ("Le fonds à impact environnemental et social plante des arbres et loge des familles.", True),
        ("La marchandisation du corps révolte les associations.", False),
        ("La marchandisation des services publics et des associations.", True),
        ("La marchandisation du sport, déplore une association.", False),
        ("La financiarisation de l'économie, et l'association qui la dénonce.", False),
        ("La marchandisation, les associations la vivent.", True),
        ("Tariffs could impact investments in the region.", False),
        ("She runs an impact investment boutique.", True),
        ("Social investment in childcare pays.", False),
        ("Social investment brought the charity loans and investors.", True),
    ],
)
def test_a_weak_term_depends_on_what_stands_beside_it(read: Read, text: str, tagged: bool) -> None:
    assert bool(read(text).tags) is tagged


def test_a_refuting_word_in_the_next_sentence_does_not_cancel_a_strong_term(read: Read) -> None:
    assert read("Un contrat à impact est signé. Une étude d'impact suivra pour la rocade.").tags


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Le centre international de séjour (CIS) aide. Le CIS rembourse.", "centre international de séjour"),
        ("CIS : crédit d'impôt senior. L'association et la banque louent le CIS.", "crédit d'impôt senior"),
        ("Le Syndicat Intermittent du Bassin vote. Au SIB, une subvention.", "Syndicat Intermittent du Bassin"),
        ("The SIB, or Sample Information Base: a charity and an evaluator use the SIB.", "Sample Information Base"),
    ],
)  # fmt: skip
def test_an_acronym_that_the_article_spells_out_otherwise_is_refused(read: Read, text: str, meaning: str) -> None:
    verdict = read(text)
    refused = [match for match in verdict.matches if match.form in {"CIS", "SIB"}]
    assert not verdict.tags
    assert refused
    assert all(meaning in match.refuted_by for match in refused)


def test_an_acronym_spelled_out_as_the_contract_is_never_taken_for_something_else(labels: Labels) -> None:
    assert labels("Contrats innovants à impact social (CIS) : un CIS et un investisseur.") == {"cis"}
    assert labels("Le CIS, ou contrat d'impact social, lie un investisseur et une association.") == {"cis"}
    far = "Le centre international de séjour ouvre. " + "Rien à signaler au village. " * 40
    assert labels(far + "Le CIS lie un investisseur, un évaluateur et un tiers payeur.") == {"cis"}


def test_a_context_form_is_shown_with_its_apostrophe(read: Read) -> None:
    text = "Le CIS de la métropole finance la protection de l'enfance, avec un investisseur privé et un évaluateur."
    shown = {form for match in read(text).matches for form in match.confirmed_by}
    assert "protection de l’enfance" in shown
    assert not any(" l " in form or " d " in form for form in shown)
