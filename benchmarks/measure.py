"""Wall-clock time and memory of a command and all its descendants, together and by what each of them does."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

import psutil


@dataclass(frozen=True, slots=True)
class Measured:
    seconds: float
    peak_mib: float
    out: str
    code: int
    residents: dict[str, list[float]] = field(default_factory=dict)
    """By role, the largest resident set at each sample, in MiB: it counts shared libraries whole."""

    def peak(self, role: str) -> float:
        return max(self.residents.get(role, [0.0]))

    def growth(self, role: str) -> float:
        """MiB by which the peak of the last quarter is above that of the third: a leak goes on growing."""
        samples = self.residents.get(role, [])
        quarter = len(samples) // 4
        return max(samples[-quarter:]) - max(samples[-2 * quarter : -quarter]) if quarter else 0.0


def _role(process: psutil.Process, root: int) -> str:
    """fetch, extract, tag, or the command itself; "" for what helps Python start the others."""
    if process.pid == root:
        return "command"
    line = " ".join(process.cmdline())
    if "crawl_child" in line:
        return "fetch"
    with open(f"/proc/{process.pid}/maps", encoding="utf-8", errors="replace") as maps:
        loaded = maps.read()
    # Both are forked from one server, under its name: their libraries tell them apart.
    return "tag" if "/spacy/" in loaded else "extract" if process.parent().pid != root else ""  # type: ignore[union-attr]


def _sample(pid: int, residents: dict[str, list[float]]) -> float:
    """The proportional memory of the tree, in MiB; the largest process of each role is noted."""
    total, largest = 0, dict[str, float]()
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
                memory, role = process.memory_full_info(), _role(process, pid)
                total += memory.pss
                largest[role] = max(largest.get(role, 0.0), memory.rss / 2**20)
    except psutil.NoSuchProcess:
        return 0.0
    for role, size in largest.items():
        residents.setdefault(role, []).append(size)
    return total / 2**20


def command(*arguments: str, memory: bool = True) -> Measured:
    """Run a command to its end; memory is sampled twice a second, which costs a few milliseconds each time."""
    started = time.perf_counter()
    child = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    peaks, residents = [0.0], dict[str, list[float]]()

    def watch() -> None:
        while child.poll() is None:
            peaks.append(_sample(child.pid, residents))
            time.sleep(0.5)

    watcher = threading.Thread(target=watch, daemon=True)
    if memory:
        watcher.start()
    out, err = child.communicate()
    seconds = time.perf_counter() - started
    if child.returncode not in (0, 4):
        sys.stderr.write(err)
    return Measured(seconds, max(peaks), out, child.returncode, residents)
