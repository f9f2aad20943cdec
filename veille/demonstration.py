"""`veille demo`: the whole main job on the small web that the project ships, received by a real SMTP server."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from core.editions import Edition
from core.errors import ConfigError
from veille import collecting, console, sending, telling
from veille.serving import serve_archive
from veille.wiring import House

MARK = ".veille-demo"
PERSON = "abonnee@asso.example"
LIST = "liste-veille@listes.asso.example"
LEAVE_LIST = "liste-veille-desinscription@listes.asso.example"


def demonstrate(folder: Path, port: int) -> int:
    """Run the demonstration; returns the exit code."""
    from alerts.catcher import Catcher
    from demo.web import DemoWeb

    folder = _clean(folder)
    listen = f"127.0.0.1:{_free(port)}"
    received = folder / "mails-recus"
    received.mkdir()
    console.say("Un petit web de démonstration est servi sur cette machine ; la veille le lit comme le vrai.")
    with DemoWeb(datetime.now(UTC)) as web, Catcher(received) as catcher:
        path = folder / "config.toml"
        path.write_text(web.config(folder, catcher.port, f"http://{listen}"), encoding="utf-8")
        # What the environment says is for the true watch: a demonstration never writes into its database.
        database = "VEILLE_DATABASE_URL"
        for variable in ("VEILLE_NOW", database, f"{database}_FILE"):
            os.environ.pop(variable, None)
        with House(path) as house:
            _subscribe(house)
            report = collecting.run_pass(house, house.config.enabled)
            collecting.describe(report, house.sources)
            edition = telling.prepare(house, telling.chosen_period(house, ""))
            _say_kept(edition)
            sending.describe(sending.send(house, edition))
            written = telling.preview(house, telling.prepare(house, edition.period), folder / "apercu")
            _say_mails([mail.file for mail in catcher.caught], written)
            _archive(house, listen, path)
    return 0


def _clean(folder: Path) -> Path:
    """An empty folder of ours; another's files are never removed."""
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise ConfigError(
                f"Le dossier {folder} contient autre chose que la démonstration : choisissez-en un autre."
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    return folder


def _free(port: int) -> int:
    """The port asked for, or any free one when it is taken."""
    for wanted in (port, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", wanted))
            return int(probe.getsockname()[1])
    raise ConfigError("Aucun port n'est libre sur 127.0.0.1.")


def _subscribe(house: House) -> None:
    subscribers = house.store.subscribers
    subscribers.add(PERSON, "person", house.clock.now())
    subscribers.add(LIST, "list", house.clock.now(), LEAVE_LIST)


def _say_kept(edition: Edition) -> None:
    console.say()
    console.say(f"Ce qui a été retenu ({console.count(len(edition.entries), 'histoire')}) et pourquoi :")
    for entry in edition.entries:
        place = "" if entry.central else " (en passant)"
        console.say(f"  • {entry.title} — {entry.source}{place}")
        console.say(f"    {entry.why}")
        for copy in entry.copies:
            console.say(f"    aussi dans : {copy.source}")
    console.say()


def _say_mails(mails: list[Path], preview: list[Path]) -> None:
    console.say("Les mails reçus par le serveur SMTP de démonstration :")
    for mail in mails:
        console.say(f"  {mail}")
    console.say(f"La même édition, à ouvrir dans un navigateur : {preview[1]}")
    console.say()


def _archive(house: House, listen: str, path: Path) -> None:
    """Serve the archive until Ctrl-C where somebody is there to read it."""
    if not sys.stdin.isatty():
        console.say(f"L'archive s'ouvre avec : veille web --config {path}")
        return
    console.say(f"L'archive est ouverte sur http://{listen}/ — Ctrl-C pour finir.")
    with suppress(KeyboardInterrupt):
        serve_archive(house, listen)
