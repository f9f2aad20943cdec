"""No outside text can add, end or hide a header (threats A35, B14, B19; finding 1)."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import headers
from alerts.catcher import Catcher
from alerts.render import MailRenderer
from alerts.settings import ChannelSettings, MailSettings
from alerts.smtp import SmtpChannel
from core.editions import Body, Edition, Subscriber

INJECTION = "=?utf-8?q?a=0aBcc:_evil@example.com?="
EXPECTED = {
    "From",
    "To",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Help",
    "List-Owner",
}
EXPECTED |= {
    "List-Archive",
    "Precedence",
    "Auto-Submitted",
    "Reply-To",
    "Subject",
    "Date",
    "MIME-Version",
    "Content-Type",
}


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def through_smtp(folder: Path, renderer: MailRenderer, edition: Edition, body: Body, who: Subscriber) -> bytes:
    with Catcher(folder) as catcher:
        channel = SmtpChannel(ChannelSettings(host="127.0.0.1", port=catcher.port, tls="none", rate=0))
        assert channel.send(renderer.message(edition, body, who)).state == "sent"
        channel.close()
        return catcher.caught[0].content


@pytest.mark.parametrize(
    "payload", [INJECTION, "=\x00?utf-8?q?a=0d=0aBcc:_evil@example.com?=", "a\r\nBcc: evil@example.com"]
)
def test_an_injection_adds_no_header_through_a_real_smtp_transfer(
    payload: str,
    tmp_path: Path,
    settings: MailSettings,
    make_edition: Callable[..., Edition],
    make_entry: Callable[..., object],
    person: Subscriber,
    mailing_list: Subscriber,
) -> None:
    """Finding 1 with its exact payload, as subject, watch's name, list poster's name, source and title."""
    renderer = MailRenderer(replace(settings, name=payload, sender=f"{payload} <veille@asso.example>"))
    edition = make_edition(make_entry(1, title=payload, source=payload))
    body = replace(renderer.body(edition), subject=payload)
    for who in (person, replace(mailing_list, sender=f"{payload} <poste@asso.example>")):
        raw = through_smtp(tmp_path / who.kind, renderer, edition, body, who)
        head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
        names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
        assert set(names) <= EXPECTED
        assert len(names) == len(set(names))
        message = parsed(raw)
        assert message["Bcc"] is None
        assert "\n" not in str(message["Subject"])
        assert "\n" not in str(message["From"])
        again = parsed(message.as_bytes(policy=email.policy.SMTP))
        assert again["Bcc"] is None, "a reader that decodes and writes the header again finds nothing in it"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb", "a b"),
        ("a\x00\x1b[31m\x85b", "a [31m b"),
        ("a\u2028b\u2029c", "a b c"),
        ("\u202eabc\u202c\u2066d\u2069\u200b\ufeff", "abcd"),
        (INJECTION, "= ?utf-8?q?a=0aBcc:_evil@example.com?="),
        ("=\u200b?utf-8?q?x?=", "= ?utf-8?q?x?="),
        ("==??", "== ??"),
        ("e\u0301te\u0301", "été"),
        ("seul\ud800", "seul"),
        ("x" * 200, "x" * 149 + "…"),
        ("  deux   espaces ", "deux espaces"),
    ],
)
def test_a_text_is_cleaned_without_being_decoded(text: str, cleaned: str) -> None:
    assert headers.clean(text) == cleaned


@given(st.text(max_size=300))
def test_any_text_gives_one_folded_ascii_header_that_says_the_cleaned_text(text: str) -> None:
    line = headers.text_line("Subject", text)
    assert line.endswith(b"\r\n")
    folded = line[:-2].split(b"\r\n")
    assert all(len(part) <= 78 for part in folded if b" " in part.strip())
    assert all(part.startswith(b" ") and part.strip() for part in folded[1:])
    value = line.decode("ascii").partition(":")[2].replace("\r\n", "").strip()
    assert str(make_header(decode_header(value))).split() == headers.clean(text).split()


@given(st.text(max_size=80))
def test_any_display_name_leaves_one_mailbox_in_from(name: str) -> None:
    shown = headers.clean(name.replace("<", "").replace(">", "").replace('"', ""), 60)
    line = headers.mailbox_line("From", f"{shown} <veille@asso.example>")
    message = parsed(line + b"\r\n")
    assert [one.addr_spec for one in message["From"].addresses] == ["veille@asso.example"]
    assert message.keys() == ["From"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Jeanne@Exemple.FR", "Jeanne@exemple.fr"),
        (" jeanne+veille@exemple.fr ", "jeanne+veille@exemple.fr"),
        ("jeanne@été.fr", "jeanne@xn--t-9fab.fr"),
    ],
)
def test_an_address_is_put_in_its_transmitted_form(text: str, address: str) -> None:
    assert headers.address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jeanne",
        "jeanne@exemple",
        "@exemple.fr",
        "a@b.fr,c@d.fr",
        "a@b.fr\r\nBcc: c@d.fr",
        "a b@exemple.fr",
        '"a b"@exemple.fr',
        "a@[127.0.0.1]",
        "a..b@exemple.fr",
        ".a@exemple.fr",
        "é@exemple.fr",
        "a@-exemple.fr",
        "a@exem_ple.fr",
        "a@b@c.fr",
        "<a@b.fr>",
        "a@b.fr>",
        "a" * 65 + "@exemple.fr",
        "a@" + "x." * 130 + "fr",
    ],
)
def test_a_doubtful_address_is_refused(text: str) -> None:
    """Threat B14."""
    with pytest.raises(ValueError, match="adresse"):
        headers.address(text)


@pytest.mark.parametrize("value", ["a\r\nBcc: x", "é", "", " a", "a\x00"])
def test_a_structured_header_refuses_what_is_not_ours(value: str) -> None:
    with pytest.raises(ValueError, match="refusée"):
        headers.token_line("List-Help", value)
