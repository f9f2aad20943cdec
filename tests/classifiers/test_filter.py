from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typography import texts

from classifiers import TOPICS
from classifiers.checks import anything
from classifiers.filter import Filter, reduce
from classifiers.keywords import Matcher
from classifiers.lexicon import load

LEXICON = load(TOPICS / "impact-social" / "lexicon.toml")
MATCHER = Matcher(LEXICON)
FILTER = Filter(LEXICON)


SECOND = load(TOPICS / "philanthropie-alliances" / "lexicon.toml")
TOPICS_READ = {
    "impact-social": (MATCHER, FILTER, texts(LEXICON)),
    "philanthropie-alliances": (Matcher(SECOND), Filter(SECOND), texts(SECOND)),
}


@pytest.mark.parametrize("topic", TOPICS_READ)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_filter_and_the_gate_never_drop_what_the_matcher_accepts(topic: str, data: st.DataObject) -> None:
    matcher, kept, written = TOPICS_READ[topic]
    title, text = data.draw(written), data.draw(written)
    found = matcher.find(matcher.words(title, text), anything)
    if any(one.accepted and one.rule.role == "core" for one in found):
        assert kept.may_match(title, text)
        assert kept.gate.opens(title, [text])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_reduced_text_holds_ascii_letters_and_digits_only(text: str) -> None:
    assert all(chr(code) in "abcdefghijklmnopqrstuvwxyz0123456789" for code in reduce(text))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("L’IMPACT  so-\ncial", b"limpactsocial"),
        ("ﬁnanciarisation", b"financiarisation"),
        ("Œuvre, ıle", b"oeuvreile"),
        ("un\u00ad 𝗺𝗼𝘁", b"unmot"),
    ],
)
def test_reduction_takes_away_all_that_typography_adds(text: str, kept: bytes) -> None:
    assert reduce(text) == kept


def test_ordinary_news_is_dropped_and_half_a_term_is_too(among_news: Callable[..., str]) -> None:
    assert not FILTER.may_match("La piscine", among_news("Le contrat de la crèche est signé."))
    assert not FILTER.may_match("L'impact de l'hiver", "Le CISEAU, la DÉCISION et le PRÉCIS.")
    assert FILTER.may_match("", among_news("Le CIS."))


def test_every_labelled_text_of_the_gold_set_passes(lexicon_path: Path) -> None:
    rows = [json.loads(line) for line in lexicon_path.with_name("gold.jsonl").read_text("utf-8").splitlines()]
    clear = [row for row in rows if row["labels"] and not row["borderline"]]
    assert all(FILTER.may_match(row["title"], row["text"]) for row in clear)


def test_a_slip_of_the_fingers_is_read_and_passes_the_filter() -> None:
    sentences = (
        "un contrat à impact sociétal",
        "obligation à impact social",
        "investissement à impact",
        "investisseur à impact",
        "la marchandisation des associations",
        "la financiarisation des associations",
    )
    tried = 0
    for slip, meant in LEXICON.slips.items():
        for sentence in sentences:
            text = sentence.replace("sociétal", "societal").replace(meant, slip)
            if slip in text.split():
                found = MATCHER.find(MATCHER.words("", text), anything)
                assert any(one.accepted for one in found), text
                assert FILTER.may_match("", text), text
                tried += 1
    assert tried > len(LEXICON.slips)


@pytest.mark.parametrize(
    "text", ["Une gamme à impact compact", "Le contrat a impacté la commune", "Un contra à impact"]
)
def test_a_slip_never_makes_another_word_of_the_lexicon(text: str, labels: Callable[..., set[str]]) -> None:
    assert labels(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Le C.I.S. lie un investisseur et un évaluateur.",
        "Les investisseur·euse·s à impact se réunissent.",
        "Les contrat.s à impact social sont rares.",
        "Ces contrats dits, un peu vite, « à impact social » sont rares.",
        "Un contrat tripartite à impact social est signé.",
    ],
)
def test_dotted_acronyms_inclusive_endings_and_remarks_are_read_through(
    text: str, labels: Callable[..., set[str]]
) -> None:
    assert labels(text)
    assert FILTER.may_match("", text)


@pytest.mark.parametrize(
    "text", ["contrat à impact sociÃ©tal", "contrat à impact soci\\u00e9tal", "CONTRAT À IMPACT SOCI&Eacute;TAL"]
)
def test_an_accented_word_is_sought_whole_even_where_a_page_did_not_decode_it(text: str) -> None:
    assert FILTER.may_match("", text) and FILTER.gate.opens("", [text])
    assert not FILTER.may_match("", "le sociologue mesure l’impact de l’emprunt")
