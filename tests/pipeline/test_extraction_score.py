"""The measure of extraction, on cases counted by hand."""

import pytest

from core.labelled import LabelledPage
from pipeline.extraction_score import REFERENCE, f1, furniture_share, measure, precision_recall, shingles

TRUTH = "un deux trois quatre cinq"


def test_shingles_are_counted_and_a_short_text_is_one() -> None:
    assert shingles("a b c d a b c d") == {("a", "b", "c", "d"): 2, ("b", "c", "d", "a"): 1, ("c", "d", "a", "b"): 1,
                                           ("d", "a", "b", "c"): 1}  # fmt: skip
    assert shingles("deux mots") == {("deux", "mots"): 1}
    assert not shingles("")


@pytest.mark.parametrize(
    ("found", "precision", "recall"),
    [
        (TRUTH, 1, 1),
        ("zéro " + TRUTH, 2 / 3, 1),
        ("un deux trois quatre", 1, 0.5),
        ("cinq quatre trois deux", 0, 0),
        ("", None, 0),
        (TRUTH + "\n" + TRUTH, 2 / 7, 1),
    ],
)
def test_precision_and_recall_of_a_page(found: str, precision: float | None, recall: float) -> None:
    assert precision_recall(found, TRUTH) == (precision, recall)


def test_f1_is_the_harmonic_mean_and_zero_of_nothing() -> None:
    assert f1(0.5, 1) == pytest.approx(2 / 3)
    assert f1(0, 0) == 0


def test_furniture_is_counted_in_words_and_never_where_the_article_says_the_same() -> None:
    page = LabelledPage("p", "", TRUTH, ("À lire aussi", "un deux", "Mentions légales du site"))
    assert furniture_share("à LIRE aussi : " + TRUTH, page) == pytest.approx(3 / 7)
    assert furniture_share(TRUTH, page) == 0


def test_every_reader_is_measured_on_the_same_pages() -> None:
    lines = [f"La phrase numéro {n} de cet article, qui en compte dix et dit peu de chose." for n in range(10)]
    body = "".join(f"<p>{line}</p>" for line in lines)
    text = "\n".join(lines)
    scores = {each.reader: each for each in measure([LabelledPage("dix", f"<article>{body}</article>", text)])}
    assert list(scores) == ["veille", "veille, rapide", REFERENCE, "trafilatura fast", "trafilatura precision"]
    assert scores["veille"].f1 == scores[REFERENCE].f1 == 1
    assert scores[REFERENCE].time == 1 and scores["veille"].time > 0
    assert scores["veille"].pages == {"dix": 1}


def test_no_page_is_an_error() -> None:
    with pytest.raises(ValueError):
        measure([])
