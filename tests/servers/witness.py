"""An SMTP server of its own process that notes every mail it took, before it says so: the witness of a campaign.

    python witness.py NOTES.jsonl SECONDS

It prints its port, then serves until it is ended. A mail is noted once its final dot is there, whether or not the
answer, up to `SECONDS` later, still finds somebody: that is what a real server does.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import socketserver
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.say("220 witness")
        recipient = ""
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT":
                recipient = re.search(rb"<([^>]*)>", line)[1].decode()  # type: ignore[index]
            if verb == b"DATA":
                self.say("354 go on")
                self.take(recipient)
            elif verb == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")
        return None

    def take(self, recipient: str) -> None:
        number = ""
        for line in self.rfile:
            if line == b".\r\n":
                self.server.note(recipient, number)  # type: ignore[attr-defined]
                return self.say("250 taken")
            if line.lower().startswith(b"message-id:"):
                number = line.partition(b":")[2].strip().decode()
        return None

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def __init__(self, notes: Path, slow: float) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.file, self.slow = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND), slow

    def note(self, recipient: str, number: str) -> None:
        os.write(self.file, (json.dumps([recipient, number]) + "\n").encode())
        time.sleep(random.uniform(0, self.slow))

    def handle_error(self, request: object, address: object) -> None:
        """A client that was killed is no news."""


@dataclass(frozen=True, slots=True)
class Witness:
    port: int
    notes: Path

    def taken(self) -> list[tuple[str, str]]:
        """(recipient, Message-ID) of every mail, in the order of their coming."""
        return [tuple(json.loads(line)) for line in self.notes.read_text().splitlines()]


@contextmanager
def witness(notes: Path, slow: float = 0.0) -> Iterator[Witness]:
    """A witness in a process of its own."""
    notes.touch()
    command = [sys.executable, __file__, str(notes), str(slow)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Witness(int(process.stdout.readline()), notes)
        finally:
            process.kill()


if __name__ == "__main__":
    server = _Server(Path(sys.argv[1]), float(sys.argv[2]))
    print(server.server_address[1], flush=True)
    server.serve_forever()
