"""SMTP against a real receiver on loopback: every way a transmission can end (threats B1, B3 to B6, B18)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from alerts import CHANNELS
from alerts.catcher import DROP, Answers, Catcher
from alerts.settings import ChannelSettings
from alerts.smtp import SmtpChannel
from core.editions import Message
from core.errors import OutcomeUnknown

MESSAGE = Message(
    recipient="jeanne.martin@exemple.fr",
    envelope_from="veille@asso.example",
    message_id="<weekly-2026-W12.abc@asso.example>",
    content=b"From: veille@asso.example\r\nTo: jeanne.martin@exemple.fr\r\nSubject: essai\r\n\r\nbonjour\r\n",
)


def settings(port: int, **changes: object) -> ChannelSettings:
    plain = ChannelSettings(
        host="127.0.0.1", port=port, tls="none", rate=0, timeout=3.0, final_timeout=3.0, helo="asso.example"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@contextmanager
def opened(port: int, **changes: object) -> Iterator[SmtpChannel]:
    channel = SmtpChannel(settings(port, **changes))
    try:
        yield channel
    finally:
        channel.close()


def test_a_mail_arrives_byte_for_byte_and_one_connection_serves_many(tmp_path: Path) -> None:
    with Catcher(tmp_path) as catcher, opened(catcher.port) as channel:
        receipts = [channel.send(MESSAGE) for _ in range(3)]
    assert [receipt.state for receipt in receipts] == ["sent"] * 3
    assert [caught.content for caught in catcher.caught] == [MESSAGE.content] * 3
    assert catcher.caught[0].sender == MESSAGE.envelope_from
    assert catcher.caught[0].recipients == (MESSAGE.recipient,)
    assert catcher.caught[0].helo == "asso.example"
    assert catcher.connections == 1


def test_lines_that_begin_with_a_dot_arrive_as_they_left(tmp_path: Path) -> None:
    """Threat B18: dot-stuffing."""
    dotted = replace(MESSAGE, content=MESSAGE.content + b".\r\n..\r\n.a\r\nb.\r\n")
    with Catcher(tmp_path) as catcher, opened(catcher.port) as channel:
        assert channel.send(dotted).state == "sent"
        assert channel.send(MESSAGE).state == "sent"
    assert [caught.content for caught in catcher.caught] == [dotted.content, MESSAGE.content]


@pytest.mark.parametrize(
    ("step", "said", "state", "stop"),
    [
        ("RCPT", "450 4.2.1 <jeanne.martin@exemple.fr>: liste grise", "retry", False),
        ("RCPT", "451 4.7.1 Greylisting, try again", "retry", False),
        ("RCPT", "550 5.1.1 <jeanne.martin@exemple.fr>: User jeanne.martin unknown", "failed", False),
        ("RCPT", "550 5.7.1 Relay access denied", "failed", True),
        ("RCPT", "530 5.7.0 Authentication required", "retry", True),
        ("RCPT", "421 4.3.2 Shutting down", "retry", True),
        ("MAIL", "450 4.1.8 Domain not found", "retry", False),
        ("MAIL", "553 5.7.1 Sender address rejected", "retry", True),
        ("MAIL", "550 sender refused", "retry", True),
        ("DATA", "451 4.3.0 Try later", "retry", False),
        ("DATA", "554 no valid recipients", "failed", False),
        ("DOT", "451 4.3.0 Queue full", "retry", False),
        ("DOT", "552 5.3.4 Message too big for jeanne.martin@exemple.fr", "failed", False),
        ("DOT", "554 5.7.1 Rejected as spam", "failed", True),
    ],
)
def test_a_refusal_is_classed_by_its_code_and_step(
    tmp_path: Path, step: str, said: str, state: str, stop: bool
) -> None:
    """Threats B3 and B4."""
    with (
        Catcher(tmp_path, answers=lambda at, where: said if at == step else None) as catcher,
        opened(catcher.port) as channel,
    ):
        receipt = channel.send(MESSAGE)
    assert (receipt.state, receipt.stop) == (state, stop)
    assert receipt.reply.startswith(said[:3])
    assert "jeanne" not in receipt.reply.lower()
    assert "@" not in receipt.reply


def test_a_refused_recipient_does_not_disturb_the_next_one(tmp_path: Path) -> None:
    refused = replace(MESSAGE, recipient="parti@exemple.fr")
    with (
        Catcher(
            tmp_path, answers=lambda at, where: "550 5.1.1 parti" if where == refused.recipient else None
        ) as catcher,
        opened(catcher.port) as channel,
    ):
        assert [channel.send(one).state for one in (refused, MESSAGE, refused, MESSAGE)] == ["failed", "sent"] * 2
    assert [caught.recipients for caught in catcher.caught] == [(MESSAGE.recipient,)] * 2
    assert catcher.connections == 1


def test_an_old_connection_that_broke_is_opened_again_without_a_double(tmp_path: Path) -> None:
    broken = iter([None, DROP, None])
    with (
        Catcher(tmp_path, answers=lambda at, where: next(broken) if at == "RCPT" else None) as catcher,
        opened(catcher.port) as channel,
    ):
        assert channel.send(MESSAGE).state == "sent"
        assert channel.send(MESSAGE).state == "sent"
    assert len(catcher.caught) == 2
    assert catcher.connections == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_new_connection_that_breaks_before_the_dot_means_retry_and_stop(tmp_path: Path, step: str) -> None:
    """Threat B5."""
    with (
        Catcher(tmp_path, answers=lambda at, where: DROP if at == step else None) as catcher,
        opened(catcher.port) as channel,
    ):
        receipt = channel.send(MESSAGE)
    assert (receipt.state, receipt.stop) == ("retry", True)
    assert catcher.caught == []


def test_a_break_after_the_final_dot_is_an_unknown_outcome_and_the_next_mail_leaves(tmp_path: Path) -> None:
    """Threat B1: the mail was taken, and nobody could say so."""
    answers = iter([DROP, None])
    with (
        Catcher(tmp_path, answers=lambda at, where: next(answers) if at == "DOT" else None) as catcher,
        opened(catcher.port) as channel,
    ):
        with pytest.raises(OutcomeUnknown, match="point final") as caught:
            channel.send(MESSAGE)
        assert channel.send(MESSAGE).state == "sent"
    assert "@" not in str(caught.value)
    assert len(catcher.caught) == 2


def test_a_server_silent_after_the_final_dot_is_an_unknown_outcome() -> None:
    """Threat B1, by a server that never answers."""
    with listening([b"220 ici\r\n", b"250 ici\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 va\r\n"]) as port:
        channel = SmtpChannel(settings(port, final_timeout=0.2))
        with pytest.raises(OutcomeUnknown):
            channel.send(MESSAGE)
        channel.close()


def test_a_server_silent_before_the_dot_means_retry_after_the_timeout() -> None:
    with listening([b"220 ici\r\n", b"250 ici\r\n", b"250 ok\r\n"]) as port:
        channel = SmtpChannel(settings(port, timeout=0.2))
        receipt = channel.send(MESSAGE)
        channel.close()
    assert (receipt.state, receipt.stop) == ("retry", True)
    assert "sans réponse" in receipt.reply


@contextmanager
def listening(answers: list[bytes], leave: bool = False) -> Iterator[int]:
    """A server that says these answers, one a line received, then nothing more, or leaves."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(5)

    def talk() -> None:
        client, _ = server.accept()
        client.settimeout(5)
        with client, client.makefile("rb") as lines:
            for answer in answers:
                client.sendall(answer)
                if answer is not answers[-1]:
                    lines.readline()
            while not leave and lines.readline():
                pass

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        thread.join(5)
        server.close()


