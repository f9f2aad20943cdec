"""The gold texts of classifiers/gold: well formed, as the README counts them, and still sealed."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from classifiers.evaluate import read_gold

GOLD = Path(__file__).parents[2] / "classifiers" / "gold"
README = (GOLD / "README.md").read_text("utf-8")
FILES = sorted(GOLD.glob("*.jsonl"))
LABELS = {"cis", "iis", "marchandisation"}
LONG, VERY_LONG = 250, 1500  # words


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_there_are_a_sealed_file_and_a_tuned_one() -> None:
    names = [path.name for path in FILES]
    assert any(name.startswith("sealed") for name in names) and any(name.startswith("tuned") for name in names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_text_has_known_labels_and_the_terms_that_earn_them(path: Path) -> None:
    assert len(read_gold(path)) == len(rows_of(path))
    for row in rows_of(path):
        name = row["id"]
        assert row["text"].strip() and row["title"].strip() and row["lang"] in {"fr", "en"}, name
        assert row["text_kind"] in {"written", "assembled"} and isinstance(row["borderline"], bool), name
        assert set(row["labels"]) <= LABELS and len(set(row["labels"])) == len(row["labels"]), name
        assert set(row["central_labels"]) <= set(row["labels"]), name
        assert row["central"] is bool(row["central_labels"]), name
        assert all(term in row["text"] or term in row["title"] for term in row["terms"]), name
        assert bool(row["terms"]) <= bool(row["labels"]), name
        assert row["terms"] or row["borderline"] or not row["labels"], name


def test_no_id_and_no_text_is_used_twice() -> None:
    rows = [row for path in FILES for row in rows_of(path)]
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({row["text"] for row in rows}) == len(rows)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_readme_counts_what_the_file_holds(path: Path) -> None:
    rows = rows_of(path)
    words = [len(row["text"].split()) for row in rows]
    counts = [
        len(rows),
        *(sum(label in row["labels"] for row in rows) for label in ("cis", "iis", "marchandisation")),
        sum(not row["labels"] for row in rows),
        sum(row["borderline"] for row in rows),
        sum(row["lang"] == "en" for row in rows),
        sum(count >= LONG for count in words),
        sum(count >= VERY_LONG for count in words),
    ]
    assert f"| `{path.name}` | {' | '.join(map(str, counts))} |" in README
    if not path.name.startswith("probes"):
        assert sum(count >= LONG for count in words) * 2 >= len(rows)


@pytest.mark.parametrize("path", [path for path in FILES if path.name.startswith("sealed")], ids=lambda path: path.name)
def test_a_sealed_file_is_the_one_that_was_sealed(path: Path) -> None:
    written = re.search(rf"^\| `{re.escape(path.name)}` \| `([0-9a-f]{{64}})` \|$", README, re.MULTILINE)
    assert written, "no SHA-256 in the README"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == written[1]
