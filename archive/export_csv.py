"""Results as CSV (RFC 4180) that a French spreadsheet opens at a click: UTF-8 with its mark, semicolons; pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from archive.export_table import COLUMNS, Cell, cells
from archive.references import Listing
from archive.remarks import remarks

# OWASP, « CSV Injection »: these begin a formula, and full-width forms are read as plain ones in some languages.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_file(listing: Listing) -> bytes:
    """One row per article."""
    return csv_table([name for name, _ in COLUMNS], map(cells, listing.references), remarks(listing))


def csv_table(head: Sequence[str], rows: Iterable[Sequence[Cell]], told: Iterable[str]) -> bytes:
    """Any table; what is told of it is in the last rows, which begin with `# `."""
    out = io.StringIO()
    # Everything is quoted, so that no separator or quotation mark in a value begins another cell.
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([_written(cell) for cell in row])
    for line in told:
        writer.writerow([f"# {line}", *[""] * (len(head) - 1)])
    return out.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    return "" if cell is None else str(cell)


def harmless(text: str) -> str:
    """The text, after an apostrophe when a spreadsheet would compute it, blanks before it or not (threat A39)."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text
