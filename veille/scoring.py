"""What `veille evaluate` does: the rules against labelled texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from veille import console
from veille.wiring import House


def score(path: Path, gold: Path, topic: str, as_json: bool) -> None:
    """Print precision, recall and F1 per label, then every error, for one topic or for all those that are followed."""
    from classifiers.evaluate import evaluate, read_gold

    rows = read_gold(gold)
    with House(path) as house:
        report = evaluate(house.tagger(topic), rows)
    if as_json:
        console.say_json(report.as_dict())
        return
    console.say(f"{console.count(len(rows), 'texte')}, tous compris :")
    _say_scores(report.labels)
    console.say()
    console.say("Sans les cas limites :")
    _say_scores(report.without_borderline)
    console.say()
    console.say(console.count(len(report.errors), "erreur") + (" :" if report.errors else "."))
    for error in report.errors:
        _say_error(error)


def _say_scores(labels: Mapping[str, Any]) -> None:
    rows = [
        (name, f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}", str(s.support)) for name, s in labels.items()
    ]
    console.table(("Étiquette", "Précision", "Rappel", "F1", "Exemples"), rows)


def _say_error(error: Any) -> None:
    what = "manque" if error.kind == "missed" else "en trop"
    console.say(f"- {error.label} {what} : {error.title or error.text[:80]}")
