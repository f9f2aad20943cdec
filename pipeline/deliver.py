"""An edition → its recipients: one outbox row each, committed before and after each transmission.

What is promised (RFC 1047 shows that SMTP cannot do more): nobody active at the freeze is lost, and a mail can only be
doubled for a row cut between the final dot and the commit; by default such a row is held and named, not sent again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from core.editions import Body, Edition, OutboxRow, Receipt, SendReport
from core.errors import OutcomeUnknown
from core.ports import Channel, Clock, EditionLedger, Renderer, SubscriberStore

MOST_POLICY_REFUSALS = 5
"""Refusals by policy (5.7.x) in one run from which it stops: our reputation is at stake, not one address."""
MOST_REFUSALS = 0.2
"""Share of refusals, after the first ten mails, from which the run stops: something is wrong with us, not with them."""
RETRY_AFTER = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4))
"""Waits after a temporary refusal (RFC 5321, section 4.5.4.1: at least 30 minutes, for four to five days)."""


@dataclass(frozen=True, slots=True)
class Post:
    """What a delivery needs of the other rooms."""

    ledger: EditionLedger
    subscribers: SubscriberStore
    renderer: Renderer
    channel: Channel
    clock: Clock
    on_unknown: Literal["hold", "retry"] = "hold"


def freeze(edition: Edition, post: Post) -> Edition:
    """Write the edition for good with its recipients; asked again, it gives back the one there is."""
    stored = post.ledger.freeze(replace(edition, state="frozen"), post.renderer.body(edition))
    return enqueue(stored, post)


def enqueue(edition: Edition, post: Post) -> Edition:
    """One row per person active now, unless that was done already; a crash between freeze and queue is mended here."""
    if edition.state != "frozen" or edition.id is None:
        return edition
    post.ledger.queue(edition.id, post.subscribers.active())
    post.ledger.set_state(edition.id, "sending")
    return replace(edition, state="sending")


def _is_due(row: OutboxRow, post: Post) -> bool:
    if row.state == "queued":
        return True
    return row.state == "retry" and (row.retry_at is None or row.retry_at <= post.clock.now())


def _send_one(edition: Edition, body: Body, row: OutboxRow, post: Post) -> Receipt | None:
    """Send one row; None when nothing was tried, or nobody knows how it ended."""
    subscriber = post.subscribers.by_id(row.subscriber_id)
    if subscriber is None:
        post.ledger.suppress(row.id)
        return None
    message = post.renderer.message(edition, body, subscriber)
    # The recipient's wish is read again in the very transaction that marks the row as being sent.
    if not post.ledger.begin(row.id, message.message_id, post.clock.now()):
        return None
    try:
        receipt = post.channel.send(message)
    except OutcomeUnknown:
        post.ledger.unknown(row.id)
        return None
    now = post.clock.now()
    wait = RETRY_AFTER[min(row.attempts, len(RETRY_AFTER) - 1)]
    post.ledger.end(row.id, receipt, now, now + wait)
    return receipt


def _reason_to_stop(receipts: list[Receipt]) -> str:
    """Why the run should go no further (threat B4, B5); empty when it may go on."""
    if receipts and receipts[-1].stop and receipts[-1].state != "failed":
        return receipts[-1].reply
    if sum(receipt.stop for receipt in receipts) >= MOST_POLICY_REFUSALS:
        return f"{MOST_POLICY_REFUSALS} refus par règle du serveur ({receipts[-1].reply})"
    failed = sum(receipt.state == "failed" for receipt in receipts)
    if len(receipts) >= 10 and failed > len(receipts) * MOST_REFUSALS:
        return "plus d'un mail sur cinq est refusé"
    return ""


def deliver(edition: Edition, post: Post, progress: Callable[[int, int], None] = lambda done, due: None) -> SendReport:
    """Send what is left of an edition; every row ends in sent, failed, suppressed or unknown, or waits for a retry."""
    edition = enqueue(edition, post)
    assert edition.id is not None  # a stored edition has an id
    body = post.ledger.body(edition.id)
    if body is None:
        return SendReport(edition.period.key, stopped="Le texte de l'édition manque dans la base.")
    post.ledger.mark_interrupted(edition.id)
    if post.on_unknown == "retry":
        post.ledger.move(edition.id, "unknown", "queued")
    due = [row for row in post.ledger.rows(edition.id) if _is_due(row, post)]
    receipts: list[Receipt] = []
    stopped = ""
    for done, row in enumerate(due):
        progress(done, len(due))
        if receipt := _send_one(edition, body, row, post):
            receipts.append(receipt)
        if stopped := _reason_to_stop(receipts):
            break
    return _close(edition, post, stopped)


def _close(edition: Edition, post: Post, stopped: str) -> SendReport:
    assert edition.id is not None
    states = Counter(row.state for row in post.ledger.rows(edition.id))
    if not states["queued"] and not states["retry"] and not states["sending"]:
        post.ledger.set_state(edition.id, "sent")
    return SendReport(
        edition=edition.period.key,
        due=sum(states.values()),
        sent=states["sent"],
        retry=states["retry"] + states["queued"],
        failed=states["failed"],
        unknown=states["unknown"],
        suppressed=states["suppressed"],
        stopped=stopped,
    )