def test_nobody_listening_means_retry_and_stop() -> None:
    """Threat B5."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    receipt = SmtpChannel(settings(port)).send(MESSAGE)
    assert (receipt.state, receipt.stop) == ("retry", True)
    assert "refusée par le serveur" in receipt.reply


def test_a_greeting_that_refuses_means_retry_and_stop() -> None:
    with listening([b"554 pas de service\r\n"]) as port:
        receipt = SmtpChannel(settings(port)).send(MESSAGE)
    assert (receipt.state, receipt.stop) == ("retry", True)
    assert "554" in receipt.reply


def test_mails_are_paced_by_the_rate(tmp_path: Path) -> None:
    """Threat B6, on a clock of our own."""
    now, slept = [1000.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    with Catcher(tmp_path) as catcher:
        channel = SmtpChannel(settings(catcher.port, rate=30), sleep=sleep, monotonic=lambda: now[0])
        for passed in (0.0, 0.0, 1.5, 10.0):
            now[0] += passed
            channel.pace()
            channel.send(MESSAGE)
        channel.close()
    assert slept == [2.0, 0.5]


def test_a_closed_channel_can_send_again(tmp_path: Path) -> None:
    with Catcher(tmp_path) as catcher, opened(catcher.port) as channel:
        channel.send(MESSAGE)
        channel.close()
        channel.close()
        assert channel.send(MESSAGE).state == "sent"
    assert catcher.connections == 2


def test_closing_after_the_server_has_gone_is_no_fault(tmp_path: Path) -> None:
    catcher = Catcher(tmp_path)
    catcher.start()
    channel = SmtpChannel(settings(catcher.port))
    channel.send(MESSAGE)
    catcher.stop()
    channel.close()
    assert channel.send(MESSAGE).state == "retry"


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_every_registered_channel_sends_a_mail_and_closes(name: str, tmp_path: Path) -> None:
    with Catcher(tmp_path / "recu") as catcher:
        channel = CHANNELS[name](settings(catcher.port, folder=tmp_path / "dossier"))
        receipt = channel.send(MESSAGE)
        channel.close()
    assert receipt.state == "sent"
    assert "@" not in receipt.reply
    assert [file.read_bytes() for file in tmp_path.rglob("*.eml")] == [MESSAGE.content]


def test_the_receiver_keeps_what_it_took_and_nothing_it_refused(tmp_path: Path) -> None:
    answers = iter(["451 plus tard", None])
    with (
        Catcher(tmp_path, answers=lambda at, where: next(answers) if at == "DOT" else None) as catcher,
        opened(catcher.port) as channel,
    ):
        assert channel.send(MESSAGE).state == "retry"
        assert catcher.caught == []
        assert channel.send(MESSAGE).state == "sent"
    with Catcher(tmp_path) as catcher, opened(catcher.port) as channel:
        channel.send(MESSAGE)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "mail-0001.eml",
        "mail-0001.json",
        "mail-0002.eml",
        "mail-0002.json",
    ]
    assert MESSAGE.recipient in (tmp_path / "mail-0002.json").read_text(encoding="utf-8")


def test_a_connection_that_the_server_closed_for_idleness_is_opened_again(tmp_path: Path) -> None:
    """Postfix says `421 4.4.2 timeout exceeded` to the next command."""
    idle = iter([None, "421 4.4.2 timeout exceeded", None])
    with (
        Catcher(tmp_path, answers=lambda at, where: next(idle) if at == "MAIL" else None) as catcher,
        opened(catcher.port) as channel,
    ):
        assert [channel.send(MESSAGE).state for _ in range(2)] == ["sent", "sent"]
    assert catcher.connections == 2


def test_a_server_that_leaves_after_a_refusal_is_dropped_quietly() -> None:
    said = [b"220 ici\r\n", b"250 ici\r\n", b"250 ok\r\n", b"450 plus tard\r\n", b"221 fini\r\n"]
    with listening(said, leave=True) as port:
        channel = SmtpChannel(settings(port))
        receipt = channel.send(MESSAGE)
        channel.close()
    assert (receipt.state, receipt.stop) == ("retry", False)


def test_a_domain_is_written_to_at_its_own_pace(tmp_path: Path) -> None:
    """Threat B6: a provider slows down who writes to it too fast; the others do not wait for it."""
    slept: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    with Catcher(tmp_path) as catcher:
        slow = settings(catcher.port, rate=60, domain_rate=6)
        channel = SmtpChannel(slow, sleep=sleep, monotonic=lambda: now[0])
        for recipient in ("a@orange.example", "b@free.example", "c@ORANGE.example", "d@poste.example", ""):
            channel.pace(recipient)
    assert slept == [1, 1, 8, 1, 1]


def test_a_refusal_says_whose_fault_it_is(tmp_path: Path) -> None:
    """Threat B4."""
    said = {
        "550 5.1.1 unknown": ("hard", "5.1.1"),
        "552 5.2.2 full": ("soft", "5.2.2"),
        "550 no such user here": ("soft", ""),
        "554 5.7.1 blocked 5.1.1": ("ours", "5.7.1"),
        "450 4.2.1 later": ("", ""),
    }
    script = iter(said)
    answers: Answers = lambda step, _: next(script) if step == "RCPT" else None  # noqa: E731
    with Catcher(tmp_path, answers=answers) as catcher, opened(catcher.port) as channel:
        receipts = [channel.send(MESSAGE) for _ in said]
    assert [(receipt.fault, receipt.code) for receipt in receipts] == list(said.values())
