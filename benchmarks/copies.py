"""Copies found among many articles: signatures and look-ups a second, how many copies are found, and by mistake.

    python -m benchmarks.copies [ARTICLES]

The database is real; most of its signatures are drawn at random, as those of unrelated texts are, and one band in forty
is that of a template. Goals at 100,000 articles: 3,000 texts a second, 99 copies in 100 found with 2.5 % of their words
changed, none by mistake in 20,000 pairs. The limit is rensa's signature alone, of shingles made beforehand; datasketch
is not compared: it is not among the locked dependencies.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import rensa

from core.articles import Article, Signature, Verdict
from core.urls import article_key
from db.signatures import bands, pack
from db.store import Store, open_store
from pipeline.dedupe import PERMUTATIONS, SEED, choose_story, shingles, signature

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TEXTS = 500
WORDS = 20_000
LENGTH = 400
CHANGED = 0.025
PASSES = 5
PAIRS = 20_000
TEMPLATE = 40
_SYLLABLES = "bé ca dé fi gu la mé ni pra quo rê si tou vè zan ble cri dro fla gné".split()


def vocabulary() -> list[str]:
    draw = random.Random(1)
    return ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(WORDS)]


def texts(words: Sequence[str]) -> list[str]:
    """Texts of 400 words drawn by Zipf's law."""
    draw, weights = random.Random(2), [1 / (rank + 10) for rank in range(WORDS)]
    return [" ".join(draw.choices(words, weights, k=LENGTH)) for _ in range(TEXTS)]


def edited(text: str, words: Sequence[str], seed: int) -> str:
    """A copy with 2.5 % of its words changed, and the credit of an agency."""
    draw = random.Random(seed)
    return " ".join(draw.choice(words) if draw.random() < CHANGED else word for word in text.split()) + "\nAvec AFP"


def fill(path: Path, store: Store, originals: Sequence[str], count: int) -> None:
    """The first article by the door, the others as copies of its row: only signatures and bands differ."""
    for number, text in enumerate(originals):
        url = f"https://site.example/{number}"
        article = Article(0, f"s{number % 50}", url, article_key(url), "t", text, NOW + timedelta(seconds=number))
        store.articles.keep(article, Verdict(), signature(text), None, False)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        named = [row[1] for row in connection.execute("PRAGMA table_info(article)") if row[1] not in ("id", "key")]
        same = ", ".join(named)
        first, last = len(originals) + 1, count
        connection.execute(
            f"WITH RECURSIVE more(id) AS (SELECT {first} UNION ALL SELECT id + 1 FROM more WHERE id < {last})"
            f" INSERT INTO article (id, key, {same}) SELECT more.id, 'k' || more.id, {same} FROM more, article"
            " WHERE article.id = 1"
        )
        rows = list(_drawn(first, last))
        connection.executemany("INSERT INTO signature VALUES (?, ?)", ((number, pack(own)) for number, own in rows))
        found = sorted((value, number) for number, own in rows for value in bands(own))
        connection.executemany("INSERT INTO band (value, article_id) VALUES (?, ?)", found)


def _drawn(first: int, last: int) -> Iterator[tuple[int, Signature]]:
    draw = random.Random(3)
    template = tuple(draw.getrandbits(32) for _ in range(64))
    for number in range(first, last + 1):
        values = tuple(memoryview(draw.randbytes(4 * PERMUTATIONS)).cast("I"))
        yield number, Signature(template + values[64:] if number % TEMPLATE == 0 else values)


def rate(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Items per second of processor, in the best of some passes."""
    best = 0.0
    for _ in range(PASSES):
        started = time.process_time()
        for item in items:
            work(item)
        best = max(best, len(items) / (time.process_time() - started))
    return best


def _alone(found: list[str]) -> object:
    minhash: Any = rensa.RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(found)
    return minhash.digest()


def mistakes(originals: Sequence[str]) -> int:
    """Pairs of unrelated texts that would become one story."""
    signatures, draw, wrong = [signature(text) for text in originals], random.Random(4), 0
    from core.articles import Neighbour

    for _ in range(PAIRS):
        one, other = draw.sample(signatures, 2)
        wrong += choose_story(one, [Neighbour(1, 1, other, "b")], "a") is not None
    return wrong


def run(count: int) -> dict[str, float]:
    words = vocabulary()
    originals = texts(words)
    copies = [edited(text, words, seed) for seed, text in enumerate(originals)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "veille.db"
        with open_store(f"sqlite:///{path}", Path(folder), durable=False) as store:
            fill(path, store, originals, count)

            def story(text: str) -> int | None:
                own = signature(text)
                return choose_story(own, store.articles.neighbours(own), "another")

            told = [story(text) for text in copies]
            stories = [store.articles.article(number + 1).story_id for number in range(TEXTS)]  # type: ignore[union-attr]
            crowd = next(own for number, own in _drawn(TEMPLATE, TEMPLATE))
            return {
                "signature_per_second": rate(signature, originals),
                "lookup_per_second": rate(store.articles.neighbours, [signature(text) for text in copies]),
                "both_per_second": rate(story, copies),
                "rensa_alone_per_second": rate(_alone, [shingles(text) for text in originals]),
                "template_lookup_per_second": rate(store.articles.neighbours, [crowd] * 20),
                "recall_percent": 100 * sum(map(int.__eq__, stories, (each or 0 for each in told))) / TEXTS,
                "mistakes_in_20000_pairs": mistakes(originals),
                "database_mib": path.stat().st_size / 2**20,
            }


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000).items():
        print(f"{name:34} {value:10.2f}")
