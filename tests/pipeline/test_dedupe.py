"""Copies of one text become one story, other texts do not."""

import random

import pytest

from core.articles import Neighbour, Signature
from pipeline.dedupe import ALIKE, choose_story, signature, similarity

WORDS = (
    "ville département association contrat projet maire réunion travaux budget école habitants dossier semaine".split()
)


def article(seed: int, length: int = 300) -> str:
    draw = random.Random(seed)
    return " ".join(draw.choice(WORDS) + str(draw.randint(0, 400)) for _ in range(length))


def edited(text: str, share: float, seed: int = 1) -> str:
    draw = random.Random(seed)
    return " ".join("modifié" if draw.random() < share else word for word in text.split())


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("same", lambda t: t),
        ("lightly edited", lambda t: edited(t, 0.025) + " Avec agences."),
        ("cut at the end", lambda t: " ".join(t.split()[:225])),
        ("typography", lambda t: t.upper().replace(" ", "\u00a0")),
    ],
)
def test_copies_are_recognised(name: str, copy) -> None:
    for seed in range(20):
        text = article(seed)
        assert similarity(signature(text), signature(copy(text))) >= ALIKE, (name, seed)


def test_unrelated_texts_stay_apart() -> None:
    signatures = [signature(article(seed)) for seed in range(60)]
    assert max(similarity(a, b) for i, a in enumerate(signatures) for b in signatures[:i]) < ALIKE / 2


def test_short_texts_are_never_merged() -> None:
    assert signature("Abonnez-vous pour lire la suite.").values == ()
    assert choose_story(signature("court"), [Neighbour(1, 1, signature("court"), "a")]) is None


def test_the_most_alike_story_is_chosen_whatever_the_order() -> None:
    text = article(3)
    near = Neighbour(7, 70, signature(edited(text, 0.01)), "a")
    far = Neighbour(8, 80, signature(edited(text, 0.1)), "b")
    own = signature(text)
    assert choose_story(own, [near, far]) == choose_story(own, [far, near]) == 70


NOTICE = (
    "Par décret du Président de la République en date du 3 février 2026, pris sur la proposition de la ministre de la"
    " transition écologique, {who} est nommé membre du conseil d'administration de l'établissement public du parc"
    " national des Cévennes, en qualité de personnalité qualifiée, en remplacement de la personne démissionnaire."
)


def test_two_notices_of_one_source_made_from_one_template_stay_two_stories() -> None:
    """Each tells another fact: the second would be hidden behind the first, and never mailed."""
    first, second = (signature(NOTICE.format(who=who)) for who in ("M. Jean Martin", "Mme Anne Leroy"))
    assert choose_story(second, [Neighbour(1, 10, first, "jo")], "jo") is None
    assert choose_story(second, [Neighbour(1, 10, first, "autre")], "jo") == 10


def test_one_text_at_two_addresses_of_a_source_is_one_story() -> None:
    text = article(4)
    copy = signature(text + " Partager cette page.")
    assert choose_story(copy, [Neighbour(1, 10, signature(text), "jo")], "jo") == 10


DISPATCH = "Le département de la Nièvre a signé lundi un contrat à impact social avec trois investisseurs privés."


def test_the_credit_of_an_agency_makes_no_difference() -> None:
    text = article(5, 60)
    plain = signature(text)
    for credited in (f"PARIS, 23 nov. 2026 (AFP) – {text}", f"{text}\nSource AFP", f"Communiqué de presse\n{text}"):
        assert signature(credited) == plain


def test_a_short_dispatch_is_recognised_by_its_exact_words_in_another_source() -> None:
    own = signature(f"{DISPATCH}\nAvec AFP")
    assert choose_story(own, [Neighbour(1, 10, signature(f"Nevers (AFP) – {DISPATCH.upper()}"), "autre")], "jo") == 10
    other = signature(f"{DISPATCH.replace('trois', 'quatre')}\nAvec AFP")
    assert choose_story(own, [Neighbour(1, 10, other, "autre")], "jo") is None


def test_a_short_text_without_credit_or_repeated_by_its_own_source_is_never_merged() -> None:
    assert signature(DISPATCH) == Signature()
    stub = signature("La suite de cet article est réservée à nos abonnés.\nSource AFP")
    assert choose_story(stub, [Neighbour(1, 10, stub, "jo")], "jo") is None
