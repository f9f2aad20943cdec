"""Would a trained model say better than the rules what is central? `make relevance` compares them.

A logistic regression on the features that the rules use and some others, in ten folds cut by file and theme so that
siblings stay together, then with each file left out in turn. Sealed texts are not read. The result, and why the rules
were kept: docs/adr/0016-central-by-rules.md.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifiers import TOPICS, relevance
from classifiers.context import Candidate
from classifiers.gaps import one_expression
from classifiers.keywords import Found, Matcher
from classifiers.lexicon import load
from classifiers.words import STOP, Words

CENTRAL_FROM = 0.5
ROOT = Path(__file__).parents[1]
FILES = (
    "classifiers/gold/probes-c.jsonl",
    "classifiers/gold/tuned-b.jsonl",
    "tests/classifiers/another_hand.jsonl",
    "classifiers/topics/impact-social/gold.jsonl",
)
FOLDS, SIBLINGS, PENALTY = 10, 5, 1.0
"""Rows without a theme are kept together by SIBLINGS."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text, for one of its labels."""

    file: str
    group: str
    features: tuple[float, ...]
    central: bool
    score: float
    """What the rules say, from 0 to 1."""


def features(words: Words, found: Sequence[Found], label: str, length: int, score: float) -> tuple[float, ...]:
    """What a person would look at: title, beginning, number, density, place, list, vocabulary, length."""
    mentions: list[Candidate] = [f.candidate for f in found if f.accepted and f.rule.label == label]
    inside = [m for m in mentions if words.field_of(m.first) == "text"]
    starts = [words.pieces[m.first].start for m in inside] or [length]
    sentences = max(1, sum(piece.key == STOP for piece in words.pieces[words.title_count :]))
    return (
        score,
        float(len(inside) < len(mentions)),
        float(starts[0] < relevance.LEAD),
        starts[0] / max(1, length),
        (starts[-1] - starts[0]) / max(1, length),
        math.log1p(len(inside)),
        min(600 * len(inside) / max(360, length), 2),
        min(len(inside) / sentences, 1) ** 0.5,
        float(len({f.rule.id for f in found if f.accepted and f.rule.label != label})),
        float(len({m.rule.id for m in mentions})),
        math.log(max(60, length / 6)),
    )


def rows() -> list[Row]:
    """Every label of every text that says whether it is central, and that the tagger finds."""
    matcher, kept = Matcher(load(TOPICS / "impact-social" / "lexicon.toml")), []
    for file in FILES:
        for number, line in enumerate((ROOT / file).read_text("utf-8").splitlines()):
            data = json.loads(line)
            words = matcher.words(data.get("title") or "", data["text"])
            found = matcher.find(words, one_expression) if data["labels"] else []
            for label in {f.rule.label for f in found if f.accepted} & set(data["labels"]):
                if "central_labels" in data or len(data["labels"]) == 1:
                    central = label in data.get("central_labels", data["labels"] if data["central"] else [])
                    about = relevance.relevance(words, found, label, len(data["text"]), CENTRAL_FROM).score
                    told = features(words, found, label, len(data["text"]), about)
                    group = f"{file} {data.get('theme') or number // SIBLINGS}"
                    kept.append(Row(file, group, told, central, about))
    return sorted(kept, key=lambda row: (row.group, row.features))


def predict(train: Sequence[Row], test: Sequence[Row]) -> list[float]:
    """Chances of being central, by a ridge logistic regression (Newton's method, standardised features)."""
    x: Any = np.array([row.features for row in train])
    y: Any = np.array([row.central for row in train], float)
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    penalty = PENALTY * np.eye(z.shape[1])
    penalty[-1, -1] = 0
    weights: Any = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ weights))
        slope = (z * (p * (1 - p))[:, None]).T @ z + penalty + 1e-6 * np.eye(len(weights))
        weights = weights - np.linalg.solve(slope, z.T @ (p - y) + penalty @ weights)
    asked = np.c_[(np.array([row.features for row in test]) - mean) / spread, np.ones(len(test))]
    return [float(chance) for chance in 1 / (1 + np.exp(-asked @ weights))]


def apart(data: Sequence[Row], parts: dict[str, int]) -> list[tuple[Row, float]]:
    """Each row with the chance given by a model that has seen nothing of its part; `parts`: group or file → part."""
    said = []
    for part in sorted(set(parts.values())):
        own = [row for row in data if parts.get(row.group, parts.get(row.file)) == part]
        said += list(zip(own, predict([row for row in data if row not in own], own), strict=True))
    return said


def told(name: str, said: Sequence[tuple[Row, float]]) -> str:
    cells = []
    for file in (*FILES, ""):
        mine = [(row.central, chance >= CENTRAL_FROM) for row, chance in said if file in ("", row.file)]
        both = sum(truth and guess for truth, guess in mine)
        f1 = 2 * both / max(1, sum(truth for truth, _ in mine) + sum(guess for _, guess in mine))
        cells.append(f"{f1:.3f} ({sum(truth != guess for truth, guess in mine)})")
    return f"| {name} | {' | '.join(cells)} |"


def bands(data: Sequence[Row]) -> Iterator[str]:
    """How often what the rules give a score is central."""
    for low in range(10):
        band = [row.central for row in data if min(9, int(row.score * 10 + 1e-9)) == low]
        if band:
            yield f"| {low / 10:.1f} to {(low + 1) / 10:.1f} | {len(band)} | {sum(band) / len(band):.2f} |"


def main() -> Iterator[str]:
    """The comparison and the reliability of the rules' scores, in Markdown."""
    data = rows()
    groups = sorted({row.group for row in data})
    random.Random(7).shuffle(groups)
    folds = {group: number % FOLDS for number, group in enumerate(groups)}
    yield f"| F1 of central (errors), {len(data)} labels | {' | '.join(Path(file).stem for file in FILES)} | all |"
    yield "|---|" + "---|" * (len(FILES) + 1)
    yield told("rules", [(row, row.score) for row in data])
    yield told("model, ten folds", apart(data, folds))
    yield told("model, each file left out", apart(data, {file: number for number, file in enumerate(FILES)}))
    yield "\n| score of the rules | labels | share central |\n|---|---|---|"
    yield from bands(data)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in main())
