"""What `veille evaluate` does: the rules against labelled texts."""

from __future__ import annotations

from pathlib import Path

from veille import console
from veille.reading import gold_rows
from veille.wiring import House


def score(path: Path, gold: Path, as_json: bool) -> None:
    from classifiers.evaluate import evaluate

    with House(path) as house:
        report = evaluate(house.classifier, gold_rows(gold))
    if as_json:
        console.say_json({"labels": report.labels, "errors": report.errors})
        return
    rows = [
        (label, f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}", str(s.support))
        for label, s in report.labels.items()
    ]
    console.table(("Étiquette", "Précision", "Rappel", "F1", "Exemples"), rows)
    for error in report.errors:
        console.say(str(error))
