"""The letters to the maintainers: what they say of sendings and of this machine, and their way out."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from core.editions import Edition
from core.errors import OutcomeUnknown, SendError
from core.mailing import Channel
from core.returns import Effect
from core.upkeep import Letter
from pipeline import periods, upkeep
from pipeline.delivery import account
from pipeline.health import look
from veille import console
from veille.wiring import House

LATE = timedelta(hours=6)
"""After its hour, an edition that has not left cannot wait (threat C16)."""
STALE = timedelta(days=2)
LITTLE_DISK = 500 * 1024 * 1024
"""Bytes free under which pages and mails will soon not be written."""
TOLD_FOR = timedelta(days=15)
PARTIAL = 4
MOST_NUMBERS = 10
"""Mails in doubt that a letter names by their number."""
FOLDER = "maintenance"
WEEKLY, URGENT = "maintenance", "maintenance-urgent"


def tell(house: House, *, due: bool, dry_run: bool) -> int:
    """Send the letters that are to be sent; with `due`, silently and only in their time. Returns the exit code."""
    from db.lock import run_lock

    if dry_run:
        return _foresee(house)
    house.config.data.mkdir(parents=True, exist_ok=True)
    with run_lock(house.config.data, "maintenance"):
        code = 0
        if (letter := _urgent(house)) and house.store.notes.read(URGENT) != letter.key:
            code = _send(house, letter, URGENT, letter.key)
        return _tell_weekly(house, due) or code


def _tell_weekly(house: House, due: bool) -> int:
    now, told = house.clock.now(), _told(house)
    if due and not upkeep.is_due(told, now, house.zone):
        return 0
    if not due and told.week == periods.week_key(now, house.zone):
        console.say("Le mail de cette semaine est déjà parti.")
        return 0
    letter, next_told = _weekly(house)
    if letter is None:
        if not due:
            console.say("Rien à dire aux mainteneurs.")
        return 0
    return _send(house, letter, WEEKLY, next_told.to_json())


def _foresee(house: House) -> int:
    from alerts.letter import text

    letters = [letter for letter in (_urgent(house), _weekly(house)[0]) if letter]
    for letter in letters:
        console.say(f"Objet : {letter.subject}\n\n{text(letter)}")
    if not letters:
        console.say("Rien à dire aux mainteneurs.")
    return 0


def _told(house: House) -> upkeep.Told:
    return upkeep.Told.from_json(house.store.notes.read(WEEKLY))


def _weekly(house: House) -> tuple[Letter | None, upkeep.Told]:
    config, now, zone = house.config, house.clock.now(), house.zone
    conditions = look(config.sources, house.store.runs, now)
    facts = (*sending_facts(house), *alert_facts(house), *return_facts(house))
    letter = upkeep.weekly(config.name, config.sources, conditions, facts, _told(house), now, zone)
    return letter, upkeep.told_now(conditions, facts, now, zone)


def _urgent(house: House) -> Letter | None:
    return upkeep.urgent(house.config.name, tuple(urgent_facts(house)), house.clock.now(), house.zone)


def _send(house: House, letter: Letter, note: str, value: str) -> int:
    """Send, then remember that it was; a letter that cannot leave is written as a file, and tried again later."""
    trouble = _leave(house, letter)
    if not trouble:
        house.store.notes.write(note, value)
        return 0
    written = _write(house, letter)
    console.warn(f"Le mail aux mainteneurs n'est pas parti ({trouble}) ; il est écrit ici : {written}")
    return PARTIAL


def _leave(house: House, letter: Letter) -> str:
    """Why nobody could be written to; empty when somebody was."""
    from alerts.letter import message

    addresses = house.config.mail.maintainers
    if not addresses:
        _write(house, letter)
        return ""
    troubles = []
    with closing(house.channel()) as channel:
        for address in addresses:
            mail = message(letter, house.mail_settings, address, house.clock.now())
            channel.pace()
            try:
                receipt = channel.send(mail)
            except OutcomeUnknown:
                continue  # perhaps it left: a second one would begin a storm
            except SendError as error:
                troubles.append(str(error))
                continue
            if receipt.state != "sent":
                troubles.append(receipt.reply)
    return troubles[0] if len(troubles) == len(addresses) else ""


def _write(house: House, letter: Letter) -> Path:
    """The letter as a file in the data folder, replaced when the same is written again."""
    from alerts.folder import FolderChannel
    from alerts.letter import message

    channel: Channel = FolderChannel(house.config.data / FOLDER)
    to = (house.config.mail.maintainers or (house.config.contact,))[0]
    return Path(channel.send(message(letter, house.mail_settings, to, house.clock.now())).reply)


def last_file(house: House) -> str:
    """The last letter that was written as a file; empty when none was."""
    found = sorted((house.config.data / FOLDER).glob("*.eml"), key=lambda file: file.stat().st_mtime)
    return str(found[-1]) if found else ""


# ---------------------------------------------------------------- facts


def sending_facts(house: House) -> Iterator[str]:
    """What became of the last editions, where a person may have to act; no address."""
    ledger, now = house.store.editions, house.clock.now()
    for edition in ledger.editions(10):
        if now - edition.composed_at > TOLD_FOR or edition.id is None:
            continue
        key, told = edition.period.key, account(edition, ledger.rows(edition.id), 0)
        if edition.state == "skipped":
            yield f"L'édition {key} n'a pas pu partir à temps : elle est sautée, ses articles vont à la suivante."
            continue
        see = f"veille digest --week {key} --send --dry-run"
        if told.failed:
            yield f"Édition {key} : {console.count(told.failed, 'mail refusé', 'mails refusés')} ({see})."
        if told.unknown:
            held = console.count(told.unknown, "mail incertain, retenu", "mails incertains, retenus")
            numbers = ", ".join(str(number) for number in told.unknown_mails[:MOST_NUMBERS])
            yield f"Édition {key} : {held} pour ne rien doubler (n° {numbers} ; {see})."
        if told.fault and edition.state != "frozen":
            yield f"Édition {key} : {told.fault} (veille deliveries)."


def alert_facts(house: House) -> Iterator[str]:
    """What became of members' alerts; neither an address nor what is searched."""
    ledger, now = house.store.editions, house.clock.now()
    lately = [each for each in house.store.searches.editions() if now - each.composed_at <= TOLD_FOR]
    states = Counter(row.state for each in lately if each.id is not None for row in ledger.rows(each.id))
    if states["failed"]:
        refused = console.count(states["failed"], "mail refusé", "mails refusés")
        yield f"Alertes des membres : {refused} en quinze jours."
    if states["unknown"]:
        held = console.count(states["unknown"], "mail incertain, retenu", "mails incertains, retenus")
        yield f"Alertes des membres : {held} pour ne rien doubler (veille alerts --resend)."


