"""Files of subscribers: a CSV that brings persons with the proof that they agreed, and one that takes them away."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.errors import ConfigError, VeilleError
from core.wishes import FOR_GOOD, Consent
from veille import console
from veille.wiring import House

NEEDED = ("adresse", "preuve")
COLUMNS = (*NEEDED, "depuis", "sorte", "rythme", "format", "sujets", "pause")
MAX_PROOF = 500
PARTIAL = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a file; `number` is the line's, the head being the first."""

    number: int
    address: str
    proof: str
    since: datetime | None


def bring(house: House, path: Path, *, as_json: bool, dry_run: bool) -> int:
    """`veille subscriber import`: add those who may be; returns the exit code. No address is printed."""
    done: Counter[str] = Counter()
    refused: list[tuple[int, str]] = []
    for number, line in _read(path):
        try:
            done[_add(house, _checked(house, number, line), dry_run)] += 1
        except VeilleError as error:
            refused.append((number, str(error)))
    if as_json:
        told = {"added": done["new"], "known": done["known"], "left": done["left"], "done": not dry_run}
        console.say_json({**told, "refused": [{"line": number, "reason": reason} for number, reason in refused]})
    else:
        _say(done, refused, dry_run)
    return PARTIAL if refused else 0


def _add(house: House, line: Line, dry_run: bool) -> str:
    """What became of a line: `new`, `known`, or `left` for somebody whom no import brings back (threat B15)."""
    people, now = house.store.subscribers, house.clock.now()
    standing = people.standing(line.address)
    if standing == "new" and not dry_run:
        since = line.since or now
        people.add(line.address, "person", since, consent=Consent(since, line.proof))
    return standing


def _checked(house: House, number: int, row: dict[str, str]) -> Line:
    proof = " ".join(row.get("preuve", "").split())
    if not proof or len(proof) > MAX_PROOF:
        raise VeilleError(f"La preuve de l'accord manque, ou dépasse {MAX_PROOF} caractères.")
    if row.get("sorte", "") not in ("", "personne"):
        raise VeilleError("Une liste s'inscrit par « veille subscriber add … --list ».")
    return Line(number, row.get("adresse", ""), proof, _day(house, row.get("depuis", "")))


def _day(house: House, text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = house.day_start(datetime.strptime(text, "%Y-%m-%d"))
    except ValueError:
        raise VeilleError("« depuis » est un jour, comme 2026-11-23.") from None
    if day > house.clock.now():
        raise VeilleError("« depuis » est un jour à venir.")
    return day


def _read(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Raises ConfigError for a file that is no CSV with the columns that are needed."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path} ne se lit pas ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} n'est pas en UTF-8.") from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",", restval="")
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in NEEDED if name not in names]:
        raise ConfigError(f"{path} : colonne manquante : {', '.join(missing)}. Attendu : adresse;preuve;depuis.")
    reader.fieldnames = names
    try:
        return [(reader.line_num, {k: _bare(v) for k, v in row.items() if isinstance(v, str)}) for row in reader]
    except csv.Error as error:
        raise ConfigError(f"{path}, ligne {reader.line_num} : ce n'est pas un CSV ({error}).") from None


def _bare(text: str) -> str:
    """Without the apostrophe that an export puts before what a spreadsheet would compute."""
    return text.strip().removeprefix("'")


def _say(done: Counter[str], refused: list[tuple[int, str]], dry_run: bool) -> None:
    verb = "à inscrire" if dry_run else "inscrites"
    told = [f"{console.number(done['new'])} {verb}", f"{console.number(done['known'])} déjà là"]
    if done["left"]:
        told.append(f"{console.number(done['left'])} parties d'elles-mêmes : qu'elles le redemandent")
    if refused:
        told.append(f"{console.count(len(refused), 'ligne refusée', 'lignes refusées')}")
    console.say(" ; ".join(told) + ".")
    for number, reason in refused:
        console.say(f"  ligne {number} : {reason}")


def take(house: House) -> str:
    """`veille subscriber export`: everybody, as CSV."""
    from archive.export_csv import csv_table

    rows = (
        (
            each.address,
            each.consent.proof if each.consent else "",
            (each.consent.at if each.consent else each.since).astimezone(house.zone).date().isoformat(),
            "liste" if each.kind == "list" else "personne",
            "mois" if each.wishes.frequency == "monthly" else "semaine",
            "texte" if each.wishes.format == "text" else "html",
            " ".join(each.wishes.topics),
            _pause(house, each.wishes.paused_until),
        )
        for each in house.store.subscribers.active()
    )
    return csv_table(COLUMNS, rows, ()).decode("utf-8-sig")


def _pause(house: House, until: datetime | None) -> str:
    if until is None or until <= house.clock.now():
        return ""
    return "sans fin" if until >= FOR_GOOD else until.astimezone(house.zone).date().isoformat()
