"""The ten awkward sites, read twice by the real program; slow, so once for the whole folder."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

HERE = Path(__file__).parent


def free_port() -> int:
    """A port that is free on every address the sites use."""
    for _ in range(50):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = int(probe.getsockname()[1])
        try:
            for last in range(1, 12):
                socket.create_server((f"127.0.0.{last}", port)).close()
        except OSError:
            continue
        return port
    raise OSError("no port is free on all the sites' addresses")


def tree_pss(pid: int) -> int:
    """Proportional memory of a process and all its descendants, in bytes."""
    total = 0
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_full_info().pss
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return total
    return total


@dataclass
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str
    peak_pss: int = 0

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Sites:
    """The sites under way and the program's folder."""

    port: int
    out: Path
    round_one: Ran = field(default_factory=lambda: Ran(0, "", ""))
    round_two: Ran = field(default_factory=lambda: Ran(0, "", ""))
    log_one: int = 0

    @property
    def config(self) -> Path:
        return self.out / "config.toml"

    def control(self, path: str, method: str = "GET") -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bytes(answer.read())

    def log(self) -> list[dict[str, Any]]:
        return list(json.loads(self.control("/log")))

    def truth(self) -> list[dict[str, Any]]:
        return list(json.loads(self.control("/truth")))

    def veille(self, *arguments: str, now: str = "") -> Ran:
        """Run the program, watching the memory of all its processes."""
        environment = {**os.environ, "VEILLE_NOW": now} if now else {**os.environ}
        command = [sys.executable, "-m", "veille", *arguments, "--config", str(self.config)]
        with (self.out / "stdout").open("w+") as out, (self.out / "stderr").open("w+") as err:
            child = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, env=environment)
            peak = 0
            while child.poll() is None:
                peak = max(peak, tree_pss(child.pid))
                time.sleep(0.25)
            out.seek(0)
            err.seek(0)
            return Ran(child.returncode, out.read(), err.read(), peak)


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Both rounds, read: what each test looks at."""
    out, port = tmp_path_factory.mktemp("ten-sites"), free_port()
    command = [sys.executable, str(HERE / "miniweb.py"), "--corpus", str(HERE / "gold.jsonl"), "--port", str(port)]
    server = subprocess.Popen([*command, "--out", str(out)], stdout=subprocess.PIPE)
    assert server.stdout is not None
    server.stdout.readline()
    found = Sites(port, out)
    try:
        found.round_one = found.veille("run", "--json")
        found.log_one = len(found.log())
        found.control("/round/2", "POST")
        found.round_two = found.veille("run", "--json")
        yield found
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()
