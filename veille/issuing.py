"""What `veille digest` does: compute, show, freeze, send."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.editions import Edition, SendReport
from core.recipients import SERIES
from veille import console, sending, telling
from veille.wiring import House

PARTIAL = 4


def issue(
    path: Path,
    period: tuple[str, str],
    preview: Path | None,
    *,
    send: bool,
    resend: bool,
    due: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Returns the exit code; `period`: a week and a month as typed, one at most; neither for this week."""
    with House(path) as house:
        if due:
            return _due(house, send=send and not dry_run, as_json=as_json)
        edition = telling.prepare(house, telling.chosen_period(house, *period))
        if preview is not None:
            for file in telling.preview(house, edition, preview):
                console.warn(f"écrit : {file}")
        if send or resend:
            return _foresee(house, edition, as_json) if dry_run else send_now(house, edition, as_json, resend=resend)
        if as_json:
            console.say_json(edition_json(edition))
        elif preview is None:
            console.say(telling.shown_text(house, edition))
        return 0


def _due(house: House, *, send: bool, as_json: bool) -> int:
    """The weekly edition, then the monthly one; one that stops does not keep the other from being asked later."""
    found = (_due_of(house, series, send=send, as_json=as_json) for series in SERIES)
    reports = [report for report in found if report is not None]
    if as_json:
        console.say_json({"editions": reports})
    return PARTIAL if any(report.stopped for report in reports) else 0


def _due_of(house: House, series: str, *, send: bool, as_json: bool) -> SendReport | None:
    """What became of the edition of a series that is due, said at once unless `as_json`; None when none is."""
    edition = telling.due_edition(house, series)
    if edition is None:
        return None
    if not send:
        if not as_json:
            console.say(f"L'édition {edition.period.key} est due.")
        return sending.foreseen(house, edition)
    report = sending.send(house, edition, by_hand=False)
    if not as_json:
        sending.describe(report)
    return report


def _foresee(house: House, edition: Edition, as_json: bool) -> int:
    """`--send --dry-run`: to how many it would go, or how it stands, the held mails by name."""
    report = sending.foreseen(house, edition)
    if edition.id is not None or as_json:
        return _report(report, sending.named_rows(house, edition), as_json)
    entries = console.count(len(edition.entries), "article")
    recipients = console.count(report.due, "destinataire")
    console.say(f"L'édition {edition.period.key} ({entries}) serait figée et envoyée à {recipients}.")
    return 0


def send_now(house: House, edition: Edition, as_json: bool, *, resend: bool = False) -> int:
    """Freeze and send an edition, or finish the one begun; an empty one is recorded, not sent."""
    if not telling.tells_somebody(house, edition):
        telling.close_empty(house, edition)
        if as_json:
            console.say_json(SendReport(edition.period.key))
        else:
            console.say(f"Édition {edition.period.key} : rien de neuf, aucun mail.")
        return 0
    report = sending.send(house, edition, resend=resend)
    return _report(report, sending.named_rows(house, edition), as_json)


def _report(report: SendReport, named: Sequence[sending.NamedRow], as_json: bool) -> int:
    if as_json:
        console.say_json({**console.plain(report), "recipients": named})
        return PARTIAL if report.stopped else 0
    sending.describe(report, named)
    return 0


def edition_json(edition: Edition) -> dict[str, Any]:
    """The object of `veille digest --json`."""
    shown: dict[str, Any] = console.plain(edition)
    return shown
