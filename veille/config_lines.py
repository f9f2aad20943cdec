"""Where a key stands in a TOML text, so that an error can name its line."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*=""")

Path = tuple[str | int, ...]


def _header_path(name: str, is_array: bool, counts: dict[str, int]) -> Path:
    """`source.listing` after the third [[source]] → ("source", 2, "listing")."""
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    path: list[str | int] = []
    for depth, part in enumerate(parts):
        path.append(part)
        dotted = ".".join(parts[: depth + 1])
        if is_array and depth == len(parts) - 1:
            counts[dotted] = counts.get(dotted, -1) + 1
        if dotted in counts:
            path.append(counts[dotted])
    return tuple(path)


def key_lines(text: str) -> dict[Path, int]:
    """Every table and key of a TOML text with the number of its line, from 1."""
    lines: dict[Path, int] = {}
    counts: dict[str, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _header_path(header[2], header[1] == "[[", counts)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, key[1] or key[2] or key[3]), number)
    return lines


def locate(lines: dict[Path, int], path: Sequence[str | int]) -> int | None:
    """Line of the longest known beginning of a path; None when nothing of it stands in the text."""
    for length in range(len(path), 0, -1):
        if (found := lines.get(tuple(path[:length]))) is not None:
            return found
    return None
