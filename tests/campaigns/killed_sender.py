"""`veille digest --send`, started again and again, and killed around a chosen commit or when a test says so.

    python killed_sender.py

For each line of JSON on stdin, fresh copies of this process, in which every module is loaded already, run the command:
their numbers are printed, then their exit statuses. `commit` names the commit of that run around which a copy ends
itself with SIGKILL: `before` it or `after` it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

HEAD = """\
[veille]
name = "Veille d'essai"
contact = "essai@example.org"
[mail]
on_unknown = "{}"
from = "Veille <veille@example.org>"
[[topic]]
slug = "impact-social"
name = "Impact social"
[[source]]
slug = "muette"
name = "Source muette"
category = "presse"
url = "http://127.0.0.1:9/"
feed = "http://127.0.0.1:9/feed"
"""


@dataclass
class Sender:
    """The program, started as often as asked."""

    process: subprocess.Popen[str]
    folder: Path
    kills: int = 0
    out: str = ""

    def run(self, now: str, when: str = "", commit: int = 0, seconds: float | None = None) -> bool:
        """Send; True when that run was killed."""
        (child,) = self._start({"now": now, "when": when, "commit": commit})
        if seconds is not None:
            time.sleep(seconds)
            # Its status is read below: until then its number is nobody else's, unless it had ended.
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        (status,) = self._ends()
        self.out = (self.folder / "out").read_text(encoding="utf-8")
        self.kills += status == -signal.SIGKILL
        assert status in (0, -signal.SIGKILL), self.out
        return status == -signal.SIGKILL

    def run_at_once(self, copies: int, now: str) -> list[int]:
        """Several timers ask at the same moment; their exit statuses."""
        self._start({"now": now, "when": "", "copies": copies, "due": True})
        return self._ends()

    def _start(self, order: dict[str, Any]) -> list[int]:
        assert self.process.stdin is not None
        places = {"out": str(self.folder / "out"), "config": str(self.folder / "config.toml")}
        self.process.stdin.write(json.dumps(order | places) + "\n")
        self.process.stdin.flush()
        return self._ends()

    def _ends(self) -> list[int]:
        assert self.process.stdout is not None
        return [int(number) for number in self.process.stdout.readline().split()]


@contextmanager
def sender(folder: Path) -> Iterator[Sender]:
    command = [sys.executable, str(Path(__file__))]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        try:
            yield Sender(process, folder)
        finally:
            process.kill()


def load() -> None:
    """Everything that a sending imports, so that each copy starts at once."""
    rooms = "alerts.render alerts.smtp db.store db.lock pipeline.deliver pipeline.digest"
    for name in (*rooms.split(), "veille.cli", "veille.config_model", "veille.issuing"):
        import_module(name)


def arm(when: str, commit: int) -> None:
    """End this process around a commit of the store, whichever of its rooms asks for it."""
    from db.engine import Database

    real, count = Database.write, 0

    @contextmanager
    def write(self: Database) -> Iterator[Any]:
        nonlocal count
        count += 1
        chosen = count == commit
        with real(self) as connection:
            yield connection
            if chosen and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        if chosen and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    Database.write = write  # type: ignore[method-assign]


def send(order: dict[str, Any]) -> None:
    from veille.cli import main

    os.environ["VEILLE_NOW"] = order["now"]
    out = os.open(order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    if order["when"]:
        arm(order["when"], order["commit"])
    sys.argv = ["veille", "digest", "--send", "--config", order["config"], *(["--due"] if order.get("due") else [])]
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    load()
    for line in sys.stdin:
        order, children = json.loads(line), []
        for _ in range(order.get("copies", 1)):
            child = os.fork()
            if not child:
                send(order)
            children.append(child)
        print(*children, flush=True)
        print(*(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children), flush=True)


if __name__ == "__main__":
    serve()
