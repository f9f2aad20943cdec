"""What `veille bounces` does: read the mails that came back, from a Maildir or one by one; say who is suspended."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import AlreadyRunning, ConfigError, StoreError
from core.returns import FOR_MAINTAINERS, Effect
from veille import console
from veille.wiring import House

FOLDER = "retours"
MOST_KEPT = 100
"""Mails kept in the data folder for a person to look at, of those given on the standard input."""
SAID: dict[Effect, str] = {
    "suspended": "adresse morte, suspendue",
    "counted": "refus passager, compté",
    "left": "plainte : la personne est désinscrite",
    "list": "une liste de diffusion refuse : elle reste inscrite, voyez avec son propriétaire",
    "ours": "refus de notre mail, de notre domaine ou de notre serveur : à regarder",
    "held": "trop d'adresses mortes le même jour pour y croire : rien n'est fait",
    "gone": "la personne était déjà partie",
    "automatic": "réponse automatique ou avis de retard, ignoré",
    "unproven": "sans notre preuve : rien n'est fait, à regarder",
    "unreadable": "illisible : rien n'est fait, à regarder",
    "again": "déjà lu",
}


@dataclass(slots=True)
class ReturnsReport:
    """What was made of the mails read."""

    effects: Counter[Effect] = field(default_factory=Counter)
    to_look_at: list[str] = field(default_factory=list)
    """Files that a maintainer should open."""


def read_all(house: House, maildir: Path | None, *, stdin: bool, dry_run: bool) -> ReturnsReport:
    """Read what came back; in a Maildir, what was read is marked as such and never read again."""
    from db.lock import run_lock

    read = reader(house, dry_run=dry_run)
    told = ReturnsReport()
    house.config.data.mkdir(parents=True, exist_ok=True)
    with run_lock(house.config.data, "returns"):
        if stdin:
            raw = sys.stdin.buffer.read(_longest() + 1)
            effect = read(raw)
            told.effects[effect] += 1
            if effect in ("unproven", "unreadable", "ours", "list") and not dry_run:
                told.to_look_at += _keep(house, raw)
        for file in waiting(maildir) if maildir else ():
            with file.open("rb") as opened:
                effect = read(opened.read(_longest() + 1))
            told.effects[effect] += 1
            shown = effect in FOR_MAINTAINERS and effect != "suspended"
            place = file if dry_run else _mark(file, flagged=shown)
            told.to_look_at += [str(place)] if shown else []
    return told


def reader(house: House, *, dry_run: bool = False) -> Callable[[bytes], Effect]:
    """What acts upon one mail, in one transaction."""
    from alerts.returns import Unreadable, read

    secret = house.bounce_secret
    if not secret:
        raise ConfigError(
            "VEILLE_BOUNCE_SECRET n'est pas réglé : aucun retour ne peut être cru (guide du mail, « Les retours »)."
        )

    def act(raw: bytes) -> Effect:
        try:
            returned = read(raw, secret)
        except Unreadable:
            return "unreadable"
        return house.store.returns.note(returned, house.clock.now(), dry_run=dry_run)

    return act


def _longest() -> int:
    from alerts.returns import MAX_BYTES

    return MAX_BYTES


def waiting(maildir: Path) -> Iterator[Path]:
    """Mails of a Maildir that were not read; raises ConfigError when it is none."""
    if not (maildir / "new").is_dir() or not (maildir / "cur").is_dir():
        raise ConfigError(f"{maildir} n'est pas un Maildir : il y faut les dossiers « new » et « cur ».")
    for folder in ("new", "cur"):
        for file in sorted((maildir / folder).iterdir()):
            if file.is_file() and not file.name.startswith(".") and "S" not in file.name.partition(":2,")[2]:
                yield file


def _mark(file: Path, *, flagged: bool) -> Path:
    """Seen, and flagged when a person should look at it: as a mail program would mark it."""
    name, _, flags = file.name.partition(":2,")
    flags = "".join(sorted(set(flags) | {"S"} | ({"F"} if flagged else set())))
    place = file.parents[1] / "cur" / f"{name}:2,{flags}"
    with suppress(FileNotFoundError):  # another program moved it: it will be known by its bytes
        file.rename(place)
    return place


def _keep(house: House, raw: bytes) -> list[str]:
    """A mail given on the standard input, kept for a person to look at; no more than a hundred."""
    import hashlib

    folder = house.config.data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if len(list(folder.glob("*.eml"))) >= MOST_KEPT:
        return []
    place = folder / f"{hashlib.sha256(raw).hexdigest()[:16]}.eml"
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(raw)
    return [str(place)]


def command(path: Path, what: str, maildir: Path | None, *, dry_run: bool, quiet: bool, as_json: bool) -> int:
    """Returns the exit code; 75 where a mail server should give the same mail again (sysexits, EX_TEMPFAIL)."""
    if what not in ("", "-"):
        raise ConfigError("Un retour se lit sur l'entrée standard (veille bounces -) ou dans un Maildir (--maildir).")
    with House(path) as house:
        maildir = maildir or (house.config.mail.maildir if not what else None)
        if what or maildir:
            try:
                told = read_all(house, maildir, stdin=bool(what), dry_run=dry_run)
                return 0 if quiet else _say(told, as_json)
            except StoreError as error:
                console.warn(str(error))
                return AlreadyRunning.exit_code if what else StoreError.exit_code
        return _show(house, as_json)


def _say(told: ReturnsReport, as_json: bool) -> int:
    if as_json:
        console.say_json({"effects": dict(told.effects), "to_look_at": told.to_look_at})
        return 0
    if not told.effects:
        console.say("Aucun nouveau retour.")
    for effect, count in sorted(told.effects.items()):
        console.say(f"{console.count(count, 'retour')} : {SAID[effect]}.")
    for file in told.to_look_at:
        console.say(f"  à regarder : {file}")
    return 0


def _show(house: House, as_json: bool) -> int:
    """Who is suspended, by address: for a person's eyes, never for a log."""
    suspended = house.store.returns.suspensions()
    if as_json:
        console.say_json({"suspended": suspended})
        return 0
    if not suspended:
        console.say("Aucune adresse n'est suspendue.")
        return 0
    rows = [(each.address, console.day(each.since), each.code or "refus répétés") for each in suspended]
    console.table(("Adresse suspendue", "Depuis", "Cause"), rows)
    console.say("Une adresse qui marche à nouveau : veille subscriber add ADRESSE --again")
    return 0
