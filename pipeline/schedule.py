"""The timer of `veille watch`; the only importer of APScheduler. A timer only asks: the database decides.

APScheduler fires twice, or at an hour that does not exist, when clocks change between 01:00 and 04:00: such hours are
refused by the configuration, and every job is idempotent by its period (docs/adr/0005).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Job:
    """Something to ask again: every so often, or each week on a day at an hour."""

    name: str
    ask: Callable[[], None]
    every: timedelta | None = None
    day: str = ""
    hour: int = 0


class Timer:
    """Asks its jobs in threads, one instance of each at a time, until `stop` is called."""

    def __init__(self, jobs: Sequence[Job], zone: str) -> None:
        from apscheduler.events import EVENT_SCHEDULER_STARTED
        from apscheduler.schedulers.blocking import BlockingScheduler

        # A late job is asked once, however late: its own transaction knows whether it is still due.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler: Any = BlockingScheduler(timezone=zone, job_defaults=defaults)
        self._stopped = False
        self._scheduler.add_listener(self._started, EVENT_SCHEDULER_STARTED)
        for job in jobs:
            self._add(job)

    def _add(self, job: Job) -> None:
        from apscheduler.triggers.cron import CronTrigger
        from apscheduler.triggers.interval import IntervalTrigger

        zone = self._scheduler.timezone
        if job.every is not None:
            trigger = IntervalTrigger(seconds=int(job.every.total_seconds()), timezone=zone)
        else:
            trigger = CronTrigger(day_of_week=job.day[:3], hour=job.hour, minute=0, timezone=zone)
        self._scheduler.add_job(job.ask, trigger, id=job.name, name=job.name)

    def run(self) -> None:
        """Block until `stop`, which may have been called before."""
        self._scheduler.start()

    def stop(self) -> None:
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _started(self, event: Any) -> None:
        if self._stopped:
            self.stop()
