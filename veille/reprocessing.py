"""`veille reprocess`: the archive read again from its raw pages, and what that changes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ConfigError
from veille import console
from veille.progress import Progress
from veille.wiring import House

if TYPE_CHECKING:
    from pipeline.replay import Change, ReplayReport


def reprocess(path: Path, slug: str, since: datetime | None, *, dry_run: bool, as_json: bool) -> int:
    """Replay and report; returns the exit code. Raises ConfigError for a source that neither the configuration nor
    the archive knows, AlreadyRunning while a pass is under way."""
    from db.lock import run_lock
    from pipeline.replay import Choice, replay

    with House(path) as house:
        if slug and slug not in house.sources and slug not in house.store.runs.states(counted=True):
            raise ConfigError(f"Aucune source ne s'appelle « {slug} » (voir : veille source list).")
        choice = Choice(slug, house.day_start(since) if since else None)
        with run_lock(house.config.data, "run"), Progress("Relecture") as progress, house.run_ports() as ports:
            report = replay(ports, house.store.replays, choice, dry_run=dry_run, progress=progress)
        if as_json:
            console.say_json(report)
        else:
            _describe(report, house)
    return 0


def _describe(report: ReplayReport, house: House) -> None:
    console.say(f"{console.count(report.replayed, 'article relu', 'articles relus')} sur {report.articles}.")
    console.say(_corrections(report))
    if report.biggest:
        console.say()
        console.say("Les plus grands changements :")
        rows = [_row(change, house) for change in report.biggest]
        console.table(("Source", "Titre", "Caractères", "Étiquettes", "Adresse"), rows)
    if report.unread:
        console.say()
        console.say("Ce qui n'a pas pu être relu, et reste tel quel :")
        unread = [
            (house.source_name(each.source), each.reason, str(each.count), each.urls[0]) for each in report.unread
        ]
        console.table(("Source", "Raison", "Articles", "Le premier"), sorted(unread))


def _corrections(report: ReplayReport) -> str:
    if not report.corrected:
        return "Rien à corriger : l'archive dit déjà ce que l'extraction et les règles d'aujourd'hui trouvent."
    verb = "à corriger" if report.dry_run else "corrigé" if report.corrected < 2 else "corrigés"
    tagged = console.count(report.tags, "article")
    return (
        f"{console.count(report.corrected, 'article')} {verb} : {console.count(report.texts, 'texte')}, "
        f"{console.count(report.titles, 'titre')}, {console.count(report.dates, 'date')}, étiquettes de {tagged}."
    )


def _row(change: Change, house: House) -> tuple[str, ...]:
    tags = " ".join([*(f"+{label}" for label in change.gained), *(f"-{label}" for label in change.lost)])
    size = f"{change.before} → {change.after}"
    return (house.source_name(change.source), change.title[:80], size, tags or "—", change.url)
