"""How a source fares, in words that commands, mails and pages share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.sources import SourceState
from core.visits import Visit

State = Literal[
    "gone", "failing", "empty", "silent", "shrunk", "language", "undated", "expected", "moved",
    "flood", "partial", "excess", "shaky", "new", "quiet", "good", "disabled",
]  # fmt: skip
"""Worst first."""

TITLES: dict[State, str] = {
    "gone": "supprimée",
    "failing": "en panne",
    "empty": "vide",
    "silent": "muette",
    "shrunk": "textes tronqués",
    "language": "langue changée",
    "undated": "dates perdues",
    "expected": "moins que prévu",
    "moved": "déménagée",
    "flood": "déluge",
    "partial": "lue en partie",
    "excess": "plus que prévu",
    "shaky": "incertaine",
    "new": "pas encore lue",
    "quiet": "calme",
    "good": "lue normalement",
    "disabled": "désactivée",
}
ORDER: dict[State, int] = {state: rank for rank, state in enumerate(TITLES)}
ALARMS = frozenset(list(TITLES)[: list(TITLES).index("shaky")])
"""States that a maintainer is told of."""
UNREAD = frozenset({"gone", "failing", "empty", "silent"})
"""States in which readers miss what the source says."""


def weight(kind: str, reason: str) -> float:
    """How much a failed visit tells: 1 for what does not pass by itself, 0.5 for what may, 0.25 for a busy server,
    nothing for a crawl that ended too early, which is no fault of the source.

    Media Cloud weighs so, having learnt that most feeds taken for dead come back.
    """
    if kind == "http" and any(code in reason for code in ("429", "503", "attendre")):
        return 0.25
    if kind == "interrupted":
        return 0.0
    if kind in ("timeout", "connection", "encoding", "internal"):
        return 0.5
    passing = (kind == "http" and "code 5" in reason) or (kind == "robots" and "tranquille" in reason)
    return 0.5 if passing else 1.0


@dataclass(frozen=True, slots=True)
class Condition:
    """What the visits of a source say of it."""

    state: State
    reason: str
    """One French sentence without its final stop, for maintainers."""
    since: datetime | None = None
    """When it began, as the visits show it."""
    advice: str = ""
    """What a maintainer may do, one French sentence without its final stop."""
    cause: str = ""
    """What sources in the same trouble share, a few French words: mails group by it."""
    told: str = ""
    """The same for readers: no word of the trade."""
    proposal: str = ""
    """A change of config.toml that a person may accept."""


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of a source."""

    state: SourceState
    visits: tuple[Visit, ...] = ()
    """Oldest first; the old ones one a day."""
    days: tuple[datetime, ...] = ()
    """When its articles came out, newest first, each instant once."""
