"""Wall-clock time and peak proportional memory of a command and all its descendants."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Measured:
    seconds: float
    peak_mib: float
    out: str
    code: int


def _tree(pid: int) -> float:
    total = 0
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_full_info().pss
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
    return total / 2**20


def command(*arguments: str, memory: bool = True) -> Measured:
    """Run a command to its end; memory is sampled twice a second, which costs a few milliseconds each time."""
    started = time.perf_counter()
    child = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    peaks = [0.0]

    def watch() -> None:
        while child.poll() is None:
            peaks.append(_tree(child.pid))
            time.sleep(0.5)

    watcher = threading.Thread(target=watch, daemon=True)
    if memory:
        watcher.start()
    out, err = child.communicate()
    seconds = time.perf_counter() - started
    if child.returncode not in (0, 4):
        sys.stderr.write(err)
    return Measured(seconds, max(peaks), out, child.returncode)
