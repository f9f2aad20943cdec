"""What maintainers are written: short letters, of plain lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One line, and the lines under it."""

    text: str
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to the maintainers; the same key is never sent twice."""

    key: str
    """`2026-W47` for the weekly one, `2026-11-23` for an urgent one."""
    subject: str
    sections: tuple[Section, ...]
    note: str = ""
    """The last line: where to see more."""
