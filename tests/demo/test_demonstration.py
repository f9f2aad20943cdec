"""`veille demo`, whole, on a machine whose only network is its loopback: the job of the README's first command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest

pytestmark = pytest.mark.isolation

# What `ip link set lo up` does, which a machine may lack (Linux ioctl SIOCSIFFLAGS with IFF_UP).
ALONE = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    fcntl.ioctl(control, 0x8914, struct.pack("16sh14x", b"lo", 1))
os.execv(sys.executable, [sys.executable, "-m", "veille", *sys.argv[1:]])
"""


@dataclass(frozen=True)
class Demonstrated:
    code: int
    out: str
    err: str
    folder: Path

    def mails(self) -> list[EmailMessage]:
        found = sorted((self.folder / "mails-recus").glob("*.eml"))
        return [cast(EmailMessage, message_from_bytes(path.read_bytes(), policy=default)) for path in found]


def demonstrate(folder: Path) -> Demonstrated:
    command = ["unshare", "-rn", sys.executable, "-c", ALONE, "demo", "--folder", str(folder)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=200, check=False,
        # A database of the environment is the true watch's: the demonstration must leave it alone.
        env={**os.environ, "VEILLE_DATABASE_URL": "postgresql://veille@127.0.0.1:9/vraie"},
    )  # fmt: skip
    return Demonstrated(done.returncode, done.stdout, done.stderr, folder)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Demonstrated:
    return demonstrate(tmp_path_factory.mktemp("demo") / "écrits de la démo")


def test_it_ends_by_itself_and_says_in_french_what_was_read_kept_and_failed(first: Demonstrated) -> None:
    assert first.code == 0, first.err
    assert first.err == ""
    assert re.search(r"^8 sources lues sur 10, \d+ requêtes, \d+ pages reçues", first.out, re.MULTILINE)
    assert "Ce qui n'a pas pu être lu" in first.out
    assert "Ce qui a été retenu (14 histoires) et pourquoi" in first.out
    assert "veille web --config" in first.out


def test_its_mails_came_through_a_real_smtp_server(first: Demonstrated) -> None:
    person, group = first.mails()
    assert {str(person["To"]), str(group["To"])} == {"abonnee@asso.example", "liste-veille@listes.asso.example"}
    body = person.get_body(("plain",))
    assert body is not None
    assert "contrat à impact social" in body.get_content()


@pytest.mark.long
def test_a_second_demonstration_starts_clean(first: Demonstrated) -> None:
    again = demonstrate(first.folder)
    assert again.code == 0, again.err
    lines = [line for line in again.out.splitlines() if "nouveaux articles" in line]
    assert lines == [line for line in first.out.splitlines() if "nouveaux articles" in line]
    assert len(again.mails()) == 2
