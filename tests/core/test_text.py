"""Cleaning and folding of text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold, fold_char, fold_with_offsets, one_line, plain


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Événement", "evenement"),
        ("L’État à l'œuvre", "l'etat a l'oeuvre"),
        ("contrat\u00a0à\u202fimpact", "contrat a impact"),
        ("mi\u00adni\u200bstère", "ministere"),
        ("CIS–SIB — 2026", "cis-sib - 2026"),
        ("e\u0301lu", "elu"),
    ],
)
def test_accents_case_and_typography_are_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text("aÉœ’\u00a0\u1fefŉΣ-–`\t\u0301", min_size=0, max_size=12), st.text(max_size=90))
def test_a_long_text_is_folded_as_each_of_its_characters_is(known: str, drawn: str) -> None:
    text = (known + drawn) * 20
    assert fold(text) == "".join(map(fold_char, text))


@given(st.text(max_size=60))
def test_offsets_lead_back_to_the_original(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)


@pytest.mark.parametrize(
    "hostile",
    [
        "titre\r\nBcc: victime@example.org",
        "titre\x00\x1b[31m",
        "a\u202eb\u2066c",
        "x\u2028y\u2029z",
        "mot" * 500,
    ],
)
def test_a_title_is_one_clean_line(hostile: str) -> None:
    """A36, A45: no control, bidi or line separator survives, and the length is bounded."""
    line = one_line(hostile)
    assert len(line) <= 300
    assert not set(line) & set("\r\n\x00\x1b\u202e\u2066\u2028\u2029")


def test_plain_text_keeps_its_paragraphs() -> None:
    assert plain("a  b\r\n\r\n\r\n\r\nc\t d") == "a b\n\nc d"


@given(st.text(max_size=200))
def test_a_text_folds_as_its_characters_do(text: str) -> None:
    assert fold("é" + text) == "".join(fold_char(char) for char in "é" + text)
