"""The folder backend: whole files, readable names, nothing overwritten."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.folder import FolderChannel
from alerts.render import MailRenderer
from core.editions import Edition, Message, Subscriber
from core.errors import SendError


@pytest.fixture
def message(renderer: MailRenderer, tricky: Edition, person: Subscriber) -> Message:
    return renderer.message(tricky, renderer.body(tricky), person)


def test_a_message_becomes_a_file_of_the_exact_bytes_with_no_address_in_its_name(
    tmp_path: Path, message: Message
) -> None:
    receipt = FolderChannel(tmp_path / "a" / "b").send(message)
    (file,) = (tmp_path / "a" / "b").iterdir()
    assert receipt.state == "sent"
    assert receipt.reply == str(file)
    assert file.read_bytes() == message.content
    assert file.name.startswith("2026-W12-001-")
    assert "jeanne" not in file.name
    assert "exemple" not in file.name
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_same_message_goes_to_the_same_file_even_after_a_restart(tmp_path: Path, message: Message) -> None:
    first = FolderChannel(tmp_path).send(message)
    again = replace(message, content=message.content + b"x\r\n")
    assert FolderChannel(tmp_path).send(again).reply == first.reply
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == again.content


def test_other_messages_never_replace_one_another(tmp_path: Path, message: Message) -> None:
    others = [
        replace(message, message_id=f"<weekly-2026-W12.{n}@asso.example>", content=b"%d\r\n" % n) for n in range(12)
    ]
    one_channel, another = FolderChannel(tmp_path / "a"), FolderChannel(tmp_path / "a")
    for number, one in enumerate(others):
        (one_channel, another)[number % 2].send(one)
        FolderChannel(tmp_path / "b").send(one)
    for folder in ("a", "b"):
        files = list((tmp_path / folder).iterdir())
        assert sorted(file.read_bytes() for file in files) == sorted(one.content for one in others)
    assert sorted(file.name[:12] for file in files) == [f"2026-W12-{n:03d}" for n in range(1, 13)]


@pytest.mark.parametrize(
    ("message_id", "start"),
    [
        ("<monthly-2026-11.abc@asso.example>", "2026-11-001-"),
        ("<alert-12-2026-11-23.abc@asso.example>", "2026-11-23-001-"),
        ("<../../etc/passwd@asso.example>", "message-001-"),
    ],
)
def test_the_name_tells_the_period_and_stays_in_the_folder(
    tmp_path: Path, message: Message, message_id: str, start: str
) -> None:
    """Threat A37."""
    FolderChannel(tmp_path / "mail").send(replace(message, message_id=message_id))
    assert [file.parent for file in tmp_path.rglob("*.eml")] == [tmp_path / "mail"]
    assert next((tmp_path / "mail").iterdir()).name.startswith(start)


def test_a_folder_that_cannot_be_written_stops_the_sending_with_a_french_sentence(
    tmp_path: Path, message: Message
) -> None:
    (tmp_path / "mail").write_text("un fichier, pas un dossier")
    with pytest.raises(SendError, match="Impossible d'écrire"):
        FolderChannel(tmp_path / "mail").send(message)
