"""Sorts trials by what a person would do about them, and proposes what to enable and disable; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.pages import Failure
from veille.trial import Trial

Cause = Literal[
    "reads", "empty", "unreadable", "redesigned", "html", "refused", "gone", "robots", "dns", "tls", "silent", "config",
    "other",
]  # fmt: skip
TITLES: dict[Cause, str] = {
    "reads": "Se lisent bien",
    "empty": "Valables, mais vides",
    "unreadable": "L'entrée répond, aucun article ne se lit",
    "redesigned": "Liste sans aucun lien reconnu : le site a sans doute été refait",
    "html": "Une page, ou autre chose, à la place de l'entrée attendue",
    "refused": "Refusent les programmes (401, 403, 429)",
    "gone": "Adresse disparue (404, 410)",
    "robots": "robots.txt demande de ne pas lire",
    "dns": "Nom de site introuvable (DNS)",
    "tls": "Certificat refusé (TLS)",
    "silent": "N'ont pas répondu aujourd'hui",
    "config": "À corriger dans config.toml",
    "other": "Autres pannes",
}
LASTING: frozenset[Cause] = frozenset({"redesigned", "html", "refused", "gone", "robots", "dns", "tls"})
"""Causes that tomorrow will not mend: what has one of them is proposed to be disabled."""
_KINDS: dict[str, Cause] = {
    "dns": "dns", "tls": "tls", "robots": "robots", "empty": "redesigned", "format": "html", "config": "config",
    "timeout": "silent", "connection": "silent", "interrupted": "silent",
}  # fmt: skip
_STATUS_RE = re.compile(r"\(code (\d{3})\)")
_STATUSES: dict[str, Cause] = {"401": "refused", "403": "refused", "429": "refused", "404": "gone", "410": "gone"}


@dataclass(frozen=True, slots=True)
class Proposal:
    slug: str
    enable: bool
    reason: str
    """Why it would be disabled."""


def cause_of(trial: Trial) -> Cause:
    """What a trial comes down to."""
    if trial.failure is not None:
        return _failed(trial.failure)
    if trial.sight is not None and not trial.sight.announced:
        return "empty"
    return "reads" if trial.readable else "unreadable"


def _failed(failure: Failure) -> Cause:
    status = _STATUS_RE.search(failure.reason)
    if failure.kind == "http":
        return _STATUSES.get(status[1], "silent") if status else "silent"
    if failure.kind == "robots" and "n'a pas pu être lu" in failure.reason:
        return "silent"  # nobody knows what it would have said
    return _KINDS.get(failure.kind, "other")


def grouped(trials: Sequence[Trial]) -> dict[Cause, list[Trial]]:
    """Trials by cause, in the order of TITLES; causes without trial left out."""
    groups: dict[Cause, list[Trial]] = {cause: [] for cause in TITLES}
    for trial in trials:
        groups[cause_of(trial)].append(trial)
    return {cause: members for cause, members in groups.items() if members}


def no_network(trials: Sequence[Trial]) -> bool:
    """True when nothing answered at all: it is this machine's network, and no source's fault."""
    causes = {cause_of(trial) for trial in trials}
    return len(trials) > 1 and causes <= {"dns", "silent"}


def proposals(trials: Sequence[Trial]) -> list[Proposal]:
    """What to enable and what to disable; nothing when this machine has no network."""
    if no_network(trials):
        return []
    found = []
    for trial in trials:
        cause = cause_of(trial)
        if trial.source.enabled and cause in LASTING and trial.failure is not None:
            found.append(Proposal(trial.source.slug, False, trial.failure.reason))
        elif not trial.source.enabled and cause == "reads":
            found.append(Proposal(trial.source.slug, True, ""))
    return found
