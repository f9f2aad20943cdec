"""kill -9 of sendings around each commit and at random moments, before an outside witness (threats B1, B2).

Nothing is lost and, with `on_unknown = "hold"`, nothing is doubled: the mails that a kill left in doubt are held and
named. With "retry", a kill doubles one mail at most, under the same Message-ID.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from edition_group import HOUR, MONDAY, Group
from killed_sender import HEAD, Sender, sender
from witness import witness

SEED = 20_261_123
WEEK = timedelta(days=7)
SLOW = 0.01
"""Seconds at most that the witness takes to say that it took a mail: a kill finds some mails in that doubt."""


def outbox(folder: Path, week: str) -> dict[str, str]:
    with sqlite3.connect(folder / "var" / "veille.db") as database:
        query = (
            "select subscriber.address, outbox.state from outbox join subscriber on subscriber.id = subscriber_id"
            " join edition on edition.id = edition_id where edition.key = ?"
        )
        return dict(database.execute(query, (week,)).fetchall())


def kill_around_commits(veille: Sender, now: str, most: int) -> None:
    """Around the first commit of a run, then of the next its second, and so on: every one is met on the way."""
    for commit in range(1, most + 1):
        for when in ("before", "after"):
            veille.run(now, when, commit)


def kill_at_random(veille: Sender, now: str, draw: random.Random, times: int) -> None:
    for _ in range(times):
        veille.run(now, seconds=draw.uniform(0.05, 0.6))


def campaign(folder: Path, editions: int, people: int, on_unknown: str, commits: int, at_random: int) -> int:
    """Returns how many kills there were."""
    draw, monkeypatch = random.Random(SEED), pytest.MonkeyPatch()
    (folder / "config.toml").write_text(HEAD.format(on_unknown), encoding="utf-8")
    with witness(folder / "notes", SLOW) as seen, sender(folder) as veille, monkeypatch.context() as patch:
        group = Group(folder, patch, seen.port)
        group.subscribe(people)
        before = 0
        for number in range(editions):
            instant = MONDAY + number * WEEK
            group.read(instant - HOUR, f"article {number}")
            kills = veille.kills
            kill_around_commits(veille, instant.isoformat(), commits)
            kill_at_random(veille, instant.isoformat(), draw, at_random)
            assert not veille.run(instant.isoformat()), "left alone, the sending ends"
            taken = seen.taken()[before:]
            before += len(taken)
            week = f"2026-W{48 + number}" if number < 6 else f"2027-W{number - 5:02d}"
            check(outbox(folder, week), taken, people, on_unknown, veille.kills - kills, veille.out)
        return veille.kills


def check(
    states: dict[str, str], taken: list[tuple[str, str]], people: int, on_unknown: str, kills: int, told: str
) -> None:
    """The witness's word against the ledger's, for one edition."""
    counts = Counter(address for address, _ in taken)
    unknown = [address for address, state in states.items() if state == "unknown"]
    assert len(states) == people
    assert set(states.values()) <= {"sent", "unknown"}
    assert all(counts[address] >= 1 for address, state in states.items() if state == "sent"), "nobody is lost"
    assert len(unknown) <= kills
    assert all(address in told for address in unknown), "every doubt is named"
    doubles = [address for address, count in counts.items() if count > 1]
    if on_unknown == "hold":
        assert doubles == []
    assert sum(counts[address] - 1 for address in doubles) <= kills
    numbers = {address: {number for to, number in taken if to == address} for address in doubles}
    assert all(len(each) == 1 for each in numbers.values()), "a double has the same Message-ID"


def test_a_sending_killed_around_its_commits_loses_and_doubles_nothing(tmp_path: Path) -> None:
    assert campaign(tmp_path, 1, 30, "hold", commits=5, at_random=2) >= 10


@pytest.mark.long
@pytest.mark.timeout(600)
def test_eight_editions_killed_160_times_and_held_lose_and_double_nothing(tmp_path: Path) -> None:
    assert campaign(tmp_path, 8, 50, "hold", commits=9, at_random=4) >= 160


@pytest.mark.long
@pytest.mark.timeout(600)
def test_two_editions_killed_40_times_and_retried_double_one_mail_a_kill_at_most(tmp_path: Path) -> None:
    assert campaign(tmp_path, 2, 50, "retry", commits=9, at_random=4) >= 40


@pytest.mark.long
@pytest.mark.strace
def test_a_sending_killed_in_each_of_its_syncs_to_disk_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Between the words of a commit and the disk's answer, where only the system can stop a process."""
    (tmp_path / "config.toml").write_text(HEAD.format("hold"), encoding="utf-8")
    command = [sys.executable, "-m", "veille", "digest", "--send", "--config", str(tmp_path / "config.toml")]
    with witness(tmp_path / "notes") as seen, pytest.MonkeyPatch.context() as patch:
        group = Group(tmp_path, patch, seen.port)
        group.subscribe(20)
        group.read(MONDAY - HOUR, "article")
        patch.setenv("VEILLE_NOW", MONDAY.isoformat())
        kills = 0
        for number in range(1, 11):
            inject = ["-e", "trace=fdatasync", "-e", f"inject=fdatasync:signal=SIGKILL:when={number}"]
            ended = subprocess.run(
                ["strace", "-f", "-qq", "-o", "/dev/null", *inject, *command], capture_output=True, check=False
            )
            kills += ended.returncode == -signal.SIGKILL
        last = subprocess.run(command, capture_output=True, text=True, check=True)
        check(outbox(tmp_path, "2026-W48"), seen.taken(), 20, "hold", kills, last.stdout)
    assert kills >= 8
