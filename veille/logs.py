"""Structured logs on stderr, one line an event, nothing personal; quiet unless something went wrong."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

CHATTY = ("scrapy", "twisted", "trafilatura", "htmldate", "apscheduler", "asyncio", "py.warnings")
"""Libraries whose warnings repeat what our named failures already say."""


def _is_ours(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR or record.name.split(".")[0] not in CHATTY


def setup(level: int = logging.WARNING) -> None:
    """Text on a terminal, JSON elsewhere or with VEILLE_LOG=json; newlines and control characters are escaped."""
    import structlog

    as_text = sys.stderr.isatty() and os.environ.get("VEILLE_LOG") != "json"
    shared: list[Any] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    renderer: Any = structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer(ensure_ascii=True)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    handler.addFilter(_is_ours)
    handler.setLevel(level)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
