"""The example edition of docs/exemple is what the program makes today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_the_example_edition_is_current(tmp_path: Path) -> None:
    """When the mail changes on purpose: make example."""
    script = ROOT / "scripts" / "example_edition.py"
    subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    shown = {path.name: path.read_bytes() for path in (ROOT / "docs" / "exemple").iterdir()}
    assert {path.name for path in tmp_path.iterdir()} == {"2026-W48.eml", "2026-W48.html", "2026-W48.txt"}
    for path in tmp_path.iterdir():
        assert path.read_bytes() == shown[path.name], path.name
