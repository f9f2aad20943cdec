"""An edition → its recipients: one outbox row each, committed before and after each transmission.

What is promised (RFC 1047 shows that SMTP cannot do more): nobody active at the freeze is lost, and a mail can only be
doubled for a row cut between the final dot and the commit; by default such a row is held and named, not sent again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from core.editions import Body, Edition, OutboxRow, Receipt, SendReport, Subscriber
from core.errors import OutcomeUnknown, SendError
from core.mailing import Channel, EditionLedger, Recipients, Renderer
from core.ports import Clock
from core.recipients import receives
from core.returns import Proof, Returned, ReturnStore
from pipeline.periods import LATE

MOST_POLICY_REFUSALS = 5
"""Refusals by policy (5.7.x) in one run from which it stops: our reputation is at stake, not one address."""
MOST_REFUSALS = 0.2
"""Share of refusals, after the first ten mails, from which the run stops: something is wrong with us, not with them."""
RETRY_AFTER = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4))
"""Waits after a temporary refusal (RFC 5321, section 4.5.4.1: at least 30 minutes, for four to five days)."""
PAUSE = timedelta(hours=4)
"""How long the timer leaves an edition alone after too many refusals."""
MOST_TRIES = 3
"""Tries of one mail whose outcome stays unknown, with `on_unknown = "retry"`."""
LAST_TRY = timedelta(days=5)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Post:
    """What a delivery needs of the other rooms."""

    ledger: EditionLedger
    subscribers: Recipients
    renderer: Renderer
    channel: Channel
    clock: Clock
    on_unknown: Literal["hold", "retry"] = "hold"
    returns: ReturnStore | None = None
    """Where refusals are noted; None where nobody acts upon them."""
    stopping: Callable[[], bool] = lambda: False
    """True once somebody asked to stop: the mail under way ends, the next one does not begin."""


def freeze(edition: Edition, post: Post) -> Edition:
    """Write the edition for good with its recipients; asked again, it gives back the one there is."""
    stored = post.ledger.freeze(replace(edition, state="frozen"), post.renderer.body(edition))
    return enqueue(stored, post)


def recipients(edition: Edition, subscribers: Recipients, renderer: Renderer, at: datetime) -> list[Subscriber]:
    """Those who are on the edition's series now, and whom it tells something."""
    on_it = (each for each in subscribers.active() if receives(each, edition.period.series, at))
    return [each for each in on_it if renderer.concerns(edition, each)]


def enqueue(edition: Edition, post: Post) -> Edition:
    """One row per recipient of now, unless that was done already; a crash between freeze and queue is mended here."""
    if edition.state != "frozen" or edition.id is None:
        return edition
    due = recipients(edition, post.subscribers, post.renderer, post.clock.now())
    post.ledger.queue(edition.id, spread(due))
    post.ledger.set_state(edition.id, "sending")
    return replace(edition, state="sending")


def spread(subscribers: Sequence[Subscriber]) -> list[Subscriber]:
    """One of each domain in turn, so that no provider sees all of its mails come at once (threat B6)."""
    turns: Counter[str] = Counter()
    placed = []
    for subscriber in subscribers:
        domain = subscriber.address.rpartition("@")[2].lower()
        placed.append((turns[domain], subscriber))
        turns[domain] += 1
    return [subscriber for _, subscriber in sorted(placed, key=lambda each: each[0])]


def _is_due(row: OutboxRow, now: datetime) -> bool:
    if row.state == "queued":
        return True
    return row.state == "retry" and (row.retry_at is None or row.retry_at <= now)


def _send_one(edition: Edition, body: Body, row: OutboxRow, post: Post) -> Receipt | None:
    """Send one row; None when nothing was tried. Raises OutcomeUnknown and SendError once the row says so."""
    subscriber = post.subscribers.by_id(row.subscriber_id)
    if subscriber is None or not post.renderer.concerns(edition, subscriber):
        post.ledger.suppress(row.id)
        return None
    message = post.renderer.message(edition, body, subscriber)
    post.channel.pace(message.recipient)
    if post.stopping():
        return None
    # The recipient's wish is read again in the very transaction that marks the row as being sent.
    if not post.ledger.begin(row.id, message.message_id, post.clock.now()):
        return None
    try:
        receipt = post.channel.send(message)
    except OutcomeUnknown:
        post.ledger.unknown(row.id)
        raise
    except SendError as error:
        _end(row, Receipt("retry", str(error)), post)
        raise
    return _end(row, receipt, post)


def _end(row: OutboxRow, receipt: Receipt, post: Post) -> Receipt:
    """Commit the receipt; given back as a soft refusal when it was the last of five days."""
    now = post.clock.now()
    state = post.ledger.end(row.id, receipt, now, now + RETRY_AFTER[min(row.attempts, len(RETRY_AFTER) - 1)])
    over = state == "failed" and receipt.state == "retry" and not receipt.stop
    return replace(receipt, fault="soft") if over else receipt


