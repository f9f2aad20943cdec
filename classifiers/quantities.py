"""What a text counts or dates, read from its words alone: one record for amounts, durations and dates."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Quantity(NamedTuple):
    """Half-open offsets of the form in its text, and what it is worth."""

    kind: Literal["amount", "duration", "date"]
    start: int
    end: int
    low: float | None = None
    high: float | None = None
    """In units of `unit`; equal to `low` when it is no range."""
    unit: str = ""
    """EUR, GBP, USD, CHF, FRF (ISO 4217), or month."""
    per_year: bool = False
    value: str = ""
    """ISO 8601, reduced when the day or the month is not said: 2016-11-24, 2016-11, 2016."""
