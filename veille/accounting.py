"""What `veille deliveries` says: for each of the last editions, what was due and what was accepted; no address."""

from __future__ import annotations

from pathlib import Path

from pipeline.delivery import Delivery, account
from veille import console
from veille.wiring import House


def deliveries(house: House, count: int) -> list[Delivery]:
    """Of the last editions, the latest first; those that nobody was to receive are left out."""
    ledger, returns = house.store.editions, house.store.returns
    editions = [each for each in ledger.editions(count) if each.id is not None and each.state != "empty"]
    return [account(each, ledger.rows(each.id or 0), returns.returned(each.id or 0)) for each in editions]


def show(path: Path, count: int, as_json: bool) -> int:
    """Returns the exit code: 4 when an account is not right."""
    with House(path) as house:
        found = deliveries(house, count)
    if as_json:
        console.say_json({"deliveries": found})
    elif not found:
        console.say("Aucune édition n'est encore partie.")
    else:
        heads = (
            "Édition",
            "Dus",
            "Acceptés",
            "À reprendre",
            "Refusés",
            "Incertains",
            "Sans objet",
            "Revenus",
            "Remarque",
        )
        console.table(heads, [_cells(each) for each in found])
    return 4 if any(each.fault for each in found) else 0


def _cells(one: Delivery) -> tuple[str, ...]:
    counts = (one.due, one.accepted, one.waiting, one.failed, one.unknown, one.suppressed, one.returned)
    skipped = "sautée, ses articles vont à la suivante" if one.state == "skipped" else ""
    doubts = f"incertains : mails n° {', '.join(map(str, one.unknown_mails))}" if one.unknown_mails else ""
    return (one.edition, *(console.number(each) for each in counts), one.fault or skipped or doubts)
