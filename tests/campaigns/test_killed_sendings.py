"""kill -9 of a sending at random moments: no mail is lost or doubled, doubtful ones are held and named (B1, B2)."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest
from demo_program import copy_of, program

from alerts.catcher import Catcher
from demo.web import DemoWeb

SEED = 20_261_123
PEOPLE = 40
SLOW = 0.04
"""Seconds the receiver takes over a mail, so that a kill finds the sending under way."""


def slow_answer(step: str, address: str) -> None:
    if step == "DOT":
        time.sleep(SLOW)


def moments(count: int) -> list[float]:
    draw = random.Random(SEED)
    return [round(draw.uniform(0.8, 4.0), 2) for _ in range(count)]


def outbox(folder: Path) -> dict[str, str]:
    with sqlite3.connect(folder / "veille.db") as database:
        query = "select subscriber.address, outbox.state from outbox join subscriber on subscriber.id = subscriber_id"
        return dict(database.execute(query).fetchall())


def kill_and_finish(web: DemoWeb, filled: Path, folder: Path, moment: float) -> None:
    copy_of(filled, folder)
    with Catcher(folder / "received", answers=slow_answer) as catcher:
        veille = program(web, folder, catcher.port)
        for number in range(PEOPLE):
            add_person(folder, number)
        veille.kill_after(moment, "digest", "--send")
        time.sleep(0.3)
        ended = veille.run("digest", "--send")
        assert ended.returncode == 0, ended.stderr
        states = outbox(folder)
        received = Counter(mail.recipients[0] for mail in catcher.caught)
    assert len(states) == PEOPLE
    assert [address for address, count in received.items() if count > 1] == []
    assert all(received[address] == 1 for address, state in states.items() if state == "sent")
    unknown = [address for address, state in states.items() if state == "unknown"]
    assert set(states.values()) <= {"sent", "unknown"}
    assert len(unknown) <= 1
    assert f"{len(unknown)} incertain" in ended.stdout


def add_person(folder: Path, number: int) -> None:
    from db.store import open_store

    with open_store(f"sqlite:///{folder}/veille.db", folder) as store:
        from datetime import UTC, datetime

        store.subscribers.add(f"personne{number}@asso.example", "person", datetime.now(UTC))


@pytest.mark.parametrize("moment", moments(3))
def test_a_killed_sending_is_finished_by_the_next(
    demo_web: DemoWeb, filled: Path, tmp_path: Path, moment: float
) -> None:
    kill_and_finish(demo_web, filled, tmp_path / "trial", moment)


@pytest.mark.long
@pytest.mark.parametrize("moment", moments(13)[3:])
def test_ten_killed_sendings_are_finished_by_the_next(
    demo_web: DemoWeb, filled: Path, tmp_path: Path, moment: float
) -> None:
    kill_and_finish(demo_web, filled, tmp_path / "trial", moment)
