"""Mails that come back: what a refusal means for an address, and what is done about it (threats B7 to B9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

Fault = Literal["", "hard", "soft", "ours"]
"""Whose fault a refusal is.

`hard`: the address is dead, for good; `soft`: its mailbox is, perhaps for a time; `ours`: our mail, our domain or our
relay is refused, whoever the recipient is; empty: nothing is refused.
"""
SOFT_DAYS = timedelta(days=30)
MOST_SOFT = 3
"""Editions that a mailbox may refuse within `SOFT_DAYS`; at the third, it is written to no more (threat B7)."""
FEWEST_HELD, MOST_DEAD = 10, 0.2
"""From ten addresses dead in one day, when they are more than one in five, a provider is out of order, not they."""

_HARD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_SENDERS = frozenset({"5.1.7", "5.1.8", "5.3.4"})
_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")


def enhanced_code(text: str) -> str:
    """The first enhanced status code (RFC 3463) of a server's words; empty without one."""
    found = _ENHANCED.search(text)
    return found[0] if found else ""


def fault(code: str) -> Fault:
    """Whose fault an enhanced status code says a refusal is.

    RFC 3463, sections 3.2 to 3.8, and RFC 7505 (5.1.10): no such mailbox or domain, moved, disabled. 5.1.7 and 5.1.8
    are about the sender, 5.3.4 about the size, 5.5, 5.6 and 5.7 about protocol, content and policy. What is left, full
    mailboxes (5.2.2) first, and refusals without a code count, and are believed when they last.
    """
    if code in _HARD:
        return "hard"
    if code in _SENDERS or code.startswith(("5.5.", "5.6.", "5.7.", "4.7.")):
        return "ours"
    return "soft"


ReturnKind = Literal["refusal", "complaint", "automatic", "other"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a genuine return address says: which edition, to whom."""

    edition_id: int
    subscriber_id: int


@dataclass(frozen=True, slots=True)
class Returned:
    """One mail that came back, read."""

    digest: str
    """SHA-256 of its bytes, in hexadecimal: the same mail is acted upon once."""
    kind: ReturnKind
    fault: Fault = ""
    code: str = ""
    """Enhanced status code; empty without one."""
    proof: Proof | None = None
    """None when no return address of ours is in it: nothing in it is then believed (threat B8)."""


Effect = Literal[
    "suspended", "counted", "left", "list", "ours", "held", "gone", "automatic", "unproven", "unreadable", "again"
]
"""What was done.

`suspended`: the address is written to no more; `counted`: a soft refusal more; `left`: who complained has left;
`list`: a mailing list refuses, and stays; `ours`: about our own mail; `held`: too many at once to be believed; `gone`:
who it is about had left; `automatic`: an answering machine; `unproven`: without a genuine return address; `again`:
read before.
"""
FOR_MAINTAINERS: tuple[Effect, ...] = ("suspended", "list", "ours", "held", "unproven", "unreadable")
"""Effects that the maintainers are told of."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """An address that is written to no more because it refuses."""

    subscriber_id: int
    address: str
    since: datetime
    code: str


class ReturnStore(Protocol):
    def note(self, returned: Returned, at: datetime, *, dry_run: bool = False) -> Effect:
        """Act upon a return in one transaction; the same one again does nothing. `dry_run`: say it, write nothing."""
        ...

    def suspensions(self) -> list[Suspension]: ...

    def effects(self, since: datetime) -> dict[Effect, int]:
        """How many returns had each effect since an instant."""
        ...

    def returned(self, edition_id: int) -> int:
        """Mails of an edition that were accepted, then came back."""
        ...
