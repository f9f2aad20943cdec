"""`veille purge`: texts and raw pages whose time is over leave; what was taken away is told."""

from __future__ import annotations

from pathlib import Path

from core.history import Purged
from veille import console
from veille.wiring import House


def purge(path: Path, *, quiet: bool, dry_run: bool, as_json: bool) -> int:
    """Purge and report; returns the exit code. Raises AlreadyRunning while a pass is under way."""
    from db.lock import run_lock
    from pipeline.purge import purge as take_away

    with House(path) as house:
        store = house.store
        with run_lock(house.config.data, "run"):
            taken = take_away(house.config.sources, store.purge, house.clock.now(), dry_run=dry_run)
        unconfirmed = 0 if dry_run else store.joining.sweep(house.clock.now())
        if as_json:
            console.say_json(taken)
        elif taken != Purged() or not quiet:
            console.say(_sentence(taken, dry_run))
        if unconfirmed and not as_json and not quiet:
            told = console.count(unconfirmed, "demande d'inscription", "demandes d'inscription")
            console.say(f"{told} sans confirmation depuis sept jours : effacé.")
    return 0


def _sentence(taken: Purged, dry_run: bool) -> str:
    if taken == Purged():
        return "Rien à effacer : aucun texte n'a dépassé la durée que sa source permet (keep_days)."
    pages = console.count(taken.pages, "page enregistrée", "pages enregistrées")
    told = [f"{console.count(taken.texts, 'texte')} et {pages} {'à effacer' if dry_run else 'effacés'}"]
    if taken.unmatched:
        bare = console.count(taken.unmatched, "article")
        told.append(f"{bare} sans étiquette ne garde{'nt' if taken.unmatched > 1 else ''} que titre, date et adresse")
    if taken.files:
        size = f"{taken.bytes / 1_000_000:.1f}".replace(".", ",")
        told.append(f"{console.count(taken.files, 'fichier')} sans usage, {size} Mo")
    return " ; ".join(told) + "."
