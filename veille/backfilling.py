"""`veille backfill`: the history of a source enters the archive, and no mail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ConfigError
from core.sources import Source
from veille import collecting, console
from veille.progress import Progress
from veille.wiring import House

if TYPE_CHECKING:
    from pipeline.backfill import BackfillReport

HAVE_A_PAST = "flux, plan de site, liste ou API"


def backfill(path: Path, slug: str, since: datetime, most: int, *, dry_run: bool, as_json: bool) -> int:
    """Ask, report; returns the exit code: 4 when the site stopped it, 1 when nothing of it could be read.

    Raises ConfigError for a source that is unknown or has no entry point with a past, AlreadyRunning while a pass is
    under way.
    """
    with House(path) as house:
        source, start = _chosen(house, slug), house.day_start(since)
        if start >= house.clock.now():
            raise ConfigError("--since : ce jour n'est pas encore passé.")
        if dry_run:
            _announce(house, source, start, most)
            return 0
        report = _ask(house, source, start, most)
        if as_json:
            console.say_json(report)
        else:
            _describe(report, source, house)
    if report.failures and not report.entry_pages:
        return collecting.FAILED
    return collecting.PARTIAL if report.troubled or (report.failures and not report.finished) else 0


def _chosen(house: House, slug: str) -> Source:
    source = collecting.chosen_sources(house, slug, due=False)[0]
    if not (source.feeds or source.sitemaps or source.listing or source.api):
        raise ConfigError(f"« {slug} » n'a aucune entrée qui ait un passé ({HAVE_A_PAST}).")
    return source


def _ask(house: House, source: Source, since: datetime, most: int) -> BackfillReport:
    from db.lock import run_lock
    from pipeline.backfill import backfill as walk

    house.config.data.mkdir(parents=True, exist_ok=True)
    lock, ports = run_lock(house.config.data, "run"), house.run_ports(house.collector(since=since, max_new=most))
    with lock, Progress("Historique") as progress, ports as joined:
        return walk(source, since, joined, house.store.backfills, progress)


def _announce(house: House, source: Source, since: datetime, most: int) -> None:
    from pipeline.backfill import entries_of

    known = house.store.backfills.find(source.slug)
    entries = [*source.sitemaps, *(part.url for part in (source.listing, source.api) if part), *source.feeds]
    console.say(f"{source.name} serait relue jusqu'au {console.day(since)}, {most} articles au plus, par :")
    for entry in entries:
        console.say(f"  {entry}")
    if house.store.backfills.goes_on(source.slug, since, entries_of(source)) and known is not None:
        console.say(f"Elle reprendrait où elle s'est arrêtée : {_entry_pages(known.cursor.left)} à lire.")


def _describe(report: BackfillReport, source: Source, house: House) -> None:
    added = console.count(report.articles, "article ajouté", "articles ajoutés")
    kept = console.count(report.matched, "retenu")
    read = console.count(report.entry_pages, "page d'entrée lue", "pages d'entrée lues")
    console.say(f"{source.name} : {added} à l'archive, dont {kept} ; {read}. Aucun ne partira par mail.")
    total = report.total
    if total.articles:
        span = f", datés du {console.day(total.first)} au {console.day(total.last)}" if total.first else ""
        undated = f", {console.count(total.undated, 'sans date', 'sans date')}" if total.undated else ""
        matched = console.count(total.matched, "retenu")
        counted = console.count(total.articles, "article")
        console.say(f"En tout, son historique compte {counted} ({matched}){span}{undated}.")
    console.say(_end(report))
    if report.failures:
        console.say()
        console.say("Ce qui n'a pas pu être lu :")
        rows = collecting.shown_failures(report.failures, house.sources)
        console.table(("Source", "Quoi", "Raison", "Adresse"), rows)


def _end(report: BackfillReport) -> str:
    if report.finished:
        return f"Tout ce que la source montre depuis le {console.day(report.since)} a été demandé."
    why = f" : {report.stop}" if report.stop else ""
    left = f"Il reste {_entry_pages(report.left)} à lire au moins"
    return f"Arrêt avant la fin{why}. {left} ; la même commande reprend ici."


def _entry_pages(count: int) -> str:
    return console.count(count, "page d'entrée", "pages d'entrée")
