"""What `veille member` and `veille audit` do."""

from __future__ import annotations

import json
from typing import cast

from core.errors import ConfigError
from core.members import Member, MemberRole
from veille import console
from veille.wiring import House

WHO = "command"
"""In the audit, whoever has the machine."""


def add(house: House, address: str, name: str, role: str, *, as_json: bool, dry_run: bool) -> None:
    if dry_run:
        _done(None, f"Serait ajouté : {name}, {role}.", as_json)
        return
    member = house.store.members.add(address, name, cast("MemberRole", role), house.clock.now(), WHO)
    told = f"{member.name} est membre ({member.role})."
    if not house.config.public_url.startswith("https://"):
        told += " Pour se connecter d'ailleurs que de cette machine, il faut public_url en https ([web])."
    _done(member, told, as_json)


def show(house: House, as_json: bool) -> None:
    found = house.store.members.members()
    if as_json:
        console.say_json({"members": found})
        return
    rows = [(str(each.id), each.name, each.address, each.role, console.day(each.since)) for each in found]
    console.table(("Numéro", "Nom", "Adresse", "Rôle", "Depuis"), rows)


def change(house: House, address: str, role: str, *, as_json: bool, dry_run: bool) -> None:
    if dry_run:
        member = _known(house, address)
        _done(member, f"{member.name} : {member.role} deviendrait {role}.", as_json)
        return
    changed = house.store.members.set_role(address, cast("MemberRole", role), house.clock.now(), WHO)
    if changed is None:
        raise ConfigError(_NOBODY)
    _done(changed, f"{changed.name} : {changed.role}.", as_json)


def remove(house: House, address: str, *, as_json: bool, dry_run: bool) -> None:
    if dry_run:
        member = _known(house, address)
        _done(member, f"{member.name} serait retiré.", as_json)
        return
    member_gone = house.store.members.remove(address, house.clock.now(), WHO)
    if member_gone is None:
        raise ConfigError(_NOBODY)
    told = {"removed": member_gone.id}
    if as_json:
        console.say_json(told)
    else:
        console.say("Membre retiré : ses appareils sont déconnectés, son nom et son adresse effacés.")


def show_audit(house: House, limit: int, as_json: bool) -> None:
    changes = house.store.audit.latest(limit)
    if as_json:
        console.say_json({"changes": changes})
        return
    rows = [
        (console.day(each.at, with_hour=True), each.who, each.what, _short(each.before), _short(each.after))
        for each in changes
    ]
    console.table(("Quand", "Qui", "Quoi", "Avant", "Après"), rows)


_NOBODY = "Aucun membre n'a cette adresse."


def _known(house: House, address: str) -> Member:
    member = house.store.members.find(address)
    if member is None:
        raise ConfigError(_NOBODY)
    return member


def _done(member: Member | None, told: str, as_json: bool) -> None:
    if as_json:
        console.say_json({"member": member, "told": told})
    else:
        console.say(told)


def _short(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
