"""Ranks as FTS5 does, for PostgreSQL: the same formula on the same numbers, so that the same articles come first.

bm25 as in `ext/fts5/fts5_aux.c` of SQLite: k1 = 1.2, b = 0.75, Robertson's idf, a millionth where it is not positive,
the frequency of a phrase weighted by column, the length of an article counted over all its columns.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from db.postgres_match import Node, Phrase, phrases, read
from db.postgres_reader import PostgresReader
from db.values import as_list

K1, B = 1.2, 0.75
LEAST_IDF = 1e-6

_TOTAL = "SELECT articles, words FROM article_fts_total"
_HAVING = "SELECT count(*) FROM article_fts WHERE article_fts MATCH :match"
_STEMS = "SELECT rowid, title, text, length FROM article_fts WHERE rowid IN (SELECT value FROM json_each(:ids))"


def ranks(reader: PostgresReader, expression: str, ids: Sequence[int], title_weight: float) -> dict[int, float]:
    """bm25 of those of some articles that an expression matches; the greater the better."""
    tree = read(expression)
    asked = list(phrases(tree))
    articles, words = next(iter(reader.execute(_TOTAL, {})))
    weights = [_idf(reader, each, articles) for each in asked]
    average = words / articles if articles else 1.0
    found: dict[int, float] = {}
    for identity, title, text, length in reader.execute(_STEMS, {"ids": as_list(ids)}):
        counts = [title_weight * count(title, each) + count(text, each) for each in asked]
        matches, counted = _counted(tree, iter(counts))
        if matches:
            spread = K1 * (1 - B + B * length / average)
            found[identity] = 0.0
            for idf, often in zip(weights, counted, strict=True):  # `sum` would round otherwise than SQLite does
                found[identity] += idf * (often * (K1 + 1.0) / (often + spread))
    return found


def count(stems: str, phrase: Phrase) -> int:
    """How often a phrase stands in stored stems, one beginning inside another included."""
    sought = phrase.sought
    found = stems.count(sought)
    if found and (phrase.meets_itself or sought[:-1] + sought in stems):
        return len(re.findall(f" (?={re.escape(sought[1:])})", stems))
    return found


def _idf(reader: PostgresReader, phrase: Phrase, articles: int) -> float:
    quoted = '"' + " ".join(phrase.stems).replace('"', '""') + '"'
    having = next(iter(reader.execute(_HAVING, {"match": quoted})))[0]
    idf = math.log((articles - having + 0.5) / (having + 0.5))
    return idf if idf > 0 else LEAST_IDF


def _counted(node: Node, counts: Iterator[float]) -> tuple[bool, list[float]]:
    """Whether a node matches, and the frequencies of its phrases that count: those of the parts that match."""
    if isinstance(node, Phrase):
        often = next(counts)
        return often > 0, [often]
    parts = [_counted(part, counts) for part in node.parts]
    hits = [matches for matches, _ in parts]
    matches = any(hits) if node.sign == "OR" else all(hits) if node.sign == "AND" else hits[0] and not any(hits[1:])
    return matches, [often if matches else 0.0 for _, found in parts for often in found]
