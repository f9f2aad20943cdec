"""Hostile and huge texts in the judging process: each is judged, or named as failed, and the run goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

import pipeline.judge
from classifiers import build
from classifiers.cards import MOST
from classifiers.plain import article_from_text
from core.articles import Article
from core.pages import Failure, FetchedPage
from pipeline.judge import Judged, ProcessJudge

sys.path.append(str(Path(__file__).parent))  # the judging process imports its classifier by name

from dying_reader import TOPICS, Dying

NAMED = "Le département signe un contrat national à impact social."
MEGABYTES = 5_000_000
HOSTILE = {
    "elisions without end": f"{NAMED} {'l' + chr(39)}" + "l'" * 3_000 + NAMED,
    "five megabytes without a space": NAMED + " " + "a" * MEGABYTES,
    "five megabytes of one broken word": NAMED + " " + "con\u00adtrat" * (MEGABYTES // 8),
    "a million line feeds": "\n" * 500_000 + NAMED + "\n" * 500_000,
    "a hundred thousand mentions": f"{NAMED} " * 100_000,
    "a hundred thousand acronyms": NAMED + " CIS" * 100_000,
    "letters set apart": NAMED + " c o n t r a t" * 300_000,
    "bidirectional overrides": NAMED + "\u202e\u2066" * 500_000 + NAMED,
    "zero-width characters": "\u200b".join("Un contrat à impact social.") + " contrat\u200b\u200c\u2060 " * 100_000,
    "combining accents": NAMED + " e" + "\u0301" * 1_000_000,
}


def page(number: int) -> FetchedPage:
    url = f"https://x.example/{number}"
    return FetchedPage(number, "s", "article", url, url, 200, (), b"", "h", datetime(2026, 1, 5, tzinfo=UTC))


def arrivals(language: str, texts: tuple[str, ...]) -> Iterator[tuple[FetchedPage, Article | Failure] | None]:
    for number, text in enumerate(texts, 1):
        yield page(number), replace(article_from_text("", text, language), page_id=number)


def judged(judge: ProcessJudge, language: str, *texts: str) -> dict[int, Judged]:
    with judge:
        return {one[0].id: one for one in judge.judge(arrivals(language, texts))}


@pytest.mark.long
def test_hostile_texts_are_judged_one_after_another_within_their_time() -> None:
    found = judged(ProcessJudge(build(TOPICS), partial(build, TOPICS)), "fr", *HOSTILE.values(), NAMED)
    assert len(found) == len(HOSTILE) + 1
    for name, (_, article, verdict) in zip(HOSTILE, map(found.get, sorted(found)), strict=False):
        assert isinstance(article, Article), (name, article)
        assert {tag.label for tag in verdict.tags} == {"cis"}, name
        assert len(verdict.matches) <= MOST, name


@pytest.mark.long
def test_a_text_that_kills_or_holds_its_reader_is_named_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """English, so that the process need not load spaCy: thirty seconds are far more than it takes."""
    monkeypatch.setattr(pipeline.judge, "SECONDS", 30)
    named = "The council signed a social impact bond."
    found = judged(ProcessJudge(Dying(), Dying), "en", named, f"{named} meurs", f"{named} sans fin", named)
    failures = {number: one[1] for number, one in found.items() if isinstance(one[1], Failure)}
    assert {number: failure.kind for number, failure in failures.items()} == {2: "internal", 3: "internal"}
    assert "ProcessExpired" in failures[2].reason and "TimeoutError" in failures[3].reason
    assert [bool(found[number][2].tags) for number in (1, 4)] == [True, True]
