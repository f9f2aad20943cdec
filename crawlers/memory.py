"""robots.txt from one run to the next: kept raw like any entry page, and asked again on condition that it changed."""

from __future__ import annotations

from dataclasses import dataclass

from core.pages import NewPage, Validators
from core.ports import Clock, RawStore
from crawlers.fetcher import Answer
from crawlers.robots import Answered

OWNER = "robots.txt"
"""Stands for a source in the store: the file belongs to a host, which several sources may share."""


@dataclass(frozen=True, slots=True)
class RobotsMemory:
    """Keeps `crawlers.robots.Memory` over the raw store."""

    store: RawStore
    clock: Clock

    def known(self, url: str) -> Validators | None:
        return self.store.validators(url) if self.store.body(url) is not None else None

    def again(self, url: str) -> Answered:
        self.store.unchanged(url, self.clock.now())
        return Answer(url, 200, (), self.store.body(url) or b"")

    def keep(self, url: str, answer: Answered) -> None:
        headers = answer.headers if isinstance(answer, Answer) else ()
        page = NewPage(OWNER, "entry", url, url, answer.status, headers, answer.body, self.clock.now())
        self.store.save(page)
