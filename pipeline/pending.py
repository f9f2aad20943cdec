"""Work handed to other processes, with what each piece was about, given back in the order in which it ends."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

About = TypeVar("About")
Answer = TypeVar("Answer")


class Pending(Generic[About, Answer]):
    """Futures under way; asking which have ended costs nothing for those that have not."""

    def __init__(self) -> None:
        self._about: dict[Future[Answer], About] = {}
        self._ended: SimpleQueue[Future[Answer]] = SimpleQueue()

    def __len__(self) -> int:
        return len(self._about)

    def add(self, future: Future[Answer], about: About) -> None:
        self._about[future] = about
        future.add_done_callback(self._ended.put)

    def ended(self, patience: float | None) -> Iterator[tuple[About, Future[Answer]]]:
        """What has ended; when nothing has, the first to end within `patience` seconds (None: however long)."""
        if not self._about:
            return
        try:
            future: Any = self._ended.get(block=patience != 0, timeout=patience)
            while True:
                yield self._about.pop(future), future
                future = self._ended.get_nowait()
        except Empty:
            return
