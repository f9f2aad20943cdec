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
FILTER = Filter(LEXICON.rules)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts(LEXICON), texts(LEXICON))
def test_the_filter_never_drops_what_the_matcher_accepts(title: str, text: str) -> None:
    found = MATCHER.find(MATCHER.words(title, text), anything)
    if any(one.accepted and one.rule.role == "core" for one in found):
        assert FILTER.may_match(title, text)


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
