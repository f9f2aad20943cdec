"""`veille digest --send`, started again and again, and killed around a chosen commit or when a test says so.

    python killed_sender.py

For each line of JSON on stdin, a fresh copy of this process, in which every module is loaded already, runs the command:
its number is printed, then its exit status. `commit` names the commit of that run around which it ends itself with
SIGKILL: `before` it or `after` it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


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
    sys.argv = ["veille", "digest", "--send", "--config", order["config"]]
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
        child = os.fork()
        if not child:
            send(json.loads(line))
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
