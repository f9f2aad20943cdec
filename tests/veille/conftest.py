"""The real program on a folder of its own, without network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CONFIG = """\
[veille]
name = "Veille d'essai"
contact = "essai@example.org"
[mail]
from = "Veille <veille@example.org>"
[[topic]]
slug = "impact-social"
name = "Impact social"
[[source]]
slug = "muette"
name = "Source muette"
category = "presse"
url = "http://127.0.0.1:9/"
feed = "http://127.0.0.1:9/feed"
"""

Veille = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def veille(tmp_path: Path) -> Veille:
    """`veille("search", "x")` in a folder with a valid configuration."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")

    def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "veille", *arguments],
            cwd=tmp_path, input=stdin, capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, **environment},
        )  # fmt: skip

    return run
