"""What every room's tests share."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

import pytest

RUNAWAY_SECONDS = 60


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
