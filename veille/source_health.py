"""`veille source health`: how every source fares, worst first, since when, and what to do."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from core.health import ALARMS, ORDER, TITLES, Condition
from core.sources import Source
from pipeline.health import look
from pipeline.upkeep import since
from veille import console, upkeep
from veille.wiring import House


def show(path: Path, *, as_json: bool, everything: bool, mail: bool, due: bool, dry_run: bool) -> int:
    """Returns the exit code."""
    with House(path) as house:
        if mail:
            return upkeep.tell(house, due=due, dry_run=dry_run)
        conditions = conditions_of(house)
        if as_json:
            rows = [_row(source, conditions[source.slug]) for source in _ordered(house, conditions)]
            console.say_json({"sources": rows, "letter": upkeep.last_file(house)})
        else:
            _say(house, conditions, everything)
    return 0


def conditions_of(house: House) -> dict[str, Condition]:
    """How every source of the configuration fares now."""
    return look(house.config.sources, house.store.runs, house.clock.now())


def phrase(condition: Condition) -> str:
    """`en panne : le nom … n'existe pas`."""
    title = TITLES[condition.state]
    return title if condition.state in ("good", "new") else f"{title} : {condition.reason}"


def _ordered(house: House, conditions: dict[str, Condition]) -> list[Source]:
    return sorted(house.config.sources, key=lambda each: (ORDER[conditions[each.slug].state], each.name))


def _row(source: Source, condition: Condition) -> dict[str, Any]:
    return {"slug": source.slug, "name": source.name, "alarm": condition.state in ALARMS, **console.plain(condition)}


def _say(house: House, conditions: dict[str, Condition], everything: bool) -> None:
    now, ordered = house.clock.now(), _ordered(house, conditions)
    ill = [source for source in ordered if conditions[source.slug].state in ALARMS]
    if ill:
        verb = "demande un regard" if len(ill) == 1 else "demandent un regard"
        console.say(f"{console.count(len(ill), 'source')} sur {len(house.config.enabled)} {verb} :")
    else:
        console.say("Aucune source ne demande de regard.")
    for source in ill:
        _say_one(house, source, conditions[source.slug], now)
    rest = [source for source in ordered if source not in ill]
    console.say()
    if everything:
        cells = [(s.slug, s.name, phrase(conditions[s.slug])) for s in rest]
        console.table(("Source", "Nom", "État"), cells)
    elif rest:
        counts = Counter(TITLES[conditions[source.slug].state] for source in rest)
        told = ", ".join(console.count(number, title, plural(title)) for title, number in counts.items())
        console.say(f"Les autres : {told} (veille source health --all).")
    if not house.config.mail.maintainers:
        console.say("Personne ne reçoit le mail des mainteneurs : voir « maintainers » dans [mail].")
        if written := upkeep.last_file(house):
            console.say(f"Le dernier est écrit ici : {written}")


def plural(title: str) -> str:
    """The title of a state, for several sources: « pas encore lues », « lues normalement »."""
    first, *rest = title.split(" ")
    return " ".join([first, *rest[:-1], f"{rest[-1]}s"]) if first == "pas" else " ".join([f"{first}s", *rest])


def _say_one(house: House, source: Source, condition: Condition, now: datetime) -> None:
    console.say()
    console.say(f"{source.name} ({source.slug}) : {TITLES[condition.state]}{since(condition, now, house.zone)}")
    console.say(f"  {condition.reason}")
    if condition.advice:
        console.say(f"  à faire : {condition.advice}")
    if condition.proposal:
        console.say(f"  proposition : {condition.proposal}")
