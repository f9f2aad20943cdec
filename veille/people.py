"""What `veille subscriber` does: the persons and the lists that receive the edition."""

from __future__ import annotations

from core.editions import SubscriberKind
from core.errors import ConfigError
from veille import console
from veille.wiring import House


def add(house: House, address: str, *, is_list: bool, way_out: str, sender: str, again: bool, dry_run: bool) -> None:
    """Add a recipient; a list must say how its members leave it."""
    if is_list and not way_out:
        raise ConfigError(
            "Pour une liste, dites comment on la quitte : --unsubscribe liste-desinscription@… (ou une page en https://)."
        )
    if not is_list and (way_out or sender):
        raise ConfigError("--unsubscribe et --from ne valent que pour une liste (--list).")
    kind: SubscriberKind = "list" if is_list else "person"
    if dry_run:
        console.say(f"serait inscrite comme {'liste' if is_list else 'personne'} : {address}")
        return
    house.store.subscribers.add(address, kind, house.clock.now(), way_out, sender, again=again)
    console.say("Liste inscrite." if is_list else "Personne inscrite.")


def show(house: House, as_json: bool) -> None:
    active = house.store.subscribers.active()
    if as_json:
        rows = [{"address": s.address, "kind": s.kind, "since": s.since, "unsubscribe": s.unsubscribe} for s in active]
        console.say_json({"subscribers": rows})
        return
    cells = [(s.address, "liste" if s.kind == "list" else "personne", console.day(s.since)) for s in active]
    console.table(("Adresse", "Sorte", "Depuis"), cells)


def remove(house: House, address: str, dry_run: bool) -> None:
    if dry_run:
        console.say("serait retirée" if house.store.subscribers.find(address) else "n'est pas inscrite")
        return
    if not house.store.subscribers.remove(address):
        raise ConfigError("Cette adresse n'est pas inscrite.")
    console.say("Adresse retirée.")
