"""Hypothesis strategies: a form of the lexicon, written in any of the ways that pages write it."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from hypothesis import strategies as st

from classifiers.forms import Form
from classifiers.lexicon import Lexicon

SPACES = (" ", "  ", "\u00a0", "\u202f", "\n", "\t", " \r\n ", "-", "‑", "—", " « ", "\u00ad ", "’", "'", "")
PLURALS = ("", "", "s")


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _broken(word: str, draw: random.Random) -> str:
    if len(word) < 6:
        return word
    at = draw.randrange(2, len(word) - 2)
    return word[:at] + draw.choice(("\u00ad", "-\n", "\u00ad\n", "-\r\n  ", "\u200b", " ")) + word[at:]


def _escaped(word: str) -> str:
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in word)


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    lambda word, draw: word,
    lambda word, draw: word.upper(),
    lambda word, draw: word.capitalize(),
    lambda word, draw: _plain(word),
    lambda word, draw: unicodedata.normalize("NFD", word),
    lambda word, draw: _escaped(word),
    lambda word, draw: word.encode("utf-8").decode("latin-1"),
    lambda word, draw: "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in word),
    lambda word, draw: word.replace("oe", "œ").replace("fi", "ﬁ").replace("i", "ı", 1),
    _broken,
)


def spelled(form: Form, draw: random.Random) -> str:
    """One random spelling of a form."""
    words = [form.words[0], *(["dits"] if form.gap else []), *form.words[1:]]
    spelled = [draw.choice(CHANGES)(word + draw.choice(PLURALS), draw) for word in words]
    text = spelled[0]
    for word in spelled[1:]:
        text += draw.choice(SPACES) + word
    return text


def texts(lexicon: Lexicon) -> st.SearchStrategy[str]:
    """A few forms, contexts and acronyms of a lexicon among other characters."""
    forms = [form for rule in lexicon.rules for form in (*rule.forms, *rule.confirm[:4], *rule.refute[:2])]
    acronyms = sorted({acronym for rule in lexicon.rules for acronym in rule.acronyms})
    written = st.builds(spelled, st.sampled_from(forms), st.integers(0, 2**32).map(random.Random))
    other = st.one_of(
        st.sampled_from(
            [*acronyms, "Le", "une association", "un investisseur.", "l'évaluateur", ".", ",", "\n\n", "(", ")"]
        ),
        st.text(max_size=12),
    )
    return st.lists(st.one_of(written, written, other), min_size=1, max_size=8).map(" ".join)
