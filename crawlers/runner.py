"""Runs the crawl child: one JSON job on its stdin, one JSON report as the last line of its stdout."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO

from core.pages import CrawlReport, Failure
from core.ports import CrawlHandle
from core.sources import CrawlSettings, Source
from crawlers.job import Errand, Job, report_from_json

STOP_SECONDS = 5.0
"""What a child is given to end by itself after SIGTERM."""
GRACE_SECONDS = 30.0
"""What a child is given beyond its own deadline, before it is taken for stuck."""


class ScrapyCollector:
    """Keeps `core.ports.Collector`.

    `command` starts the child (`[sys.executable, "-m", "veille.crawl_child", …]`), `now` is the run's time,
    `max_seconds` the longest crawl (0 for none), `errand` and `addresses` what else than collecting is to be done
    (see `crawlers.job`), `log` where the child's stderr goes (default: the parent's). `failed` is told, once, of a
    child that died without a report.
    """

    def __init__(
        self,
        command: Sequence[str],
        settings: CrawlSettings,
        now: datetime,
        max_seconds: float,
        *,
        errand: Errand = "collect",
        addresses: Sequence[str] = (),
        log: IO[bytes] | IO[str] | None = None,
        failed: Callable[[Failure], None] | None = None,
    ) -> None:
        self._command = list(command)
        self._settings = settings
        self._now = now
        self._max_seconds = max_seconds
        self._errand = errand
        self._addresses = tuple(addresses)
        self._log = log
        self._failed = failed

    @contextmanager
    def collect(self, sources: Sequence[Source]) -> Iterator[CrawlHandle]:
        """Start a child over these sources; leaving the context stops it, whatever it does.

        The thread that enters must live until it leaves: the kernel kills the child with it (PR_SET_PDEATHSIG).
        """
        job = Job(
            tuple(sources),
            self._settings,
            self._now,
            self._max_seconds,
            os.getpid(),
            self._errand,
            self._addresses,
        )
        # Files, not pipes: neither side can block on the other, whatever the size of the job or of the noise.
        with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout:
            stdin.write(job.to_json().encode() + b"\n")
            stdin.seek(0)
            process = subprocess.Popen(
                self._command, stdin=stdin, stdout=stdout, stderr=self._log, start_new_session=True
            )
            child = _Child(process, stdout, self._failed)
            alarm = threading.Timer(self._max_seconds + GRACE_SECONDS, child.stop) if self._max_seconds else None
            if alarm:
                alarm.daemon = True
                alarm.start()
            try:
                yield child
            finally:
                if alarm:
                    alarm.cancel()
                child.stop()


class _Child:
    """Keeps `core.ports.CrawlHandle` over one process."""

    def __init__(
        self, process: subprocess.Popen[bytes], stdout: IO[bytes], failed: Callable[[Failure], None] | None
    ) -> None:
        self._process = process
        self._stdout = stdout
        self._failed = failed
        self._report: CrawlReport | None = None
        self._stopping = threading.Lock()

    def running(self) -> bool:
        return self._process.poll() is None

    def report(self) -> CrawlReport:
        """Waits for the child's end. A child that died without a report counts for nothing, and is told to `failed`."""
        code = self._process.wait()
        if self._report is None:
            self._report = self._last_line()
            if self._report is None:
                self._report = CrawlReport()
                if self._failed:
                    self._failed(Failure("", "", "interrupted", _ending(code)))
        return self._report

    def stop(self) -> None:
        """SIGTERM, STOP_SECONDS, then SIGKILL to the whole group; nothing when the child has already ended."""
        with self._stopping:
            # Only while the child is not reaped: its number, which is its group's, may then be another's.
            if not self.running():
                return
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def _last_line(self) -> CrawlReport | None:
        self._stdout.seek(0)
        lines = self._stdout.read().split(b"\n")
        last = next((line for line in reversed(lines) if line.strip()), b"")
        try:
            return report_from_json(last)
        except ValueError:
            return None


def _ending(code: int) -> str:
    how = f"par le signal {-code}" if code < 0 else f"avec le code {code}"
    return f"la collecte s'est arrêtée {how} avant de rendre ses comptes ; ce qui était lu est gardé"
