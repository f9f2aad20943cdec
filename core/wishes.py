"""What a recipient asked for, and the proof that they asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Frequency = Literal["weekly", "monthly"]
"""Also the name of the series of editions that is received."""
MailFormat = Literal["html", "text"]

FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of a pause that has none."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """A list address has these, and cannot change them."""

    frequency: Frequency = "weekly"
    format: MailFormat = "html"
    """`html`: with a text part, as every mail; `text`: the text part alone."""
    quiet: bool = False
    """A short mail too when there is nothing new."""
    topics: tuple[str, ...] = ()
    """Slugs; empty for every topic that is followed, those to come included."""
    paused_until: datetime | None = None

    def is_paused(self, at: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > at


USUAL = Wishes()


@dataclass(frozen=True, slots=True)
class Consent:
    """Proof that a person asked to be written to (GDPR, article 7.1)."""

    at: datetime
    """When they confirmed."""
    proof: str
    """The version of the text they agreed to (`archive/consent.py`), or what an import says of it."""
