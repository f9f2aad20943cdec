from __future__ import annotations

import pytest

from classifiers.sentences import passage, sentence

FORM = "contrat à impact"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Avant. Le contrat à impact coûte 2,9 M€. Après.", "Le contrat à impact coûte 2,9 M€."),
        ("Selon M. Itier, le contrat à impact avance. Il recule.", "Selon M. Itier, le contrat à impact avance."),
        ("Un titre\nLe contrat à impact avance.\nUn autre bloc", "Le contrat à impact avance."),
        (
            "Le texte passe à\nla ligne, le contrat à impact\naussi. Fin.",
            "Le texte passe à\nla ligne, le contrat à impact\naussi.",
        ),
        ("Le contrat à impact", "Le contrat à impact"),
        ("  contrat à impact  ", "contrat à impact"),
    ],
)
def test_the_sentence_around_a_form_is_exact(text: str, expected: str) -> None:
    start = text.index(FORM)
    found = sentence(text, start, start + len(FORM), french=True)
    assert found.text == expected
    assert text[found.start : found.start + len(found.text)] == found.text


def test_a_form_that_spacy_would_cut_is_kept_whole() -> None:
    text = "Fin. Contrat. Impact. Suite"
    found = sentence(text, 5, 20, french=True)
    assert found.text == "Contrat. Impact."


def test_english_is_cut_at_final_punctuation() -> None:
    text = "It ended. The social impact bond “paid off.” Nobody knows."
    start = text.index("social")
    assert sentence(text, start, start + 18, french=False).text == "The social impact bond “paid off.”"


def test_wrapped_lines_of_a_pdf_are_one_paragraph_even_before_a_capital() -> None:
    text = "Le contrat à impact social a été signé hier au ministère avec\nBNP Paribas et la MAIF.\n\nTitre suivant"
    start = text.index(FORM)
    assert passage(text, start, start + len(FORM), pdf=True) == (0, text.index("\n\n"))
    assert passage(text, start, start + len(FORM)) == (0, text.index("\n"))
