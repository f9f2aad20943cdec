"""Scores a classifier on labelled texts: precision, recall and F1 per label, and every error one by one.

Scores on the gold set tell how the vocabulary and the look-alikes are handled, on reworded excerpts of real pages; they
are not a measure on whole articles (see the README beside the gold set).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from classifiers.plain import article_from_text
from core.articles import Verdict
from core.errors import TopicError
from core.ports import Classifier


@dataclass(frozen=True, slots=True)
class GoldRow:
    """One text and what a person says of it."""

    text: str
    labels: tuple[str, ...]
    title: str = ""
    lang: str = ""
    central: bool = False
    borderline: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float
    f1: float
    support: int
    """Texts that bear the label."""
    wrong: int
    """Texts that got it without bearing it."""
    missed: int
    """Texts that bear it without getting it."""


@dataclass(frozen=True, slots=True)
class Error:
    """One text of which a label is wrong; `forms` are the accepted forms behind a label that should not be."""

    title: str
    label: str
    kind: str
    """missed or wrong; for the label "central": missed or wrong too."""
    borderline: bool
    text: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    labels: dict[str, Score]
    """Every row."""
    without_borderline: dict[str, Score]
    central: Score
    """Of the rows that bear a label: is the article central?"""
    errors: tuple[Error, ...]
    rows: int
    clear_rows: int
    """Rows that are not borderline."""

    def as_dict(self) -> dict[str, object]:
        """What `veille evaluate --json` prints."""
        return asdict(self)


def read_gold(path: Path) -> list[GoldRow]:
    """The rows of a JSON Lines file. Raises TopicError naming the line."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TopicError(f"Jeu de référence illisible : {path} ({error})") from error
    return [_row(line, f"{path}, ligne {number}") for number, line in enumerate(lines, 1) if line.strip()]


def _row(line: str, where: str) -> GoldRow:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise TopicError(f"{where} : ce n'est pas du JSON ({error.msg})") from error
    if not isinstance(data, dict) or not isinstance(data.get("text"), str) or not isinstance(data.get("labels"), list):
        raise TopicError(f"{where} : il faut « text » (un texte) et « labels » (une liste)")
    return GoldRow(
        text=data["text"],
        labels=tuple(str(label) for label in data["labels"]),
        title=str(data.get("title") or ""),
        lang=str(data.get("lang") or ""),
        central=bool(data.get("central")),
        borderline=bool(data.get("borderline")),
    )


def evaluate(classifier: Classifier, rows: Sequence[GoldRow]) -> Report:
    """Score a classifier on gold rows, with and without the borderline ones."""
    judged = [(row, classifier.classify(article_from_text(row.title, row.text, row.lang))) for row in rows]
    labels = sorted({label for row, verdict in judged for label in (*row.labels, *(t.label for t in verdict.tags))})
    clear = [(row, verdict) for row, verdict in judged if not row.borderline]
    return Report(
        labels={label: _label_score(judged, label) for label in labels},
        without_borderline={label: _label_score(clear, label) for label in labels},
        central=_score([(row.central, _is_central(verdict)) for row, verdict in judged if row.labels]),
        errors=tuple(error for row, verdict in judged for error in _errors(row, verdict)),
        rows=len(rows),
        clear_rows=len(clear),
    )


def _label_score(judged: Iterable[tuple[GoldRow, Verdict]], label: str) -> Score:
    return _score([(label in row.labels, any(tag.label == label for tag in verdict.tags)) for row, verdict in judged])


def _score(pairs: Sequence[tuple[bool, bool]]) -> Score:
    both = sum(truth and said for truth, said in pairs)
    said = sum(said for _, said in pairs)
    support = sum(truth for truth, _ in pairs)
    precision = both / said if said else 1.0
    recall = both / support if support else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(round(precision, 4), round(recall, 4), round(f1, 4), support, said - both, support - both)


def _is_central(verdict: Verdict) -> bool:
    return any(tag.central for tag in verdict.tags)


def _errors(row: GoldRow, verdict: Verdict) -> Iterable[Error]:
    said = {tag.label for tag in verdict.tags}
    for label in sorted(set(row.labels) - said):
        yield Error(row.title, label, "missed", row.borderline, row.text)
    for label in sorted(said - set(row.labels)):
        forms = tuple(match.form for match in verdict.matches if match.accepted and match.label == label)
        yield Error(row.title, label, "wrong", row.borderline, row.text, forms)
    if row.labels and said and row.central != _is_central(verdict):
        yield Error(row.title, "central", "missed" if row.central else "wrong", row.borderline, row.text)
