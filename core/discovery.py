"""What a look at a site finds: ways to its articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.sources import ApiRules, EntryKind, ListingRules


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address asked in vain; `kind` is a `core.pages.FailureKind`, `reason` a French sentence."""

    url: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry point that was read, and what it announces."""

    kind: EntryKind
    url: str
    listing: ListingRules | None = None
    api: ApiRules | None = None
    announced: int = 0
    dated: int = 0
    newest: datetime | None = None
    titled: int = 0
    """Articles that the entry names: a standard sitemap names none."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """All that was found from one address."""

    asked: str
    page: str
    """The address that answered, after redirects; empty when none did."""
    name: str = ""
    """What the site calls itself."""
    candidates: tuple[Candidate, ...] = ()
    """The best first."""
    refusals: tuple[Refusal, ...] = ()
    """What was asked in vain, the given address first."""
