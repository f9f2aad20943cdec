"""French analysis: what must meet, and what must not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.french import stem, stems, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("evenements", "événement"),
        ("usager", "usagers"),
        ("élu", "élus"),
        ("journal", "journaux"),
        ("travail", "travaux"),
        ("bureau", "bureaux"),
        ("lieu", "lieux"),
        ("social", "sociaux"),
        ("sociale", "SOCIALES"),
        ("financé", "financer"),
        ("année", "années"),
        ("lauréat", "laureats"),
        ("œuvre", "oeuvres"),
        ("investisseur", "investisseurs"),
    ],
)
def test_inflections_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("impact", "impôt"), ("contrat", "contraire"), ("social", "société")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_elided_articles_are_left_out_and_offsets_hold() -> None:
    text = "L’association d'aujourd'hui, qu’elle aide"
    found = tokens(text)
    assert [text[t.start : t.end] for t in found] == ["association", "aujourd", "hui", "elle", "aide"]


def test_hyphen_and_apostrophe_split_words_alike() -> None:
    assert stems("contrat-à-impact") == stems("contrat à impact")


@given(st.text(alphabet="aldjqu'’ʼ -éÉœS\u00ad_3.\n", max_size=60))
@example("L’État d'aujourd'hui, jusqu'à l'œuvre qu’on dʼun")
def test_the_quick_way_to_stems_says_the_same(text: str) -> None:
    assert stems(text) == [token.stem for token in tokens(text)]
