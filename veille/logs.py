"""Structured logs on stderr, one line an event, nothing personal; quiet unless asked."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any


def setup(verbose: bool = False) -> None:
    """Text on a terminal, JSON elsewhere or with VEILLE_LOG=json; newlines and control characters are escaped."""
    import structlog

    as_text = sys.stderr.isatty() and os.environ.get("VEILLE_LOG") != "json"
    shared: list[Any] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    renderer: Any = structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(ensure_ascii=True)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
