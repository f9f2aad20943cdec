"""A letter to the maintainers: plain bytes that no site can bend, text first."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from alerts.letter import message, text
from alerts.settings import MailSettings
from core.upkeep import Item, Letter, Section

AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
SETTINGS = MailSettings("Veille", "Veille d'été <veille@example.org>", "veille@example.org")
HOSTILE = "renvoie à https://x.example/\r\nBcc: a@b.fr <script>alert(1)</script>\u202e\x00"
LETTER = Letter(
    "2026-W48",
    "Veille : 1 source ne va plus",
    (Section("Ce qui ne va plus", (Item("Nom introuvable", (HOSTILE, "À faire : vérifiez.")),)),),
    "Tout l'état : veille source health --all",
)


def parsed(letter: Letter = LETTER, settings: MailSettings = SETTINGS) -> EmailMessage:
    content = message(letter, settings, "Mainteneuse <m@example.org>", AT).content
    return email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[return-value]


def test_it_says_that_it_is_automatic_and_has_text_first() -> None:
    mail = parsed()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (mail["To"], mail["Subject"]) == ("m@example.org", LETTER.subject)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == text(LETTER)


def test_what_a_site_says_adds_no_header_and_no_markup() -> None:
    content = message(LETTER, SETTINGS, "m@example.org", AT).content
    assert parsed()["Bcc"] is None
    assert all(len(line) <= 78 and line.isascii() for line in content.split(b"\r\n"))
    html = parsed().get_body(("html",))
    assert html is not None
    assert "&lt;script&gt;" in html.get_content()
    assert "<script>" not in html.get_content()
    assert "\u202e" not in html.get_content() + text(LETTER)


def test_the_same_letter_to_the_same_person_has_one_identity_whenever_it_is_sent() -> None:
    first, later = (message(LETTER, SETTINGS, "m@example.org", at) for at in (AT, AT.replace(hour=9)))
    other = message(LETTER, SETTINGS, "n@example.org", AT)
    assert first.message_id == later.message_id != other.message_id


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="adresse"):
        message(LETTER, SETTINGS, "personne", AT)


def test_the_text_is_readable_in_a_terminal() -> None:
    assert text(LETTER).splitlines() == [
        "Ce qui ne va plus",
        "-----------------",
        "",
        "* Nom introuvable",
        "    - renvoie à https://x.example/ Bcc: a@b.fr <script>alert(1)</script>",
        "    - À faire : vérifiez.",
        "",
        "Tout l'état : veille source health --all",
    ]