def return_facts(house: House) -> Iterator[str]:
    """What came back in the last fortnight that a person should know of; no address."""
    effects = house.store.returns.effects(house.clock.now() - TOLD_FOR)
    told: tuple[tuple[Effect, str, str], ...] = (
        ("suspended", "adresse morte, suspendue", "adresses mortes, suspendues"),
        ("list", "refus d'une liste de diffusion, qui reste inscrite", "refus de listes de diffusion, qui restent"),
        ("ours", "refus de notre mail ou de notre serveur", "refus de notre mail ou de notre serveur"),
        ("held", "adresse dite morte, laissée en paix", "adresses dites mortes le même jour, laissées en paix"),
        ("unproven", "retour que rien ne prouve, sans effet", "retours que rien ne prouve, sans effet"),
    )
    for effect, one, many in told:
        if count := effects.get(effect, 0):
            yield f"Depuis quinze jours : {console.count(count, one, many)} (veille bounces)."


def urgent_facts(house: House) -> Iterator[str]:
    """What cannot wait for Monday."""
    free = shutil.disk_usage(house.config.data).free if house.config.data.exists() else LITTLE_DISK
    if free < LITTLE_DISK:
        yield f"Le disque est presque plein : {free // 1024 // 1024} Mio libres pour {house.config.data}."
    last = house.store.runs.last_finished()
    if last is not None and house.clock.now() - last > STALE:
        yield f"Aucune lecture des sources n'est terminée depuis le {console.day(last, with_hour=True)}."
    states = house.store.runs.states()
    read = [states[source.slug] for source in house.config.enabled if source.slug in states]
    if len(read) >= 3 and all(state.failures for state in read):
        yield f"Aucune des {len(read)} sources ne se lit : c'est sans doute le réseau de la machine."
    yield from _late_edition(house)


def _late_edition(house: House) -> Iterator[str]:
    now, digest = house.clock.now(), house.config.digest
    due = periods.due_at(now, digest.day, digest.hour, house.zone)
    latest = house.store.editions.latest(periods.WEEKLY)
    nobody = not house.store.subscribers.active()
    if nobody or house.store.runs.last_finished() is None or not LATE <= now - due <= periods.LATE:
        return
    key = periods.week_key(due, house.zone)
    edition = house.store.editions.find(periods.WEEKLY, key)
    hour = console.day(due, with_hour=True)
    if edition is None and (latest is None or latest.composed_at <= due):
        yield f"L'édition {key}, due le {hour}, n'est pas partie : lancez veille digest --send pour voir pourquoi."
    elif edition is not None and edition.state in ("frozen", "sending") and (left := _left(house, edition)):
        yield (
            f"L'édition {key}, due le {hour}, n'est pas toute partie : "
            f"{console.count(left, 'mail attend', 'mails attendent')} (veille digest --send)."
        )


def _left(house: House, edition: Edition) -> int:
    assert edition.id is not None  # a stored edition has an id
    return sum(row.state in ("queued", "retry", "sending") for row in house.store.editions.rows(edition.id))
