"""Searches of a large archive, beside the bare FTS5 query of the same index in the same run, and the size of the index.

    python -m benchmarks.searching [ARTICLES] [FOLDER]

FOLDER keeps the archive, or gives one that was kept. Times are of the processor, so that what else the machine does
weighs less; the ratios to the bare query, ranked by bm25, are the solid part.
"""

from __future__ import annotations

import gc
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from starlette.testclient import TestClient

from archive.query import read
from benchmarks.large_archive import NOW, SOURCES, fill, vocabulary
from core.query import parse
from db.store import Store, open_store
from tests.db.hostile_queries import queries
from veille.serving import application
from veille.wiring import House

PASSES = 20
HOSTILE = 2_000
"""Queries that nobody in their right mind would type."""
KINDS = {"rare": 20_000, "uncommon": 2_500, "common": 300, "frequent": 3}
"""Rank of the word that each query asks."""
_RANKED = "select rowid from article_fts where article_fts match ? order by bm25(article_fts) limit 20"
_COUNT = "select count(*) from article_fts where article_fts match ?"
_TEXT = "select sum(length(cast(title as blob)) + length(cast(text as blob))) from version"
_INDEX = "select (select sum(length(block)) from article_fts_data) + (select sum(length(sz)) from article_fts_docsize)"


def milliseconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> tuple[float, float]:
    """Median and 95th centile over some passes, caches warm; of the processor's time, save by another clock."""
    work()
    times = []
    for _ in range(PASSES):
        started = clock()
        work()
        times.append(1000 * (clock() - started))
    return statistics.median(times), sorted(times)[int(PASSES * 0.95)]


CONFIG = """\
[veille]
database = "{url}"
data = "{folder}"
contact = "mesure@asso.example"
[mail]
from = "Mesure <mesure@asso.example>"
[[topic]]
slug = "impact-social"
name = "Impact social"
"""
SOURCE = """\
[[source]]
slug = "{slug}"
name = "{name}"
category = "{category}"
url = "https://{slug}.example/"
feed = "https://{slug}.example/flux"
"""


@contextmanager
def site(folder: Path, url: str) -> Iterator[TestClient]:
    """The whole archive, as `veille web` opens it."""
    sources = [SOURCE.format(slug=slug, name=name, category=kind) for slug, (name, kind) in SOURCES.items()]
    config = folder / "config.toml"
    config.write_text("".join([CONFIG.format(url=url, folder=folder), *sources]), encoding="utf-8")
    with House(config) as house:
        app = application(house)
        gc.freeze()  # as `veille web` does
        with TestClient(app, base_url="http://127.0.0.1") as client:
            yield client


def measures(store: Store, client: TestClient, bare: sqlite3.Connection, word: str) -> dict[str, float]:
    """Every search of one word, in all articles."""
    query = replace(parse(word), everything=True)
    stem = query.words[0].stems[0]
    newest = replace(query, sort="date", counted=False)
    works: dict[str, Callable[[], object]] = {
        "": lambda: store.index.search(query, NOW),
        "matched_": lambda: store.index.search(replace(query, everything=False), NOW),
        "newest_": lambda: store.index.search(newest, NOW),
        "page_": lambda: client.get("/recherche", params={"q": word, "tous": "1"}),
        "bare_fts5_": lambda: bare.execute(_RANKED, [stem]).fetchall(),
    }
    found = {f"{name}{which}": value for name, work in works.items()
             for which, value in zip(("ms", "p95_ms"), milliseconds(work), strict=True)}  # fmt: skip
    size = bare.execute("select max(id) from article").fetchone()[0]
    return found | {"percent_of_articles": 100 * bare.execute(_COUNT, [stem]).fetchone()[0] / size}


def slowest_hostile(store: Store, words: list[str]) -> float:
    """Milliseconds of the slowest answer to queries of signs, operators and nests around the words of the archive."""
    slowest = 0.0
    for text in queries(HOSTILE, 5, words[:40] + words[300:320]):
        query = replace(read({"q": text}).search_query(20), everything=True)
        started = time.process_time()
        store.index.search(query, NOW)
        slowest = max(slowest, time.process_time() - started)
    return 1000 * slowest


def measured(folder: Path, count: int) -> dict[str, float]:
    words, found = vocabulary(), {}
    path = folder / "veille.db"
    is_new = not path.exists()
    with open_store(f"sqlite:///{path}", folder, sources=SOURCES, durable=False) as store:
        if is_new:
            found["articles_written_per_second"] = fill(store, count, words)
        with closing(sqlite3.connect(path)) as bare, site(folder, f"sqlite:///{path}") as client:
            for kind, rank in KINDS.items():
                for name, value in measures(store, client, bare, words[rank]).items():
                    found[f"{kind}_{name}"] = value
            found["hostile_slowest_ms"] = slowest_hostile(store, words)
            text, index = bare.execute(_TEXT).fetchone()[0], bare.execute(_INDEX).fetchone()[0]
            found |= {"text_mib": text / 2**20, "index_to_text": index / text}
    return found | {"database_mib": path.stat().st_size / 2**20}


def run(count: int, folder: str = "") -> dict[str, float]:
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        return measured(Path(folder), count)
    with tempfile.TemporaryDirectory() as temporary:
        return measured(Path(temporary), count)


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, *sys.argv[2:3]).items():
        print(f"{name:36} {value:10.2f}")
