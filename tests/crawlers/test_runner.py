"""The parent's side: the child is started, read, and never survives its context, its deadline or its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawl_lab import HERE, Lab, Reply

from core.pages import CrawlReport, Failure
from core.sources import CrawlSettings, Source
from crawlers.job import Job, report_to_json
from crawlers.runner import ScrapyCollector

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SETTINGS = CrawlSettings("veille-essai/1.0")


def alive(pid: int) -> bool:
    """False for a process that has ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_dead(pid: int, seconds: float = 5.0) -> bool:
    limit = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < limit:
        time.sleep(0.02)
    return not alive(pid)


def read_pid(path: Path) -> int:
    limit = time.monotonic() + 10
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < limit
        time.sleep(0.02)
    return int(path.read_text())


def child(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_the_job_reaches_the_child_and_its_last_line_is_the_report(tmp_path: Path) -> None:
    report = CrawlReport(3, 2, 1, ("anah",), (("anah", "https://anah.example/flux"),))
    code = (
        "import sys; from pathlib import Path; from crawlers.job import Job\n"
        "job = Job.from_json(sys.stdin.readline())\n"
        f"Path({str(tmp_path / 'slug')!r}).write_text(job.sources[0].slug + ' ' + job.now.isoformat())\n"
        f"print('un mot de trop'); print('x' * 200_000); print({report_to_json(report)!r})"
    )
    source = Source("anah", "Anah", "agence", "https://anah.example/", keywords=("é" * 200_000,))
    with ScrapyCollector(child(code), SETTINGS, NOW, 60).collect([source]) as handle:
        assert handle.report() == report
        assert not handle.running()
    assert (tmp_path / "slug").read_text() == "anah 2026-11-23T07:00:00+00:00"


def test_the_parent_s_side_loads_no_heavy_library() -> None:
    heavy = {"scrapy", "twisted", "feedparser", "lxml", "pydantic"}
    code = f"import sys, crawlers.runner; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(child(code), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("code", "words"),
    [("raise SystemExit(3)", "avec le code 3"), ("import os; os.kill(os.getpid(), 9)", "par le signal 9")],
)
def test_a_child_that_dies_is_told_once(code: str, words: str) -> None:
    told: list[Failure] = []
    with tempfile.TemporaryFile() as log:
        collector = ScrapyCollector(child(code), SETTINGS, NOW, 60, log=log, failed=told.append)
        with collector.collect([]) as handle:
            assert handle.report() == CrawlReport()
            assert handle.report() == CrawlReport()
    assert [failure.kind for failure in told] == ["interrupted"]
    assert words in told[0].reason


def test_leaving_the_context_stops_even_a_deaf_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawlers.runner.STOP_SECONDS", 0.3)
    code = (
        "import os, signal, time; from pathlib import Path; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    with ScrapyCollector(child(code), SETTINGS, NOW, 60).collect([]) as handle:
        pid = read_pid(tmp_path / "pid")
        assert handle.running()
        assert os.getpgid(pid) == pid != os.getpgid(0)
    assert not handle.running()
    assert wait_until_dead(pid)


def test_a_child_stuck_beyond_its_deadline_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crawl never runs for ever, even if nobody asks how it fares."""
    monkeypatch.setattr("crawlers.runner.GRACE_SECONDS", 0.1)
    told: list[Failure] = []
    collector = ScrapyCollector(child("import time; time.sleep(3600)"), SETTINGS, NOW, 0.2, failed=told.append)
    with collector.collect([]) as handle:
        handle.report()
    assert "signal 15" in told[0].reason


def test_the_child_dies_with_its_parent(lab: Lab, tmp_path: Path) -> None:
    """kill -9 of the parent leaves no crawler behind."""
    site = lab.site()
    lab.watch("lent", site.feed("/flux", *(f"/{n}" for n in range(20))))
    for path in site.routes:
        site.routes[path] = Reply(b"<p>lent</p>" * 10, drip=0.3)
    (tmp_path / "job").write_text(Job((lab.sources[-1],), lab.settings(timeout=30.0), NOW).to_json())
    parent_code = (
        "import sys; from pathlib import Path; from crawlers.job import Job\n"
        "from crawlers.runner import ScrapyCollector\n"
        f"job = Job.from_json(Path({str(tmp_path / 'job')!r}).read_text())\n"
        f"command = [sys.executable, {str(HERE / 'crawl_here.py')!r}, {str(tmp_path / 'state')!r}]\n"
        "with ScrapyCollector(command, job.settings, job.now, 60).collect(job.sources) as handle:\n"
        f"    Path({str(tmp_path / 'pid')!r}).write_text(str(handle._process.pid)); handle.report()"
    )
    with subprocess.Popen(child(parent_code)) as parent:
        pid = read_pid(tmp_path / "pid")
        limit = time.monotonic() + 20
        while not site.seen and time.monotonic() < limit:
            time.sleep(0.05)
        assert site.seen
        assert alive(pid)
        os.kill(parent.pid, signal.SIGKILL)
    assert wait_until_dead(pid)


def test_sigterm_ends_a_crawl_cleanly_with_its_report(lab: Lab, tmp_path: Path) -> None:
    site = lab.site()
    lab.watch("long", site.feed("/flux", "/a", "/b"))
    site.routes["/b"] = Reply(b"x" * 100, drip=0.5)
    job = Job((lab.sources[-1],), lab.settings(timeout=30.0), NOW)
    command = [sys.executable, str(HERE / "crawl_here.py"), str(tmp_path / "state")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(job.to_json().encode() + b"\n")
        process.stdin.flush()
        limit = time.monotonic() + 20
        while site.count("/b") == 0 and time.monotonic() < limit:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        out, log = process.communicate(timeout=60)
    assert process.returncode == 0, log.decode()
    assert b"Traceback" not in log
    assert b'"pages":1' in out


def test_a_crawl_out_of_time_names_what_it_leaves(lab: Lab) -> None:
    quick, slow = lab.site(), lab.site()
    lab.watch("vite", quick.feed("/flux", "/a"))
    lab.watch("traine", slow.feed("/flux", "/a"))
    slow.routes["/a"] = Reply(b"x" * 100, drip=0.5)
    crawled = lab.crawl(lab.sources[-2:], max_seconds=1.5, timeout=30.0)
    assert f"{quick.base}/a" in crawled.pages
    failure = crawled.failure("traine")
    assert (failure.kind, failure.entry) == ("interrupted", False)
    assert "1.5 s" in failure.reason
    assert crawled.seconds < 8
