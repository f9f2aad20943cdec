"""An edition and its mails through the real program, store and SMTP, at chosen times."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from edition_group import DAY, HOUR, MONDAY, Group, received

from alerts.catcher import DROP, Answers, Catcher
from veille import sending


@pytest.fixture
def group(veille, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Group]:
    return lambda port: Group(tmp_path, monkeypatch, port)


def answering(step: str, said: str, times: int = 1_000) -> Answers:
    """The same answer at a step, a number of times."""
    left = [said] * times

    def answer(at: str, address: str) -> str | None:
        return left.pop() if at == step and left else None

    return answer


def test_a_week_goes_out_once_whatever_the_timer_asks_and_the_next_tells_only_the_new(group, tmp_path: Path) -> None:
    with Catcher(tmp_path / "mails") as catcher:
        veille = group(catcher.port)
        veille.subscribe(2)
        veille.read(MONDAY - DAY, "premier")
        assert veille.ask(MONDAY - HOUR) is None
        for late in (0, 1, 30, 60):
            veille.ask(MONDAY + late * HOUR)
        veille.read(MONDAY + DAY, "second")
        veille.ask(MONDAY + 7 * DAY)
    assert set(received(catcher).values()) == {2}
    assert veille.editions() == {"2026-W48": ("sent", 1), "2026-W49": ("sent", 1)}


@pytest.mark.parametrize(("late", "sent"), [(2 * DAY, 1), (3 * DAY, 1), (3 * DAY + HOUR, 0)])
def test_an_edition_is_sent_up_to_three_days_late(group, tmp_path: Path, late: timedelta, sent: int) -> None:
    with Catcher(tmp_path / "mails") as catcher:
        veille = group(catcher.port)
        veille.subscribe(1)
        veille.read(MONDAY - HOUR, "premier")
        veille.ask(MONDAY + late)
        assert len(catcher.caught) == sent
        veille.ask(MONDAY + 7 * DAY)
        assert len(catcher.caught) == 1


def test_a_week_without_news_is_recorded_and_mails_nothing(group, tmp_path: Path) -> None:
    """B16."""
    with Catcher(tmp_path / "mails") as catcher:
        veille = group(catcher.port)
        veille.subscribe(1)
        assert veille.ask(MONDAY) is None
        assert veille.editions() == {}, "nothing was read: a breakdown is no empty week"
        veille.read(MONDAY - HOUR)
        assert veille.ask(MONDAY) is None
        assert veille.editions() == {"2026-W48": ("empty", 0)}
        veille.read(MONDAY + DAY, "premier")
        assert veille.ask(MONDAY + DAY + HOUR) is None
        veille.ask(MONDAY + 7 * DAY)
    assert len(catcher.caught) == 1


def test_a_relay_away_for_weeks_delays_no_later_edition_and_its_stories_roll_on(group, tmp_path: Path) -> None:
    veille = group(9)
    veille.subscribe(3)
    veille.read(MONDAY - HOUR, "premier")
    for late in (0 * HOUR, HOUR, 4 * DAY):
        veille.ask(MONDAY + late)
    assert veille.editions() == {"2026-W48": ("skipped", 1)}
    veille.read(MONDAY + 6 * DAY, "second")
    veille.ask(MONDAY + 7 * DAY)
    with Catcher(tmp_path / "mails") as catcher:
        config = tmp_path / "config.toml"
        config.write_text(config.read_text(encoding="utf-8").replace("port = 9\n", f"port = {catcher.port}\n"))
        veille.ask(MONDAY + 7 * DAY + HOUR)
        assert veille.by_hand(MONDAY).stopped, "an edition that was skipped is never sent"
    assert veille.editions() == {"2026-W48": ("skipped", 1), "2026-W49": ("sent", 2)}
    assert set(received(catcher).values()) == {1}


def test_a_mail_refused_for_five_days_ends_and_no_longer_delays_the_next_edition(group, tmp_path: Path) -> None:
    """B3."""
    grey = lambda step, address: "451 4.7.1 later" if step == "RCPT" and address.startswith("p0") else None  # noqa: E731
    with Catcher(tmp_path / "mails", answers=grey) as catcher:
        veille = group(catcher.port)
        veille.subscribe(2)
        veille.read(MONDAY - HOUR, "premier")
        veille.ask(MONDAY)
        assert veille.ask(MONDAY + HOUR / 4) is None, "the time of the retry has not come"
        for late in (4 * DAY, 6 * DAY):
            veille.ask(MONDAY + late)
    assert veille.editions() == {"2026-W48": ("sent", 1)}
    assert received(catcher) == {"p1@asso.example": 1}


def test_a_relay_that_cuts_after_the_dot_leaves_one_unknown_mail_named_and_resent_on_demand(
    group, tmp_path: Path
) -> None:
    """B1, B5: the next mail is not put in the same doubt."""
    with Catcher(tmp_path / "mails", answers=answering("DOT", DROP, times=1)) as catcher:
        veille = group(catcher.port)
        veille.subscribe(5)
        veille.read(MONDAY - HOUR, "premier")
        report = veille.ask(MONDAY)
        assert (report.sent, report.unknown, report.retry) == (0, 1, 4)
        assert "point final" in report.stopped
        report = veille.ask(MONDAY + HOUR)
        assert (report.sent, report.unknown, report.stopped) == (4, 1, "")
        with veille.open(MONDAY + HOUR) as house:
            edition = house.store.editions.find("weekly", "2026-W48")
            assert [row.address for row in sending.named_rows(house, edition)] == ["p0@asso.example"]
            assert sending.foreseen(house, edition) == report
        assert veille.by_hand(MONDAY + HOUR).sent == 4
        assert veille.by_hand(MONDAY + HOUR, resend=True).sent == 5
    assert received(catcher)["p0@asso.example"] == 2
    assert sum(received(catcher).values()) == 6


def test_on_unknown_retry_resends_three_times_at_most(group, tmp_path: Path) -> None:
    with Catcher(tmp_path / "mails", answers=answering("DOT", DROP)) as catcher:
        veille = group(catcher.port)
        config = tmp_path / "config.toml"
        config.write_text(config.read_text(encoding="utf-8").replace("[mail]\n", '[mail]\non_unknown = "retry"\n'))
        veille.subscribe(1)
        veille.read(MONDAY - HOUR, "premier")
        for _ in range(6):
            veille.by_hand(MONDAY)
    assert received(catcher) == {"p0@asso.example": 3}


def test_refusals_by_policy_lose_nobody_and_the_timer_leaves_the_relay_alone_for_hours(group, tmp_path: Path) -> None:
    """B4."""
    tried: list[str] = []
    refusing = [True]

    def answer(step: str, address: str) -> str | None:
        if step == "RCPT":
            tried.append(address)
        return "550 5.7.1 your domain is blocked" if step == "RCPT" and refusing else None

    with Catcher(tmp_path / "mails", answers=answer) as catcher:
        veille = group(catcher.port)
        veille.subscribe(12)
        veille.read(MONDAY - HOUR, "premier")
        assert "5 refus" in veille.ask(MONDAY).stopped
        for late in (1, 2, 3):
            assert veille.ask(MONDAY + late * HOUR) is None
        assert len(tried) == 5
        refusing.clear()
        assert veille.by_hand(MONDAY + 3 * HOUR).sent == 12
    assert set(received(catcher).values()) == {1}


def test_a_stop_asked_during_a_sending_lets_the_mail_under_way_end(group, tmp_path: Path) -> None:
    """SIGTERM, as the watch and the system send it: no mail is left in doubt."""

    def answer(step: str, address: str) -> str | None:
        if step == "DOT" and address.startswith("p1"):
            os.kill(os.getpid(), signal.SIGTERM)
        return None

    with Catcher(tmp_path / "mails", answers=answer) as catcher:
        veille = group(catcher.port)
        veille.subscribe(4)
        veille.read(MONDAY - HOUR, "premier")
        report = veille.ask(MONDAY)
        assert (report.sent, report.unknown, report.retry) == (2, 0, 2)
        assert "interrompu" in report.stopped
        assert veille.ask(MONDAY + HOUR).sent == 4
    assert set(received(catcher).values()) == {1}
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_somebody_who_left_is_back_only_when_they_ask(group, veille) -> None:
    """B15."""
    people = group(9)
    people.subscribe(1)
    with people.open(MONDAY) as house:
        (person,) = house.store.subscribers.active()
        assert house.store.subscribers.leave(person.token, MONDAY)
    refused = veille("subscriber", "add", "p0@asso.example")
    assert refused.returncode == 1
    assert "--again" in refused.stderr
    assert veille("subscriber", "add", "p0@asso.example", "--again").returncode == 0


def test_a_mail_put_off_is_tried_over_five_days_and_no_longer_as_the_timer_asks(group, tmp_path: Path) -> None:
    """B3: after half an hour, one hour, two, then every four (RFC 5321, section 4.5.4.1), asked every half hour."""
    tried: list[timedelta] = []
    now = [MONDAY]

    def answer(step: str, address: str) -> str | None:
        if step != "RCPT" or not address.startswith("p0"):
            return None
        tried.append(now[0] - MONDAY)
        return "451 4.3.2 later"

    with Catcher(tmp_path / "mails", answers=answer) as catcher:
        veille = group(catcher.port)
        veille.subscribe(2)
        veille.read(MONDAY - HOUR, "premier")
        for half in range(2 * 24 * 6):
            now[0] = MONDAY + half * HOUR / 2
            veille.ask(now[0])
    waits = [after - before for before, after in pairwise(tried)]
    assert waits[:4] == [HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR]
    assert set(waits[3:]) == {4 * HOUR}
    assert timedelta(days=4, hours=12) < tried[-1] <= timedelta(days=5)
    assert veille.editions() == {"2026-W48": ("sent", 1)}
    with veille.open(now[0]) as house:
        assert house.store.returns.effects(MONDAY) == {"counted": 1}
