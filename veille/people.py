"""What `veille subscriber` does: the persons and the lists that receive the edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.editions import Subscriber, SubscriberKind
from core.errors import ConfigError
from core.members import Member
from core.wishes import Consent
from veille import console
from veille.wiring import House

MOST_PROPOSALS = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What `veille subscriber add` is told, as typed."""

    address: str
    is_list: bool = False
    way_out: str = ""
    sender: str = ""
    again: bool = False
    proof: str = ""


def add(house: House, asked: Asked, dry_run: bool) -> None:
    """Add a recipient; a list must say how its members leave it."""
    is_list, way_out, sender = asked.is_list, asked.way_out, asked.sender
    if is_list and not way_out:
        raise ConfigError(
            "Pour une liste, dites comment on la quitte : --unsubscribe liste-desinscription@… (ou une page en https://)."
        )
    if not is_list and (way_out or sender):
        raise ConfigError("--unsubscribe et --from ne valent que pour une liste (--list).")
    if is_list and asked.proof:
        raise ConfigError("--proof ne vaut que pour une personne.")
    kind: SubscriberKind = "list" if is_list else "person"
    if dry_run:
        console.say(f"serait inscrite comme {'liste' if is_list else 'personne'} : {asked.address}")
        return
    now, proof = house.clock.now(), " ".join(asked.proof.split())
    consent = Consent(now, proof) if proof else None
    house.store.subscribers.add(asked.address, kind, now, way_out, sender, again=asked.again, consent=consent)
    console.say("Liste inscrite." if is_list else "Personne inscrite.")


def show(house: House, as_json: bool) -> None:
    active = house.store.subscribers.active()
    if as_json:
        rows = [
            {
                "address": s.address,
                "kind": s.kind,
                "since": s.since,
                "unsubscribe": s.unsubscribe,
                "wishes": s.wishes,
                "consent": s.consent,
            }
            for s in active
        ]
        console.say_json({"subscribers": rows})
        return
    now = house.clock.now()
    cells = [
        (s.address, "liste" if s.kind == "list" else "personne", console.day(s.since), _receives(s, now))
        for s in active
    ]
    console.table(("Adresse", "Sorte", "Depuis", "Reçoit"), cells)


def _receives(subscriber: Subscriber, now: datetime) -> str:
    """« chaque semaine », « chaque mois (eau), en pause »."""
    wishes = subscriber.wishes
    told = "chaque mois" if wishes.frequency == "monthly" else "chaque semaine"
    topics = f" ({', '.join(wishes.topics)})" if wishes.topics else ""
    return f"{told}{topics}{', en pause' if wishes.is_paused(now) else ''}"


def show_one(house: House, address: str) -> None:
    """All that is kept of one address, for its owner who asks (GDPR, articles 15 and 20): one JSON object."""
    found, member = house.store.joining.record(address), house.store.members.find(address)
    if found is None and member is None:
        raise ConfigError("Rien n'est gardé de cette adresse.")
    person = found.subscriber if found else None
    console.say_json(
        {
            "subscriber": person and _without(person, "token"),
            "asked_unconfirmed": found.asked if found else (),
            "mails": found.mails if found else (),
            "suspended_since": found.suspended if found else None,
            "member": member and _of_member(house, member),
        }
    )


def _of_member(house: House, member: Member) -> dict[str, object]:
    """What a member keeps and proposed, and the devices that they signed in on; no token."""
    store = house.store
    return {
        **console.plain(member),
        "searches": [_without(each, "token") for each in store.searches.of(member.id)],
        "readings": store.readings.of(member.id),
        "proposals": store.proposals.of(member.id, MOST_PROPOSALS),
        "devices": [_without(each, "member") for each in store.sessions.sessions(member.id, house.clock.now())],
    }


def _without(record: object, name: str) -> dict[str, object]:
    return {key: value for key, value in console.plain(record).items() if key != name}


def leave_by_mail(house: House, content: bytes, *, as_json: bool, dry_run: bool) -> None:
    """One mail, as received: whoever it asks to leave, leaves. Any other mail changes nothing, and is no error."""
    from alerts.leaving import leave_request

    token = leave_request(content)
    subscribers, now = house.store.subscribers, house.clock.now()
    there = token is not None and subscribers.by_token(token) is not None
    if token is not None and not dry_run:
        subscribers.leave(token, now)
    if as_json:
        console.say_json({"asked": token is not None, "left": there, "done": not dry_run})
        return
    if token is None:
        console.say("Ce mail ne demande pas de partir : rien n'est changé.")
    elif there:
        console.say("Serait désabonnée." if dry_run else "Personne désabonnée : son adresse est effacée.")
    else:
        console.say("Personne n'est inscrit sous ce lien : déjà partie, ou lien inconnu.")


def remove(house: House, address: str, dry_run: bool) -> None:
    if dry_run:
        console.say("serait retirée" if house.store.subscribers.find(address) else "n'est pas inscrite")
        return
    if not house.store.subscribers.remove(address):
        raise ConfigError("Cette adresse n'est pas inscrite.")
    console.say("Adresse retirée.")
