"""What `veille run` does: a pass, its report, then the edition as a preview, or sent."""

from __future__ import annotations

from pathlib import Path

from core.runs import RunReport
from veille import collecting, console, issuing, telling
from veille.wiring import House


def one_pass(
    path: Path, slug: str, *, recheck: bool, send: bool, due: bool, quiet: bool, as_json: bool, dry_run: bool
) -> int:
    """Run and report; returns the exit code."""
    with House(path) as house:
        chosen = collecting.chosen_sources(house, slug, due)
        if dry_run:
            for source in chosen:
                console.say(f"serait lue : {source.name} ({source.slug})")
            return 0
        if not chosen:
            return _nothing(quiet, as_json, due)
        report = collecting.run_pass(house, chosen, recheck)
        if as_json:
            console.say_json(collecting.as_json(report))
        elif not quiet or report.sources_failed:
            collecting.describe(report, house.sources)
        if not quiet and not as_json:
            _preview(house)
        code = collecting.exit_code(report)
        if send:
            edition = telling.prepare(house, telling.chosen_period(house, ""))
            code = issuing.send_now(house, edition, as_json) or code
        return code


def _nothing(quiet: bool, as_json: bool, due: bool) -> int:
    if as_json:
        console.say_json(collecting.as_json(RunReport()))
    elif not quiet:
        console.say("Aucune source n'est due." if due else "Aucune source n'est active dans la configuration.")
    return 0


def _preview(house: House) -> None:
    """Compose the edition as it stands, and say where to read it."""
    edition = telling.prepare(house, telling.chosen_period(house, ""))
    if edition.id is not None:
        console.say(f"L'édition {edition.period.key} est déjà figée : les nouveautés iront à la suivante.")
        return
    written = telling.preview(house, edition, house.config.data / "preview")
    entries = console.count(len(edition.entries), "article")
    console.say(f"Édition {edition.period.key} en préparation : {entries} ; aperçu : {written[1]}")
