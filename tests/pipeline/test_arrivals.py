"""What the crawl saw and what came of it make one visit."""

from __future__ import annotations

from datetime import UTC, datetime

from core.articles import Article, Tag, Verdict
from core.pages import Failure
from core.sources import Source
from core.visits import Sight, Visit
from pipeline.arrivals import arrival, visit

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
FEED, OTHER = "https://anah.example/flux", "https://anah.example/autre"
ANAH = Source("anah", "Anah", "agence", "https://anah.example/", feeds=(FEED, OTHER))
LOST = Failure("anah", FEED, "http", "la page n'existe pas (code 404)", True)


def article(length: int, language: str) -> Article:
    return Article(1, "anah", "https://anah.example/a", "a", "Titre", "x" * length, NOW, language=language)


def test_new_articles_give_their_usual_length_and_language_and_those_on_the_topic() -> None:
    found = [(100, "fr", True), (9_000, "en", False), (300, "fr", False)]
    verdicts = [Verdict((Tag("t", "cis", True, 1.0),) if kept else ()) for _, _, kept in found]
    arrivals = [arrival(article(length, language), v) for (length, language, _), v in zip(found, verdicts, strict=True)]
    seen = visit(ANAH, True, Sight("anah", "feed", FEED, 20, 18), (), arrivals, NOW)
    assert seen == Visit(NOW, True, "feed", FEED, 20, 18, 3, 1, 300, "fr")


def test_a_source_that_was_not_read_says_why() -> None:
    page = Failure("anah", "https://anah.example/a", "timeout", "le serveur n'a pas répondu en 30 s")
    seen = visit(ANAH, False, Sight("anah"), (page, LOST), (), NOW)
    assert (seen.read, seen.failure_kind, seen.failure_reason) == (False, "http", LOST.reason)
    assert visit(ANAH, False, None, (page,), (), NOW).failure_kind == "interrupted"


def test_a_source_that_was_read_remembers_the_entry_that_was_not() -> None:
    half = Failure("anah", OTHER, "dns", "le nom n'existe pas")
    page = Failure("anah", "https://anah.example/a", "timeout", "le serveur n'a pas répondu en 30 s")
    sight = Sight("anah", "feed", FEED, 20, 20)
    assert visit(ANAH, True, sight, (page, half), (), NOW).failure_reason == "le nom n'existe pas"
    assert visit(ANAH, True, sight, (page,), (), NOW).failure_kind == ""
