"""`veille digest`: which edition is meant, what it holds, and how it would look."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from core.drafts import arranged
from core.editions import Edition, Period, SourceNotice, Subscriber
from core.errors import ConfigError
from core.health import UNREAD, Condition
from core.recipients import receives
from core.sources import SourceState
from pipeline import periods
from pipeline.digest import YOUNG, Watch, compose
from pipeline.health import diagnose
from veille.wiring import House

_MAKERS = {periods.WEEKLY: (periods.weekly, periods.past_week), periods.MONTHLY: (periods.monthly, periods.past_month)}
"""Series → its period issued now, and one that is over."""
RECENT = 20
"""Editions among which one may be unfinished: what is older was ended five days after it was composed."""
READER = Subscriber(0, "lecteur@exemple.invalid", "person", "lien-personnel", datetime.min)
"""Stands for a person in a preview: its links to leave have the place of the personal ones, and lead nowhere."""


def watch_state(house: House, since: datetime) -> Watch:
    """How many sources were read since the period began, and what readers missed of the others for most of it."""
    now, read, notices = house.clock.now(), 0, []
    histories = house.store.runs.histories(house.config.enabled)
    for source in house.config.enabled:
        state = histories[source.slug].state
        if state.last_attempt is None:
            continue
        condition = diagnose(source, histories[source.slug], now)
        if is_missed(condition, state, since, now):
            notices.append(SourceNotice(source.name, condition.told))
        elif state.last_success is not None and state.last_success >= since:
            read += 1
    return Watch(read, tuple(notices))


def is_missed(condition: Condition, state: SourceState, since: datetime, now: datetime) -> bool:
    """True when nothing of a source was read, or could be, for more than half of the time since a period began."""
    if condition.state in ("failing", "shaky"):
        return state.last_success is None or now - max(state.last_success, since) > (now - since) / 2
    if condition.state in UNREAD or condition.state == "shrunk":
        return condition.since is not None and now - condition.since > (now - since) / 2
    return False


def chosen_period(house: House, week: str, month: str = "") -> Period:
    """The week or month asked for, this week by default; raises ConfigError for one that is not yet there."""
    now = house.clock.now()
    asked, option, unit = (month, "--month", "le mois") if month else (week, "--week", "la semaine")
    issued, past = _MAKERS[periods.MONTHLY if month else periods.WEEKLY]
    current = issued(now, house.zone, None)
    if asked and asked != current.key:
        try:
            period = past(asked, house.zone)
        except ValueError as error:
            raise ConfigError(f"{option} : {error}.") from None
        if period.start > now:
            raise ConfigError(f"{option} : {unit} {asked} n'a pas commencé.")
        return period
    previous = house.store.editions.latest(current.series)
    end = previous.period.end if previous and previous.period.key != current.key else None
    return issued(now, house.zone, end)


def prepare(house: House, period: Period, *, late: bool = False) -> Edition:
    """The edition of a period: the one there is, else one composed now, as editors want it, and written nowhere.

    `late`: see `composed`.
    """
    stored = house.store.editions.find(period.series, period.key)
    if stored is not None:
        return stored
    edition, draft = composed(house, period, late=late), house.store.drafts.open(period.series)
    return arranged(edition, draft) if draft else edition


def composed(house: House, period: Period, *, late: bool = False) -> Edition:
    """What an edition of a period would be now, without the editors.

    `late`: the period is over, and its edition issued now only: it tells what was read until now.
    """
    now = house.clock.now()
    # What was seen in this very second counts: with VEILLE_NOW, a run and its edition share one instant.
    soon = now + timedelta(seconds=1)
    issued_now = late or period.key == _MAKERS[period.series][0](now, house.zone, None).key
    until = soon if issued_now else min(soon, period.end)
    # After a month that was skipped, its stories roll on too.
    rolling = period.series == periods.MONTHLY and house.store.editions.latest(periods.MONTHLY) is not None
    eligible = house.store.editions.eligible(period.series, now - (YOUNG * 2 if rolling else YOUNG), until)
    # The next edition is prepared before its days have begun.
    watch = watch_state(house, min(period.start, now - timedelta(days=1)))
    topics = [topic.slug for topic in house.config.topics]
    return compose(period, eligible, house.sources, watch, house.classifier.versions, topics, now)


def _mail(house: House, edition: Edition) -> tuple[bytes, EmailMessage]:
    """The mail as it would be sent, personal links aside: its bytes, and the same to be read."""
    stored = house.store.editions.body(edition.id) if edition.id is not None else None
    body = stored or house.renderer.body(edition)
    message = house.renderer.message(edition, body, replace(READER, since=edition.composed_at)).content
    return message, message_from_bytes(message, policy=default)


def shown_text(house: House, edition: Edition) -> str:
    """The text part of the mail."""
    return _part(_mail(house, edition)[1], "plain").decode()


def preview(house: House, edition: Edition, folder: Path) -> list[Path]:
    """Write the mail as it would be sent, personal links aside: text, HTML and .eml."""
    message, parts = _mail(house, edition)
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


def close_empty(house: House, edition: Edition) -> None:
    """Record a week without news (threat B16); when nothing was read since it began, that is a breakdown."""
    if edition.id is None and _was_read(house, edition):
        house.store.editions.freeze(edition, house.renderer.body(edition))


def _was_read(house: House, edition: Edition) -> bool:
    read = house.store.runs.last_finished()
    return read is not None and read >= edition.period.start


def tells_somebody(house: House, edition: Edition) -> bool:
    """Whether an edition is to be sent: it has news, or some asked for a short mail when there is none."""
    if edition.entries or edition.state in ("frozen", "sending", "sent"):
        return True
    return edition.id is None and _was_read(house, edition) and bool(recipients_now(house, edition))


def recipients_now(house: House, edition: Edition) -> list[Subscriber]:
    """Those to whom an edition would go."""
    from pipeline.deliver import recipients

    return recipients(edition, house.store.subscribers, house.renderer, house.clock.now())


def unfinished(house: House, series: str = periods.WEEKLY) -> Edition | None:
    """The oldest edition of a series with mails to send now; those whose time is over are ended on the way."""
    from db.lock import run_lock
    from pipeline.deliver import give_up, is_waiting

    ledger, now = house.store.editions, house.clock.now()
    for edition in reversed(ledger.editions(RECENT)):
        if edition.period.series != series or edition.state not in ("frozen", "sending"):
            continue
        with run_lock(house.config.data, "send"):
            over = give_up(edition, ledger, now)
        if not over and not is_waiting(edition, ledger, now):
            return edition
    return None


def due_edition(house: House, series: str = periods.WEEKLY) -> Edition | None:
    """What the timer should send now: an unfinished edition, or the one that is due and less than three days late.

    A monthly one is made for those who asked for it, and not otherwise.
    """
    if begun := unfinished(house, series):
        return begun
    latest = house.store.editions.latest(series)
    now, digest = house.clock.now(), house.config.digest
    issued, last_due = _MAKERS[series][0], periods.due_in_month if series == periods.MONTHLY else periods.due_at
    due = last_due(now, digest.day, digest.hour, house.zone)
    key = issued(due, house.zone, None).key
    if house.store.editions.find(series, key) is not None or now - due > periods.LATE:
        return None
    if series == periods.MONTHLY and not any(receives(s, series, now) for s in house.store.subscribers.active()):
        return None
    if latest is not None and latest.composed_at > due:
        return None
    if latest is None and house.store.runs.last_finished() is None:
        return None  # the first pass is under way: an edition of it now would be a part of it, and the only one
    period = replace(issued(now, house.zone, latest.period.end if latest else None), key=key)
    edition = prepare(house, period, late=True)
    if tells_somebody(house, edition):
        return edition
    close_empty(house, edition)
    return None
