"""`veille digest`: compute, show, freeze and send an edition."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from core.editions import Edition, Period, SendReport, SourceNotice, Subscriber
from core.errors import ConfigError, SendError
from pipeline import periods
from pipeline.digest import YOUNG, Watch, compose
from veille import console
from veille.progress import Progress
from veille.wiring import House

READER = Subscriber(0, "lecteur@exemple.invalid", "list", "", datetime.min)
"""Stands for a recipient in a preview, so that it holds no personal link."""


def watch_state(house: House, since: datetime) -> Watch:
    """How many sources were read since the period began, and which could not be."""
    read, notices = 0, []
    states = house.store.runs.states()
    for source in house.config.enabled:
        state = states.get(source.slug)
        if state is None or state.last_attempt is None:
            continue
        if state.failures or state.last_success is None:
            notices.append(SourceNotice(source.name, state.last_error_reason))
        elif state.last_success >= since:
            read += 1
    return Watch(read, tuple(notices))


def chosen_period(house: House, week: str) -> Period:
    """The week asked for, this one by default; raises ConfigError for one that is not yet there."""
    now = house.clock.now()
    current = periods.week_key(now, house.zone)
    if week and week != current:
        try:
            period = periods.past_week(week, house.zone)
        except ValueError as error:
            raise ConfigError(f"--week : {error}.") from None
        if period.start > now:
            raise ConfigError(f"--week : la semaine {week} n'a pas commencé.")
        return period
    previous = house.store.editions.latest(periods.WEEKLY)
    end = previous.period.end if previous and previous.period.key != current else None
    return periods.weekly(now, house.zone, end)


def prepare(house: House, period: Period) -> Edition:
    """The edition of a period: the one there is, else one composed now and written nowhere."""
    stored = house.store.editions.find(period.series, period.key)
    if stored is not None:
        return stored
    now = house.clock.now()
    # What was seen in this very second counts: with VEILLE_NOW, a run and its edition share one instant.
    soon = now + timedelta(seconds=1)
    until = soon if period.key == periods.week_key(now, house.zone) else min(soon, period.end)
    eligible = house.store.editions.eligible(period.series, now - YOUNG, until)
    watch = watch_state(house, period.start)
    return compose(period, eligible, house.sources, watch, house.classifier.versions, now)


def preview(house: House, edition: Edition, folder: Path) -> list[Path]:
    """Write the mail as it would be sent, personal links aside: text, HTML and .eml."""
    stored = house.store.editions.body(edition.id) if edition.id is not None else None
    body = stored or house.renderer.body(edition)
    message = house.renderer.message(edition, body, replace(READER, since=edition.composed_at)).content
    parts = message_from_bytes(message, policy=default)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for suffix, content in ((".txt", _part(parts, "plain")), (".html", _part(parts, "html")), (".eml", message)):
        path = folder / f"{edition.period.key}{suffix}"
        path.write_bytes(content)
        written.append(path)
    return written


def _part(message: EmailMessage, kind: str) -> bytes:
    part = message.get_body((kind,))
    return part.get_content().encode() if part is not None else b""


def check_recipients(house: House) -> None:
    """Refuse to mail persons who could not leave by a link (product decision 8)."""
    persons = [s for s in house.store.subscribers.active() if s.kind == "person"]
    if persons and house.config.mail.backend == "smtp" and not house.config.public_url:
        raise ConfigError(
            "[web] public_url est vide : les mails aux personnes porteraient un lien de désinscription mort. "
            "Donnez l'adresse de l'archive, ou n'écrivez qu'à des listes (veille subscriber add … --list)."
        )


def send(house: House, edition: Edition) -> SendReport:
    """Freeze an edition if it is not, then send what is left of it, under the lock of sendings."""
    from db.lock import run_lock
    from pipeline.deliver import deliver, freeze

    check_recipients(house)
    with run_lock(house.config.data, "send"), closing(house.channel()) as channel, Progress("Envoi") as progress:
        post = house.post(channel)
        stored = edition if edition.id is not None else freeze(edition, post)
        return deliver(stored, post, lambda done, due: progress(f"sur {due}", done))


def due_edition(house: House) -> Edition | None:
    """What the timer should send now: an unfinished edition, or the one that is due and less than three days late."""
    latest = house.store.editions.latest(periods.WEEKLY)
    now, digest = house.clock.now(), house.config.digest
    if latest is not None and latest.state in ("frozen", "sending"):
        return latest
    due = periods.due_at(now, digest.day, digest.hour, house.zone)
    key = periods.week_key(due, house.zone)
    if house.store.editions.find(periods.WEEKLY, key) is not None or now - due > periods.LATE:
        return None
    if latest is not None and latest.composed_at > due:
        return None
    edition = prepare(house, replace(periods.weekly(now, house.zone, latest.period.end if latest else None), key=key))
    return edition if edition.entries else None


def describe(report: SendReport) -> None:
    """The French summary of a sending."""
    console.say(
        f"Édition {report.edition} : {console.count(report.sent, 'mail parti', 'mails partis')} sur {report.due}"
        f" ; {report.retry} à reprendre, {console.count(report.failed, 'refusé')}, {report.suppressed} sans objet,"
        f" {console.count(report.unknown, 'incertain')}."
    )
    if report.unknown:
        console.say(
            "Incertains : l'envoi a été coupé avant la réponse du serveur ; ils sont retenus pour ne rien doubler"
            ' ([mail] on_unknown = "retry" les renvoie).'
        )
    if report.stopped:
        raise SendError(f"L'envoi s'est arrêté : {report.stopped}")
