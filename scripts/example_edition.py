"""Writes the example edition of docs/exemple: the demonstration web read at a fixed time, always the same bytes.

python scripts/example_edition.py [FOLDER]
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.editions import Edition
from demo.web import DemoWeb
from veille import collecting, telling
from veille.wiring import House

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PORT = 8970
FOLDER = Path(__file__).parents[1] / "docs" / "exemple"


def write(folder: Path) -> list[Path]:
    """Read the demonstration web as if it were NOW, compose, and write the mail as .eml, .html and .txt."""
    os.environ["VEILLE_NOW"] = NOW.isoformat()
    with tempfile.TemporaryDirectory() as scratch, DemoWeb(NOW, PORT) as web:
        config = Path(scratch) / "config.toml"
        config.write_text(web.config(Path(scratch), 25, "https://veille.asso.example"), encoding="utf-8")
        with House(config) as house:
            collecting.run_pass(house, house.config.enabled)
            edition = telling.prepare(house, telling.chosen_period(house, ""))
            return telling.preview(house, numbered(edition), folder)


def numbered(edition: Edition) -> Edition:
    """The edition with articles numbered in its order: their own numbers depend on which page was read first."""
    entries = (replace(entry, article_id=number) for number, entry in enumerate(edition.entries, 1))
    return replace(edition, entries=tuple(entries))


if __name__ == "__main__":
    for path in write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER):
        print(path.name)  # noqa: T201
