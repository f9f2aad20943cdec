"""Searches of a large archive, beside the bare FTS5 query of the same index, and how fast the archive is filled.

    python -m benchmarks.searching [ARTICLES]

Words are drawn by Zipf's law, so that some stand in one article in two and others in one in ten thousand.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.articles import Article, Signature, Tag, Verdict
from core.query import parse
from core.urls import article_key
from db.store import Store, open_store

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WORDS = 30_000
LENGTH = 200
PASSES = 20
KINDS = {"rare": 20_000, "uncommon": 2_500, "common": 300, "frequent": 3}
"""Rank of the word that each query asks."""


def vocabulary() -> list[str]:
    """Made-up words of three to five syllables, that no stemmer confounds."""
    draw = random.Random(1)
    syllables = [a + b for a in "bcdfglmnprtv" for b in "aiou"]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        found["".join(draw.choice(syllables) for _ in range(draw.randint(3, 5))) + "k"] = None
    return list(found)


def fill(store: Store, count: int, words: list[str]) -> float:
    """Articles kept a second, each in its own transaction, as a run does."""
    draw = random.Random(2)
    weights = [1 / (rank + 10) for rank in range(len(words))]
    started = time.perf_counter()
    for number in range(count):
        text = " ".join(draw.choices(words, weights, k=LENGTH))
        url = f"https://exemple.fr/{number}"
        published = NOW - timedelta(hours=number)
        article = Article(0, "site", url, article_key(url), text[:60], text, NOW, published=published, language="fr")
        verdict = Verdict((Tag("impact-social", "cis", True, 0.9),)) if number % 10 == 0 else Verdict()
        store.articles.keep(article, verdict, Signature(), None, False)
    return count / (time.perf_counter() - started)


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Median and 95th centile over some passes, caches warm."""
    work()
    times = []
    for _ in range(PASSES):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times), sorted(times)[int(PASSES * 0.95)]


def run(count: int) -> dict[str, float]:
    words, found = vocabulary(), {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "veille.db"
        with open_store(f"sqlite:///{path}", Path(folder), sources={"site": ("Site", "presse")}) as store:
            found["articles_kept_per_second"] = fill(store, count, words)
            bare = sqlite3.connect(path)
            for kind, rank in KINDS.items():
                query = replace(parse(words[rank]), everything=True)
                stem = query.groups[0][0].stems[0]
                matching = bare.execute("select count(*) from article_fts where article_fts match ?", [stem])
                found[f"{kind}_percent_of_articles"] = 100 * matching.fetchone()[0] / count
                median, worst = milliseconds(lambda query=query: store.index.search(query, NOW))
                ranked = "select rowid from article_fts where article_fts match ? order by bm25(article_fts) limit 20"
                limit, _ = milliseconds(lambda stem=stem, ranked=ranked: bare.execute(ranked, [stem]).fetchall())
                found |= {f"{kind}_ms": median, f"{kind}_p95_ms": worst, f"{kind}_bare_fts5_ms": limit}
            bare.close()
        found["database_mib"] = path.stat().st_size / 2**20
    return found


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000).items():
        print(f"{name:30} {value:10.2f}")
