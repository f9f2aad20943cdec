"""The ledger of editions, the people who receive them and the mails that leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core.returns import Fault
from core.search import Excerpt
from core.wishes import USUAL, Consent, Wishes


@dataclass(frozen=True, slots=True)
class Copy:
    """Another place where the same story was published."""

    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One story in an edition."""

    story_id: int
    article_id: int
    title: str
    url: str
    source: str
    category: str
    published: datetime | None
    first_seen: datetime
    labels: tuple[str, ...]
    central: bool
    excerpt: Excerpt
    why: str
    score: float
    copies: tuple[Copy, ...] = ()
    page: int | None = None
    truncated: bool = False
    topic: str = ""
    """The topic it is told under; empty in editions frozen before several could be followed."""
    pinned: bool = False
    """Put before all others by an editor."""


@dataclass(frozen=True, slots=True)
class SourceNotice:
    """A source that could not be read, with the reason in plain French."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Period:
    """A slice of a series: key `2026-W47`, from `start` included to `end` excluded."""

    series: str
    key: str
    start: datetime
    end: datetime


EditionState = Literal["composed", "frozen", "sending", "sent", "skipped", "empty"]


@dataclass(frozen=True, slots=True)
class Edition:
    """A dated list of stories; frozen, it never changes again."""

    period: Period
    composed_at: datetime
    entries: tuple[Entry, ...]
    sources_read: int = 0
    notices: tuple[SourceNotice, ...] = ()
    rule_versions: tuple[str, ...] = ()
    state: EditionState = "composed"
    id: int | None = None
    introduction: str = ""
    """Plain text of the editors, in paragraphs."""
    arranged: bool = False
    """Whether they moved, pinned or dropped a story."""
    revision: int = 0
    """Of the draft (`core.drafts.Draft`) that it was made from; 0 for none."""


SubscriberKind = Literal["person", "list", "alert"]
"""`alert`: the member of an alert, whose token stops that alert alone; it is no subscriber."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A recipient. A list address gets one mail, without any personal token."""

    id: int
    address: str
    kind: SubscriberKind
    token: str
    """Random, 128 bits; empty for a list."""
    since: datetime
    unsubscribe: str = ""
    """For a list: its own unsubscribe address or page, shown in the footer."""
    sender: str = ""
    """For a list: the authorised poster put in From, when it is not the configured one."""
    wishes: Wishes = USUAL
    consent: Consent | None = None
    """None for a list, and for a person whom the group added without saying how they agreed."""


@dataclass(frozen=True, slots=True)
class Body:
    """What an edition says: the same subject, text and HTML for every recipient, personal lines left as marks."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Message:
    """One mail ready to leave, as bytes that are exactly what is transmitted."""

    recipient: str
    envelope_from: str
    message_id: str
    content: bytes = field(repr=False)


OutboxState = Literal["queued", "sending", "sent", "retry", "failed", "unknown", "suppressed"]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    id: int
    edition_id: int
    subscriber_id: int
    """Of a subscriber; in the series of an alert, the number of the alert."""
    state: OutboxState
    attempts: int = 0
    retry_at: datetime | None = None
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a transmission ended."""

    state: Literal["sent", "retry", "failed"]
    reply: str
    """SMTP answer (or folder path), without any address."""
    stop: bool = False
    """True when the whole run should stop (policy refusal, relay unreachable, authentication)."""
    fault: Fault = ""
    """Whose fault a refusal is; empty when nothing was refused, or nothing can be said."""
    code: str = ""
    """Enhanced status code (RFC 3463) of a refusal; empty without one."""


@dataclass(frozen=True, slots=True)
class SendReport:
    edition: str
    due: int = 0
    sent: int = 0
    retry: int = 0
    failed: int = 0
    unknown: int = 0
    suppressed: int = 0
    stopped: str = ""
