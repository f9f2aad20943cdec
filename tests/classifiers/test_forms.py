from __future__ import annotations

import re

import pytest

from classifiers.forms import FormError, unfold


def written(form: str) -> set[str]:
    return {" ".join(one.keys) for one in unfold(form)}


def test_alternatives_and_optional_words_unfold_into_every_sequence() -> None:
    assert written("contrat d'impact (social|sociétal)?") == {
        "contrat d impact",
        "contrat d impact social",
        "contrat d impact societal",
    }
    assert written("(investissement|fonds)? à impact") == {"investissement a impact", "fond a impact", "a impact"}


def test_keys_ignore_case_accents_plural_and_feminine() -> None:
    assert written("CONTRATS À IMPACTS SOCIAUX") == written("contrat a impact sociale") == {"contrat a impact social"}


def test_a_star_leaves_the_end_open_and_a_tilde_a_gap() -> None:
    (star,) = unfold("rembours*")
    (gap,) = unfold("contrat ~ à impact")
    assert (star.open_end, star.pattern) == (True, " rembours")
    assert (gap.gap, gap.keys[0], gap.pattern) == (True, "contrat", " a impact ")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("contrat (à impact", "ne se lit pas"),
        ("investi(r|ssent) à impact", "touche un mot"),
        ("contrat ~", "« ~ »"),
        ("~ contrat à impact", "« ~ »"),
        ("contrat ~ à ~ impact", "« ~ »"),
        ("rembours* intégral", "« * »"),
        ("()", "est vide"),
        ("(a|b|c|d|e|f|g) (a|b|c|d|e|f|g) (a|b|c|d|e|f|g) (a|b|c)", "coupez-la"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_in_french(form: str, said: str) -> None:
    with pytest.raises(FormError, match=re.escape(said)):
        unfold(form)
