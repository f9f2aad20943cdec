"""Excerpts on the original text."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from hypothesis import given
from hypothesis import strategies as st

from core.excerpts import clip, excerpt, spans
from core.query import parse

TEXT = "Le ministère a signé trois contrats à impact\u00a0social. " + "Le reste parle d'autre chose. " * 20


def words(query: str) -> list:
    return list(parse(query).words)


def test_bold_words_keep_their_accents() -> None:
    found = spans(TEXT, words("ministere contrat"))
    assert [TEXT[s.start : s.end] for s in found] == ["ministère", "contrats"]


def test_an_exact_phrase_is_exact() -> None:
    assert spans(TEXT, words('"contrat à impact"')) == ()
    assert len(spans(TEXT, words('"contrats à impact social"'))) == 1


@given(st.text(max_size=400), st.integers(0, 400), st.integers(0, 30), st.integers(0, 220))
def test_a_clip_never_exceeds_its_length(text: str, start: int, size: int, length: int) -> None:
    start = min(start, len(text))
    end = min(start + size, len(text))
    shown = clip(text, start, end, length)
    assert len(shown.text) <= max(length, 0) or len(shown.text) <= end - start + 2
    assert all(0 <= s.start <= s.end <= len(shown.text) for s in shown.spans)


def test_the_excerpt_shows_the_words() -> None:
    shown = excerpt("bla " * 200 + TEXT, words("impact social"), 120)
    assert len(shown.text) <= 120
    assert "impact" in shown.text
    assert shown.text.startswith("…")


def test_a_word_repeated_thousands_of_times_is_sought_once(bounded: Callable[[], AbstractContextManager[None]]) -> None:
    text = "logement ici, " * 20_000
    asked = words("logement " * 200) * 1_000
    with bounded():
        assert len(spans(text, asked)) == 20_000
