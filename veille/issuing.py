"""What `veille digest` does: compute, show, freeze, send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.editions import Edition, Period, SendReport
from veille import console, telling
from veille.wiring import House

PARTIAL = 4


def issue(path: Path, week: str, preview: Path | None, *, send: bool, due: bool, as_json: bool) -> int:
    """Returns the exit code."""
    with House(path) as house:
        if due:
            return _due(house, send=send, as_json=as_json)
        period = telling.chosen_period(house, week)
        edition = telling.prepare(house, period)
        if preview is not None:
            for file in telling.preview(house, edition, preview):
                console.warn(f"écrit : {file}")
        if send:
            return send_now(house, period, as_json=as_json)
        if as_json:
            console.say_json(edition_json(edition))
        elif preview is None:
            console.say(house.renderer.body(edition).text)
        return 0


def _due(house: House, *, send: bool, as_json: bool) -> int:
    edition = telling.due_edition(house)
    if edition is None:
        return 0
    if not send:
        console.say(f"L'édition {edition.period.key} est due.")
        return 0
    return _report(telling.send(house, edition), as_json)


def send_now(house: House, period: Period, *, as_json: bool) -> int:
    """Freeze and send the edition of a period, or finish the one begun; an empty one is neither frozen nor sent."""
    edition = telling.prepare(house, period)
    if not edition.entries:
        if as_json:
            console.say_json(SendReport(period.key))
        else:
            console.say(f"Édition {period.key} : rien de neuf, aucun mail.")
        return 0
    return _report(telling.send(house, edition), as_json)


def _report(report: SendReport, as_json: bool) -> int:
    if as_json:
        console.say_json(report)
        return PARTIAL if report.stopped else 0
    telling.describe(report)
    return 0


def edition_json(edition: Edition) -> dict[str, Any]:
    """The object of `veille digest --json`."""
    shown: dict[str, Any] = console.plain(edition)
    return shown
