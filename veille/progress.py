"""Progress of a long command: a moving line on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from typing import Any


class Progress:
    """Called with (what, count); draws on stderr when it is a terminal."""

    def __init__(self, label: str = "Collecte") -> None:
        self._label = label
        self._status: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True).status(f"{self._label}…")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, what: str, count: int) -> None:
        if self._status is not None:
            self._status.update(f"{self._label}… {count} {what}")
