"""docs/quality.md is what the tagger does today, and it does no worse than when these floors were set."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from classifiers import build
from core.sources import Topic

ROOT = Path(__file__).parents[2]
QUALITY = runpy.run_path(str(ROOT / "scripts" / "quality.py"), run_name="quality")
FLOORS = {
    "sealed-b.jsonl": {"cis": 0.98, "iis": 0.98, "marchandisation": 1.0, "central": 0.85},
    "tuned-b.jsonl": {"cis": 1.0, "iis": 1.0, "marchandisation": 1.0, "central": 0.88},
    "probes-c.jsonl": {"cis": 0.99, "iis": 1.0, "marchandisation": 1.0, "central": 0.9},
    "another_hand.jsonl": {"cis": 1.0, "iis": 1.0, "marchandisation": 1.0, "central": 0.99},
    "unseen.jsonl": {"cis": 1.0, "iis": 1.0, "marchandisation": 1.0},
    "gold.jsonl": {"cis": 1.0, "iis": 1.0, "marchandisation": 1.0, "central": 0.98},
}
"""F1, borderline texts aside; `central` on every labelled text."""


@pytest.fixture(scope="module")
def reports() -> dict[Any, Any]:
    """Every labelled set, scored once."""
    found: dict[Any, Any] = QUALITY["reports"](build([Topic("impact-social", "Impact social")], with_facts=False))
    return found


def test_the_quality_page_is_current(reports: dict[Any, Any]) -> None:
    """When rules or labelled texts change: make quality. Nothing is compared by eye: a sealed text must not show."""
    same = QUALITY["page"](reports) == (ROOT / "docs" / "quality.md").read_text("utf-8")
    assert same, "docs/quality.md is not current: make quality"


def test_no_score_drops_below_its_floor(reports: dict[Any, Any]) -> None:
    assert {Path(one.path).name for one in reports} == set(FLOORS)
    for one, report in reports.items():
        floors = FLOORS[Path(one.path).name]
        scores = {**report.without_borderline, "central": report.central}
        f1 = {name: scores[name].f1 for name in floors}
        assert all(f1[name] >= floor for name, floor in floors.items()), (one.path, f1)


def test_no_sealed_text_is_shown(reports: dict[Any, Any]) -> None:
    page = QUALITY["page"](reports)
    for one, report in reports.items():
        titles = [error.title for error in report.errors if error.title and report.central.support]
        if one.sealed:
            assert not any(title in page for title in titles), "a sealed title is on the page"
        else:
            assert all(title.replace("|", "\\|").replace("<", "&lt;") in page for title in titles)