def _note_refusals(edition: Edition, refused: Sequence[tuple[OutboxRow, Receipt]], post: Post) -> None:
    """What refusals say of addresses (threat B4); only after a run that did not go wrong as a whole."""
    assert edition.id is not None  # a stored edition has an id
    for row, receipt in refused:
        if post.returns is not None and receipt.fault in ("hard", "soft"):
            digest = sha256(f"outbox {row.id} {row.attempts}".encode()).hexdigest()
            proof = Proof(edition.id, row.subscriber_id)
            post.returns.note(Returned(digest, "refusal", receipt.fault, receipt.code, proof), post.clock.now())


def _refused_too_often(receipts: list[Receipt]) -> str:
    """Why so many refusals must be about us (threat B4); empty when they are not so many."""
    if sum(receipt.stop for receipt in receipts) >= MOST_POLICY_REFUSALS:
        return f"{MOST_POLICY_REFUSALS} refus par règle du serveur ({receipts[-1].reply})"
    failed = sum(receipt.state == "failed" for receipt in receipts)
    if len(receipts) >= 10 and failed > len(receipts) * MOST_REFUSALS:
        return "plus d'un mail sur cinq est refusé"
    return ""


def _send_rows(edition: Edition, body: Body, post: Post, due: list[OutboxRow], progress: Progress) -> str:
    """Send rows one by one; why the run went no further (threats B4, B5), empty when it reached the end."""
    receipts: list[Receipt] = []
    refused: list[tuple[OutboxRow, Receipt]] = []
    by_policy: list[int] = []
    for done, row in enumerate(due):
        progress(done, len(due))
        if post.stopping():
            return "interrompu à la demande ; rien n'est perdu, le même envoi reprendra où il en est."
        try:
            receipt = _send_one(edition, body, row, post)
        except OutcomeUnknown as error:
            return f"{error}."
        if receipt is None:
            continue
        receipts.append(receipt)
        if receipt.stop and receipt.state != "failed":
            return receipt.reply
        by_policy += [row.id] if receipt.stop else []
        refused += [(row, receipt)] if receipt.fault else []
        if reason := _refused_too_often(receipts):
            assert edition.id is not None  # a stored edition has an id
            post.ledger.pause(edition.id, by_policy, post.clock.now() + PAUSE)
            return reason
    _note_refusals(edition, refused, post)
    return ""


def deliver(
    edition: Edition,
    post: Post,
    progress: Progress = lambda done, due: None,
    *,
    by_hand: bool = False,
) -> SendReport:
    """Send what is left of an edition; every row ends in sent, failed, suppressed or unknown, or waits for a retry.

    A person who asks (`by_hand`) is not made to wait for the time of a retry. What told nothing is never sent.
    """
    edition = enqueue(edition, post)
    assert edition.id is not None  # a stored edition has an id
    if edition.state in ("skipped", "empty"):
        return SendReport(edition.period.key, stopped=f"l'édition {edition.period.key} a été close sans être envoyée.")
    body = post.ledger.body(edition.id)
    if body is None:
        return SendReport(edition.period.key, stopped="le texte de l'édition manque dans la base.")
    post.ledger.mark_interrupted(edition.id)
    if post.on_unknown == "retry":
        post.ledger.release(edition.id, MOST_TRIES)
    now = post.clock.now()
    due = [row for row in post.ledger.rows(edition.id) if _is_due(row, now) or (by_hand and row.state == "retry")]
    return _close(edition, post, _send_rows(edition, body, post, due, progress))


def is_waiting(edition: Edition, ledger: EditionLedger, now: datetime) -> bool:
    """True for an edition whose remaining mails all wait for the time of a retry."""
    assert edition.id is not None  # a stored edition has an id
    rows = ledger.rows(edition.id)
    busy = any(row.state == "sending" or _is_due(row, now) for row in rows)
    return any(row.state == "retry" for row in rows) and not busy


def give_up(edition: Edition, ledger: EditionLedger, now: datetime) -> bool:
    """End an unfinished edition that comes too late; False when its time is not over.

    Five days after it was composed, what has not left will not (RFC 5321). When nothing left at all, three days are
    enough: the edition is skipped, and its stories roll on to the next.
    """
    assert edition.id is not None  # a stored edition has an id
    age = now - edition.composed_at
    left = any(row.state in ("sent", "sending", "unknown") for row in ledger.rows(edition.id))
    if age <= (LAST_TRY if left else LATE):
        return False
    ledger.mark_interrupted(edition.id)
    ledger.move(edition.id, "queued", "failed")
    ledger.move(edition.id, "retry", "failed")
    ledger.set_state(edition.id, "sent" if left else "skipped")
    return True


def _close(edition: Edition, post: Post, stopped: str) -> SendReport:
    assert edition.id is not None
    told = report(edition, post.ledger.rows(edition.id), stopped)
    if not told.retry:
        post.ledger.set_state(edition.id, "sent")
    return told


def report(edition: Edition, rows: Sequence[OutboxRow], stopped: str = "") -> SendReport:
    """What became of every recipient; the parts add up to `due`."""
    states = Counter(row.state for row in rows)
    return SendReport(
        edition=edition.period.key,
        due=len(rows),
        sent=states["sent"],
        retry=states["retry"] + states["queued"],
        failed=states["failed"],
        unknown=states["unknown"] + states["sending"],
        suppressed=states["suppressed"],
        stopped=stopped,
    )
