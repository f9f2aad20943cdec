"""What is asked of the rooms that compose, keep and send editions, as protocols."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from core.articles import StoredArticle
from core.editions import (
    Body,
    Copy,
    Edition,
    EditionState,
    Message,
    OutboxRow,
    OutboxState,
    Receipt,
    Subscriber,
    SubscriberKind,
)
from core.wishes import Wishes


class EditionLedger(Protocol):
    """Editions and their outbox (product decision 8)."""

    def eligible(self, series: str, since: datetime, until: datetime) -> list[tuple[StoredArticle, tuple[Copy, ...]]]:
        """Matched, not backfilled stories first seen in [since, until), in no edition of the series, and copies."""
        ...

    def find(self, series: str, key: str) -> Edition | None: ...

    def latest(self, series: str) -> Edition | None: ...

    def editions(self, limit: int = 100) -> list[Edition]: ...

    def freeze(self, edition: Edition, body: Body) -> Edition:
        """Write edition, entries and body for good; idempotent by (series, period). Returns the stored one."""
        ...

    def body(self, edition_id: int) -> Body | None: ...

    def set_state(self, edition_id: int, state: EditionState) -> None: ...

    def queue(self, edition_id: int, subscribers: Iterable[Subscriber]) -> int:
        """One outbox row per recipient, UNIQUE(edition, subscriber); returns how many were added."""
        ...

    def rows(self, edition_id: int) -> list[OutboxRow]: ...

    def begin(self, row_id: int, message_id: str, at: datetime) -> bool:
        """Commit `sending` before MAIL FROM; False when the recipient left meanwhile, paused, or changed frequency (the
        row becomes suppressed)."""
        ...

    def end(self, row_id: int, receipt: Receipt, at: datetime, retry_at: datetime | None = None) -> OutboxState | None:
        """Commit how a transmission ended; `retry_at` is used when the receipt says retry.

        Returns the state of the row, which is failed when its time is over; None for a row that was not being sent.
        """
        ...

    def suppress(self, row_id: int) -> None:
        """The recipient left before the mail did."""
        ...

    def unknown(self, row_id: int) -> None:
        """The connection broke between the final dot and the answer: nobody knows whether the mail was accepted."""
        ...

    def mark_interrupted(self, edition_id: int) -> int:
        """At start: every row still in `sending` becomes `unknown`. Returns how many."""
        ...

    def move(self, edition_id: int, old: OutboxState, new: OutboxState) -> int: ...

    def release(self, edition_id: int, tries: int | None = None) -> int:
        """Put unknown rows back in the queue, only those tried fewer than `tries` times where it is given."""
        ...

    def pause(self, edition_id: int, refused: Sequence[int], until: datetime) -> None:
        """Rows still to send wait until then, and so do those refused for a fault that is ours (threat B4)."""
        ...


class SubscriberStore(Protocol):
    def add(
        self, address: str, kind: SubscriberKind, at: datetime, unsubscribe: str = "", sender: str = ""
    ) -> Subscriber:
        """Raises VeilleError when the address is already there."""
        ...

    def remove(self, address: str) -> bool: ...

    def active(self) -> list[Subscriber]: ...

    def by_id(self, subscriber_id: int) -> Subscriber | None: ...

    def by_token(self, token: str) -> Subscriber | None:
        """Compared in constant time."""
        ...

    def wish(self, token: str, wishes: Wishes) -> bool:
        """Change what a person receives; False when the token is nobody's."""
        ...

    def leave(self, token: str, at: datetime) -> bool:
        """Idempotent; True when the token belongs or belonged to somebody."""
        ...


class Recipients(Protocol):
    """Who an edition is for, and each of them again at the moment of writing."""

    def active(self) -> list[Subscriber]: ...

    def by_id(self, subscriber_id: int) -> Subscriber | None:
        """None for one who left."""
        ...


class Renderer(Protocol):
    def body(self, edition: Edition) -> Body:
        """Deterministic: the same edition gives the same bytes."""
        ...

    def concerns(self, edition: Edition, subscriber: Subscriber) -> bool:
        """Whether an edition holds something for a recipient, or they want to be told that it does not."""
        ...

    def message(self, edition: Edition, body: Body, subscriber: Subscriber) -> Message: ...


class Channel(Protocol):
    def pace(self, recipient: str = "") -> None:
        """Wait for the turn of the next mail (threat B6), and of its domain, before anything says it is being sent."""
        ...

    def send(self, message: Message) -> Receipt: ...

    def close(self) -> None: ...
