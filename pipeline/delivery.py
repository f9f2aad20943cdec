"""What was due of an edition, beside what was accepted; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.editions import Edition, OutboxRow

WAITING = ("queued", "retry", "sending")
ENDED = ("sent", "failed", "unknown", "suppressed")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one edition fared; `due` is the number of its recipients at the freeze, each of them in one part."""

    edition: str
    state: str
    due: int
    accepted: int
    waiting: int
    failed: int
    unknown: int
    suppressed: int
    """Whose recipient had left, paused or been suspended before the mail did."""
    returned: int
    """Accepted, then sent back."""
    unknown_mails: tuple[int, ...]
    """Numbers of the mails in doubt, in the place of addresses."""
    fault: str = ""
    """Why the account is not right, in French; empty when it is."""


def account(edition: Edition, rows: Sequence[OutboxRow], returned: int) -> Delivery:
    """Compare what was due with what became of it (threats, section 5)."""
    states = Counter(str(row.state) for row in rows)
    return Delivery(
        edition=f"{edition.period.series}/{edition.period.key}",
        state=edition.state,
        due=len(rows),
        accepted=states["sent"],
        waiting=sum(states[name] for name in WAITING),
        failed=states["failed"],
        unknown=states["unknown"],
        suppressed=states["suppressed"],
        returned=returned,
        unknown_mails=tuple(row.id for row in rows if row.state == "unknown"),
        fault=_fault(edition, rows, states),
    )


def _fault(edition: Edition, rows: Sequence[OutboxRow], states: Counter[str]) -> str:
    if strange := sorted(set(states) - {*WAITING, *ENDED}):
        return f"état inconnu : {', '.join(strange)}"
    if len({row.subscriber_id for row in rows}) != len(rows):
        return "un destinataire y est deux fois"
    if edition.state == "sent" and any(states[name] for name in WAITING):
        return "close alors que des mails attendent"
    if edition.state == "frozen":
        return "figée, jamais mise à l'envoi"
    return ""
