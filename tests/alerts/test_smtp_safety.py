"""TLS, login, and what must never reach the wire (threats B5, B14, B18, C15), against a real receiver."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from alerts.catcher import Catcher, Safety
from alerts.settings import ChannelSettings
from alerts.smtp import SmtpChannel
from core.editions import Message
from core.errors import ConfigError

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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the name `localhost`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(scope="module")
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@contextmanager
def listening(answers: list[bytes]) -> Iterator[int]:
    """A server that says these answers, one a line received, then nothing more."""
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
            while lines.readline():
                pass

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        thread.join(5)
        server.close()


@pytest.mark.parametrize("implicit", [False, True])
def test_tls_is_used_where_asked_and_login_goes_inside(
    tmp_path: Path, certificate: Path, server_tls: ssl.SSLContext, implicit: bool
) -> None:
    safety = Safety(server_tls, implicit, ("veille", "sésame"))
    trust = ssl.create_default_context(cafile=str(certificate))
    with Catcher(tmp_path, safety=safety) as catcher:
        wanted = settings(catcher.port, host="localhost", user="veille", password="sésame")
        channel = SmtpChannel(replace(wanted, tls="tls" if implicit else "starttls"), context=trust)
        assert channel.send(MESSAGE).state == "sent"
        channel.close()
    assert catcher.caught[0].tls is True
    assert catcher.caught[0].authenticated is True


def test_a_wrong_password_stops_the_run_and_is_never_told(
    tmp_path: Path, certificate: Path, server_tls: ssl.SSLContext
) -> None:
    """Threats B5 and C15."""
    trust = ssl.create_default_context(cafile=str(certificate))
    with Catcher(tmp_path, safety=Safety(server_tls, login=("veille", "sésame"))) as catcher:
        wanted = settings(catcher.port, host="localhost", tls="starttls", user="veille", password="motdepasse-faux")
        channel = SmtpChannel(wanted, context=trust)
        receipt = channel.send(MESSAGE)
        channel.close()
    assert (receipt.state, receipt.stop) == ("retry", True)
    assert "authentification" in receipt.reply
    assert "motdepasse" not in receipt.reply + repr(wanted) + repr(channel)
    assert catcher.caught == []


def test_an_unknown_certificate_is_refused(tmp_path: Path, server_tls: ssl.SSLContext) -> None:
    for implicit, tls in ((False, "starttls"), (True, "tls")):
        with (
            Catcher(tmp_path / tls, safety=Safety(server_tls, implicit)) as catcher,
            opened(catcher.port, host="localhost", tls=tls) as channel,
        ):
            receipt = channel.send(MESSAGE)
        assert (receipt.state, receipt.stop) == ("retry", True)
        assert "certificat" in receipt.reply
        assert catcher.caught == []


def test_a_certificate_for_another_name_is_refused(
    tmp_path: Path, certificate: Path, server_tls: ssl.SSLContext
) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    with Catcher(tmp_path, safety=Safety(server_tls)) as catcher:
        channel = SmtpChannel(settings(catcher.port, tls="starttls"), context=trust)
        assert "certificat" in channel.send(MESSAGE).reply
        channel.close()
    assert catcher.caught == []


def test_nothing_leaves_in_clear_when_the_server_has_no_starttls(tmp_path: Path) -> None:
    """Threat B5."""
    with Catcher(tmp_path) as catcher, opened(catcher.port, tls="starttls") as channel:
        receipt = channel.send(MESSAGE)
    assert (receipt.state, receipt.stop) == ("retry", True)
    assert "STARTTLS" in receipt.reply
    assert catcher.caught == []


def test_a_password_in_clear_to_another_machine_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match="en clair"):
        SmtpChannel(ChannelSettings(host="relais.exemple.fr", tls="none", user="veille", password="sésame"))


@pytest.mark.parametrize(
    "change",
    [
        {"content": MESSAGE.content + b"\n.\nMAIL FROM:<x@y.fr>\r\n"},
        {"content": MESSAGE.content + b"\r.\r\n"},
        {"content": MESSAGE.content + b"\xe9\r\n"},
        {"content": MESSAGE.content + b"\x00\r\n"},
        {"content": MESSAGE.content.rstrip()},
        {"recipient": "a@b.fr> RCPT TO:<c@d.fr"},
        {"recipient": ""},
        {"recipient": "a@b.fr\r\nDATA"},
        {"envelope_from": "é@asso.example"},
    ],
)
def test_what_could_be_misread_on_the_wire_never_gets_there(tmp_path: Path, change: dict[str, object]) -> None:
    """Threats B14 and B18: SMTP smuggling, command injection."""
    with Catcher(tmp_path) as catcher, opened(catcher.port) as channel:
        receipt = channel.send(replace(MESSAGE, **change))  # type: ignore[arg-type]
    assert (receipt.state, receipt.stop) == ("failed", False)
    assert catcher.connections == 0


LOGIN_ONLY = [b"220 ici\r\n", b"250-ici\r\n250 AUTH LOGIN\r\n"]


@pytest.mark.parametrize(
    ("password", "answers", "told"),
    [
        ("sesame", [*LOGIN_ONLY, b"535 5.7.8 non\r\n", b"535 5.7.8 non\r\n"], "authentification refusée"),
        ("sésame", LOGIN_ONLY, "ne propose pas"),
        ("sesame", [b"220 ici\r\n", b"250 ici\r\n"], "ne propose pas"),
        ("sésame", [b"220 ici\r\n", b"250-ici\r\n250 AUTH PLAIN\r\n", b"454 4.7.0 plus tard\r\n"], "454"),
    ],
)
def test_a_login_that_cannot_be_made_keeps_the_mail_and_stops(password: str, answers: list[bytes], told: str) -> None:
    with listening(answers) as port:
        channel = SmtpChannel(settings(port, user="veille", password=password))
        receipt = channel.send(MESSAGE)
        channel.close()
    assert (receipt.state, receipt.stop) == ("retry", True)
    assert told in receipt.reply


@pytest.mark.parametrize(
    ("change", "told"), [({"host": ""}, "host manque"), ({"user": "veille"}, "VEILLE_SMTP_PASSWORD")]
)
def test_settings_that_cannot_work_are_told_at_once(change: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        SmtpChannel(settings(25, **change))
