"""Sending an edition: who may be written to, stopping gently, and what became of each mail."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from core.editions import Edition, SendReport
from core.errors import ConfigError, SendError
from veille import console, telling
from veille.progress import Progress
from veille.wiring import House


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A mail that did not surely arrive, and whose it is."""

    address: str
    state: str
    reply: str


def check_recipients(house: House) -> None:
    """Refuse to mail persons who could not leave by a link (product decision 8)."""
    persons = [s for s in house.store.subscribers.active() if s.kind == "person"]
    if persons and house.config.mail.backend == "smtp" and not house.config.public_url:
        raise ConfigError(
            "[web] public_url est vide : les mails aux personnes porteraient un lien de désinscription mort. "
            "Donnez l'adresse de l'archive, ou n'écrivez qu'à des listes (veille subscriber add … --list)."
        )


def send(house: House, edition: Edition, *, by_hand: bool = True, resend: bool = False) -> SendReport:
    """Freeze an edition if it is not, then send what is left of it, under the lock of sendings.

    `resend` also sends what was held because nobody knows whether it left.
    """
    from db.lock import run_lock
    from pipeline.deliver import deliver, freeze

    check_recipients(house)
    with (
        run_lock(house.config.data, "send"),
        closing(house.channel()) as channel,
        Progress("Envoi") as progress,
        stop_asked() as stopping,
    ):
        post = house.post(channel, stopping)
        stored = edition if edition.id is not None else freeze(edition, post)
        if resend and stored.id is not None:
            post.ledger.mark_interrupted(stored.id)
            post.ledger.release(stored.id)
        return deliver(stored, post, lambda done, due: progress(f"sur {due}", done), by_hand=by_hand)


@contextmanager
def stop_asked() -> Iterator[Callable[[], bool]]:
    """SIGTERM and Ctrl-C are noted, so that the mail under way is not left in doubt; the second one ends at once."""
    asked: list[int] = []
    before: dict[int, Any] = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def note(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        signal.signal(number, before[number])

    for number in before:
        signal.signal(number, note)
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def foreseen(house: House, edition: Edition) -> SendReport:
    """What a sending would find: the rows of a frozen edition, else today's recipients; nothing is written."""
    from pipeline.deliver import report

    if edition.id is None:
        recipients = len(telling.recipients_now(house, edition))
        return SendReport(edition.period.key, due=recipients, retry=recipients)
    return report(edition, house.store.editions.rows(edition.id))


def named_rows(house: House, edition: Edition) -> list[NamedRow]:
    """Recipients of an edition whose mail is held or was refused, by address: for a person's eyes, never for a log."""
    stored = edition if edition.id is not None else house.store.editions.find(edition.period.series, edition.period.key)
    if stored is None or stored.id is None:
        return []
    rows = [row for row in house.store.editions.rows(stored.id) if row.state in ("unknown", "failed")]
    people = {row.subscriber_id: house.store.subscribers.by_id(row.subscriber_id) for row in rows}
    return [NamedRow(who.address, row.state, row.reply) for row in rows if (who := people[row.subscriber_id])]


def describe(report: SendReport, named: Sequence[NamedRow] = ()) -> None:
    """The French summary of a sending, and the mails that did not surely arrive."""
    if not report.due and not report.stopped:
        console.say(
            f"Édition {report.edition} figée, sans destinataire : personne n'est inscrit (veille subscriber add)."
        )
        return
    console.say(
        f"Édition {report.edition} : {console.count(report.sent, 'mail parti', 'mails partis')} sur {report.due}"
        f" ; {report.retry} à reprendre, {console.count(report.failed, 'refusé')}, {report.suppressed} sans objet,"
        f" {console.count(report.unknown, 'incertain')}."
    )
    for row in named:
        refused = f"refusé ({row.reply})" if row.reply else "abandonné"
        console.say(f"  {row.address} : {'incertain' if row.state == 'unknown' else refused}")
    if report.unknown:
        again = f"veille digest --{'week' if 'W' in report.edition else 'month'} {report.edition}"
        console.say(
            "Incertains : l'envoi a été coupé avant la réponse du serveur ; ils sont retenus pour ne rien doubler.\n"
            f"  les voir : {again} --send --dry-run\n"
            f"  les renvoyer, un double étant possible : {again} --resend"
        )
    if report.stopped:
        raise SendError(f"L'envoi s'est arrêté : {report.stopped}")
