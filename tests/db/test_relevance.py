"""What a person looks for comes among the first five, over two thousand French texts; asked of the SearchIndex port.

The corpus: the labelled texts that may be looked at, each tagged as a person labelled it, among generated articles of
the ordinary press, of which a quarter hold look-alikes.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.articles import Article, Signature, Tag, Verdict
from core.ports import ArticleStore, SearchIndex
from core.query import parse
from core.sources import Topic
from core.synonyms import widened
from core.urls import article_key
from db.store import Store, open_store
from veille.synonyms import synonyms

sys.path.insert(0, str(Path(__file__).parents[1] / "campaigns"))
from press_year import Press

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
QUERIES: list[dict[str, Any]] = [
    {"kind": kind, "expect": [], "absent": [], **each}
    for kind, those in tomllib.loads((HERE / "relevance.toml").read_text("utf-8")).items()
    for each in those
]
WRITTEN = {
    "tuned": "classifiers/gold/tuned-b.jsonl",
    "dev": "classifiers/topics/impact-social/gold.jsonl",
    "other": "tests/classifiers/another_hand.jsonl",
    "unseen": "tests/classifiers/unseen.jsonl",
}
"""Labelled texts that may be looked at; the sealed ones are never read here."""
SOURCES = {
    "tuned": ("Textes de mise au point", "presse"),
    "dev": ("Premier jeu", "think-tank"),
    "other": ("Autre main", "presse"),
    "unseen": ("Jamais vus", "presse"),
    "presse": ("Presse ordinaire", "presse"),
}
ORDINARY = 1_360
SYNONYMS = synonyms([Topic("impact-social", "Impact social")])


def written() -> Iterator[tuple[str, dict[str, Any]]]:
    """The labelled texts with their names: their id, or their file and line."""
    for source, path in WRITTEN.items():
        for number, line in enumerate((ROOT / path).read_text("utf-8").splitlines()):
            row = json.loads(line)
            yield row.get("id", f"{source}-{number}"), {"source": source, **row}


def articles() -> Iterator[tuple[str, Article, Verdict]]:
    for name, row in written():
        day = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC) if row.get("published") else None
        tags = tuple(Tag("impact-social", label, bool(row.get("central")), 1.0) for label in row["labels"])
        title = row.get("title") or name
        yield name, article(row["source"], name, title, row["text"], language=row["lang"], published=day), Verdict(tags)
    press = Press(11)
    for number in range(ORDINARY):
        one = press.ordinary()
        yield f"presse-{number}", article("presse", f"presse-{number}", one.title, one.text, language="fr"), Verdict()


def article(source: str, name: str, title: str, text: str, **values: Any) -> Article:
    url = f"https://exemple.fr/{name}"
    return Article(0, source, url, article_key(url), title, text, NOW, **values)


def fill(store: ArticleStore) -> dict[int, str]:
    """Keep the whole corpus; returns the names by article."""
    return {store.keep(one, verdict, Signature(), None, False).article_id: name for name, one, verdict in articles()}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SearchIndex, dict[int, str]]]:
    folder = tmp_path_factory.mktemp("relevance")
    store: Store = open_store(f"sqlite:///{folder}/veille.db", folder, sources=SOURCES, durable=False)
    with store:
        yield store.index, fill(store.articles)


def found(library: tuple[SearchIndex, dict[int, str]], query: str, limit: int) -> list[str]:
    index, names = library
    asked = replace(widened(parse(query), SYNONYMS), everything=True, limit=limit)
    return [names[hit.article_id] for hit in index.search(asked, NOW).hits]


def test_the_corpus_and_the_queries_are_large_enough() -> None:
    texts = [row for _, row in written() if row["lang"] == "fr"]
    assert len(texts) >= 300
    assert len(texts) + ORDINARY >= 2_000
    assert sum(bool(each["expect"]) for each in QUERIES) >= 60
    known = {name for name, _ in written()}
    assert all({*each["expect"], *each["absent"]} <= known for each in QUERIES)


def test_what_is_expected_is_among_the_first_five(library: tuple[SearchIndex, dict[int, str]]) -> None:
    asked = [each for each in QUERIES if each["expect"]]
    missed = []
    for each in asked:
        first = found(library, each["q"], 5)
        if not set(first) & set(each["expect"]):
            missed.append(f"{each['kind']}: {each['q']} → {first}, not {each['expect']}")
    print(*missed, sep="\n")
    assert len(missed) <= 0.05 * len(asked), missed


@pytest.mark.parametrize("each", [each for each in QUERIES if each["absent"]], ids=lambda e: e["q"])
def test_what_is_excluded_is_nowhere(library: tuple[SearchIndex, dict[int, str]], each: dict[str, Any]) -> None:
    assert not set(found(library, each["q"], 10_000)) & set(each["absent"])
