"""Facts read in an article: who takes part, where, for how much and how long, each with the sentence that says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FactKind = Literal["actor", "place", "amount", "duration", "date"]

ROLES = {
    "operateur": "opérateur",
    "payeur": "payeur",
    "investisseur": "investisseur",
    "structureur": "structureur",
    "evaluateur": "évaluateur",
}
"""Part that an actor may take in a contract: identifier → as readers see it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A candidate fact: a person judges it, by its sentence."""

    kind: FactKind
    value: str
    """Identity: actor or place id (`slug` of a name that no list knows), ISO 8601 date; empty for a quantity."""
    name: str
    """As readers see it: the actor's or place's name; empty for a date or a quantity."""
    role: str
    """A key of ROLES, for an actor whose sentence says it; else empty."""
    form: str
    """As written, at `start:end` of the field."""
    field: Literal["title", "text"]
    start: int
    end: int
    sentence: str
    sentence_start: int
    page: int | None = None
    low: float | None = None
    high: float | None = None
    """Of an amount, in `unit`; of a duration, in months. Equal when it is no range."""
    unit: str = ""
    """Currency of an amount (ISO 4217), or month."""
    per_year: bool = False
