"""Where the program signs, anybody can verify what it signed, and nobody else could have (threat B26, RFC 6376)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from alerts.catcher import Catcher
from alerts.dkim import DkimKey, SigningChannel, load, sign
from alerts.render import MailRenderer
from alerts.settings import ChannelSettings
from alerts.smtp import SmtpChannel
from core.editions import Edition, Message, Subscriber
from core.errors import ConfigError

Dns = Callable[..., bytes]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Dns]:
    """A private key in a file, and a DNS that publishes its other half."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("keys") / "dkim.pem"
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain))
    file.chmod(0o600)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)

    def dns(name: bytes, timeout: int = 5) -> bytes:
        known = name.rstrip(b".") == b"veille2026._domainkey.asso.example"
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public) if known else b""

    return file, dns


@pytest.fixture
def key(pair: tuple[Path, Dns]) -> DkimKey:
    return load(pair[0], "asso.example", "veille2026")


@pytest.fixture
def message(renderer: MailRenderer, tricky: Edition, person: Subscriber) -> Message:
    return renderer.message(tricky, renderer.body(tricky), person)


def test_what_arrives_is_verified_and_covers_the_headers_that_matter(
    message: Message, key: DkimKey, pair: tuple[Path, Dns], tmp_path: Path
) -> None:
    with Catcher(tmp_path) as catcher:
        settings = ChannelSettings(host="127.0.0.1", port=catcher.port, tls="none", rate=0, helo="asso.example")
        channel = SigningChannel(SmtpChannel(settings), key)
        channel.pace(message.recipient)
        assert channel.send(message).state == "sent"
        channel.close()
        (mail,) = catcher.caught
    content = mail.content
    assert content.endswith(message.content)
    assert dkim.verify(content, dnsfunc=pair[1])
    head = content.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 998
    covered = re.search(rb"\bh=([^;]+);", head)
    assert covered
    names = re.sub(rb"\s", b"", covered[1]).decode().split(":")
    assert {*"from to subject date message-id list-unsubscribe list-unsubscribe-post".split()} <= set(names)
    assert names.count("from") == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: ", b"Subject: Faux "),
        (b"List-Unsubscribe-Post: List-", b"List-Unsubscribe-Post: Liste-"),
        (b"List-Unsubscribe: <https://veille", b"List-Unsubscribe: <https://veil1e"),
        (b"quoted-printable\r\n\r\n", b"quoted-printable\r\n\r\nFaux "),
        (b"Date: ", b"From: intrus@exemple.fr\r\nDate: "),
    ],
)
def test_any_change_breaks_the_signature(
    message: Message, key: DkimKey, pair: tuple[Path, Dns], old: bytes, new: bytes
) -> None:
    signed = sign(message.content, key)
    assert dkim.verify(signed, dnsfunc=pair[1])
    changed = signed.replace(old, new, 1)
    assert changed != signed
    assert not dkim.verify(changed, dnsfunc=pair[1])


def test_a_list_s_mail_leaves_room_for_the_headers_that_the_list_adds(
    renderer: MailRenderer, tricky: Edition, mailing_list: Subscriber, key: DkimKey, pair: tuple[Path, Dns]
) -> None:
    signed = sign(renderer.message(tricky, renderer.body(tricky), mailing_list).content, key)
    assert dkim.verify(b"List-Id: <groupe.listes.asso.example>\r\n" + signed, dnsfunc=pair[1])


def test_a_mail_of_another_domain_is_not_signed(
    renderer: MailRenderer, tricky: Edition, mailing_list: Subscriber, key: DkimKey
) -> None:
    other = replace(mailing_list, sender="Un groupe <robot@sous.asso.example>")
    content = renderer.message(tricky, renderer.body(tricky), other).content
    assert sign(content, key) == content


def test_a_key_that_others_can_read_or_that_is_none_is_refused(pair: tuple[Path, Dns], tmp_path: Path) -> None:
    open_to_all, wrong = tmp_path / "ouverte.pem", tmp_path / "autre.pem"
    open_to_all.write_bytes(pair[0].read_bytes())
    open_to_all.chmod(0o644)
    wrong.write_text("-----BEGIN RSA PRIVATE KEY-----\nxx\n-----END RSA PRIVATE KEY-----\n")
    wrong.chmod(0o600)
    for file, selector, told in (
        (open_to_all, "veille2026", "chmod 600"),
        (wrong, "veille2026", "n'est pas une clé"),
        (tmp_path / "absente.pem", "veille2026", "ne peut pas être lu"),
        (pair[0], "a b", "dkim_selector"),
    ):
        with pytest.raises(ConfigError, match=told):
            load(file, "asso.example", selector)
    assert "PRIVATE" not in repr(load(pair[0], "asso.example", "veille2026"))
