"""A large archive of made-up words for the benchmark of searches, written in few transactions.

Words are drawn by Zipf's law, so that some stand in nearly every article and others in one in ten thousand. One article
in a hundred is tagged, one in ten is a copy of an earlier one, and one in ten is history: old, though stored late.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from core.articles import Article, Signature, Tag, Verdict
from core.urls import article_key
from db import articles
from db.store import Store

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WORDS = 30_000
LENGTH = 200
SOURCES = {f"site-{number}": (f"Site {number}", ("presse", "agence", "parlement")[number % 3]) for number in range(115)}
BATCH = 2_000
"""Articles of one transaction."""
YEARS = 6
"""Age of the oldest article."""


def vocabulary() -> list[str]:
    """Made-up words of three to five syllables, that no stemmer confounds."""
    draw = random.Random(1)
    syllables = [a + b for a in "bcdfglmnprtv" for b in "aiou"]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        found["".join(draw.choice(syllables) for _ in range(draw.randint(3, 5))) + "k"] = None
    return list(found)


def written(count: int, words: list[str]) -> Iterator[tuple[Article, Verdict, bool]]:
    """Articles from the oldest to the newest, what is said of them, and whether each is a copy of the one before."""
    draw = random.Random(2)
    weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(words))))
    slugs, step = list(SOURCES), timedelta(days=365 * YEARS) / count
    for number in range(count):
        text = " ".join(draw.choices(words, cum_weights=weights, k=LENGTH))
        url = f"https://exemple.fr/{number}"
        published = NOW - step * (count - number)
        if number % 10 == 5:  # nothing is dated after the day it was seen
            published -= step * number * draw.random()
        article = Article(
            0, draw.choice(slugs), url, article_key(url), text[:60], text, NOW, published=published, language="fr"
        )
        tags = (Tag("impact-social", "cis" if number % 200 else "iis", True, 0.9),) if number % 100 == 0 else ()
        yield article, Verdict(tags), number % 10 == 7


def fill(store: Store, count: int, words: list[str]) -> float:
    """Fill an empty store; returns the articles written a second."""
    started = time.perf_counter()
    rest, story = written(count, words), None
    while batch := list(itertools.islice(rest, BATCH)):
        with store.articles._database.write() as connection:
            for article, verdict, is_copy in batch:
                kept = articles._create(connection, article, verdict, Signature(), (story if is_copy else None, False))
                story = kept.story_id
    return count / (time.perf_counter() - started)
