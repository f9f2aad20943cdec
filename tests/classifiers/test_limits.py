"""Hostile and huge texts: threats A40 (no regex can run away), A44 (spaCy on 5 MB), C19 (memory)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from classifiers.cards import MOST
from classifiers.nlp import LONGEST, calm
from core.articles import Verdict

Read = Callable[..., Verdict]
Bounded = Callable[[], AbstractContextManager[None]]
ROOT = Path(__file__).parents[2]
MEGABYTES = 5_000_000

HUGE = {
    "the same term": "contrat à impact social ",
    "the same acronym": "CIS investisseur pompier ",
    "terms with inserted words": "contrat neuf à impact ",
    "complements without end": "marchandisation de a et ",
    "glued words": "contratsàimpactsocialxyz ",
    "glued words that can be cut in millions of ways": f"contrat{'la' * 24}x ",
    "broken letters": "con\u00adtrat\u00ad Ã\u00a0 ? im\u00adpact \\u00e0&agrave; ",
    "half terms": "contrat impact fonds social ",
}


@pytest.mark.parametrize("repeated", HUGE.values(), ids=HUGE.keys())
def test_a44_five_megabytes_are_read_without_running_away(read: Read, bounded: Bounded, repeated: str) -> None:
    text = repeated * (MEGABYTES // len(repeated)) + " Un contrat à impact social est signé."
    with bounded():
        verdict = read(text)
    assert len(verdict.matches) <= MOST


def test_a44_a_term_at_the_end_of_five_megabytes_is_found(read: Read, among_news: Callable[..., str]) -> None:
    news = among_news("Le contrat de la crèche.") + "\n\n"
    text = news * (MEGABYTES // len(news)) + "Le département signe un contrat à impact social avec l'État."
    verdict = read(text)
    assert [(tag.label, tag.central) for tag in verdict.tags] == [("cis", False)]
    match = verdict.matches[0]
    assert text[match.start : match.end] == "contrat à impact social"
    assert match.sentence == "Le département signe un contrat à impact social avec l'État."


def test_a44_runs_without_space_never_reach_the_tokenizer(read: Read) -> None:
    """6,000 characters of "l'l'l'…" took spaCy seconds."""
    hostile = "l'" * 3000
    verdict = read(f"{hostile} Un contrat national à impact social. {hostile}")
    assert [tag.label for tag in verdict.tags] == ["cis"]
    assert calm(f"a\n{hostile}z b") == "a " + " " * 6001 + " b"
    with pytest.raises(ValueError, match="too many"):
        calm("a" * (LONGEST + 1))


SCRIPT = """
import os, sys
import classifiers
assert not {"spacy", "ahocorasick_rs", "tomllib"} & set(sys.modules), "classifiers is not light to import"
from core.sources import Topic
from classifiers.plain import article_from_text
c = classifiers.build([Topic("impact-social", "")])
assert not c.classify(article_from_text("", "La piscine rouvre. Le contrat de la crèche est signé.")).tags
assert not c.classify(article_from_text("", "Ni fonds ni contrat. Aucun impact.")).tags
assert "spacy" not in sys.modules, "spaCy was loaded without a candidate"
article = article_from_text("", "Un contrat national à impact social, avec un investisseur.")
verdict = c.classify(article)
assert verdict.tags and "spacy" in sys.modules
import psutil
def resident(): return psutil.Process().memory_info().rss // 2**20
loaded = resident()
assert loaded < 550, loaded
import threading
assert threading.active_count() == 1
child = os.fork()
if not child:
    os._exit(0 if c.classify(article) == verdict else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "another verdict after a fork"
for number in range(400):
    c.classify(article_from_text("", f"Le contrat mot{number} national à impact social numéro{number}."))
grown = resident() - loaded
assert grown < 20, grown
print("done", loaded, grown)
"""


@pytest.mark.long
def test_c19_spacy_is_loaded_once_when_needed_survives_a_fork_and_does_not_grow() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], check=False, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.startswith("done"), done.stderr
