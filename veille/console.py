"""What commands print: tables and sentences for a person, one JSON object for a program."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.clock import PARIS


def say(text: str = "") -> None:
    """One line on stdout."""
    sys.stdout.write(text + "\n")


def warn(text: str) -> None:
    """One line on stderr."""
    sys.stderr.write(text + "\n")


def plain(value: Any) -> Any:
    """A value as JSON knows it: dataclasses become objects, dates ISO 8601 in UTC."""
    if isinstance(value, datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    return value


def say_json(value: Any) -> None:
    """One JSON object on stdout."""
    say(json.dumps(plain(value), ensure_ascii=False, indent=2))


def day(when: datetime | None, with_hour: bool = False) -> str:
    """`22/11/2026`, with the hour in Europe/Paris when asked; a dash when there is none."""
    if when is None:
        return "—"
    return when.astimezone(PARIS).strftime("%d/%m/%Y %H:%M" if with_hour else "%d/%m/%Y")


def number(value: int) -> str:
    """`1 234`, with the narrow space of French figures."""
    return f"{value:,}".replace(",", "\u202f")


def count(value: int, singular: str, plural: str = "") -> str:
    """`1 article`, `1 234 articles`; zero is singular in French."""
    return f"{number(value)} {singular if value < 2 else plural or singular + 's'}"


def table(headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table fitted to the terminal; tab-separated lines elsewhere, easy to cut."""
    if not sys.stdout.isatty():
        for row in (headers, *rows):
            say("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        drawn.add_column(header, overflow="fold")
    for row in rows:
        drawn.add_row(*(cell.replace("[", "\\[") for cell in row))
    Console().print(drawn)
