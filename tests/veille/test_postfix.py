"""A whole edition through a real relay, Debian's Postfix: what it does to mails, and what it sends back."""

from __future__ import annotations

import base64
import email
import email.policy
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from edition_group import HOUR, MONDAY, Group
from postfix_relay import relay

from alerts.catcher import Catcher, Caught
from veille import telling

pytestmark = [pytest.mark.postfix, pytest.mark.long]
OURS = "List-Id List-Unsubscribe List-Unsubscribe-Post List-Help List-Owner List-Archive Precedence Auto-Submitted"
DEAD = "p1@asso.example"


@pytest.fixture
def dns(tmp_path: Path) -> Callable[..., bytes]:
    """Writes the private key, and stands for the DNS that publishes the other half."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = tmp_path / "dkim.pem"
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain))
    file.chmod(0o600)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, form))
    names = {b"v2026._domainkey.example.org.": b"v=DKIM1; k=rsa; p=" + public}
    return lambda name, timeout=5: names.get(name, b"")


def parsed(mail: Caught) -> EmailMessage:
    message = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def wait_for(catcher: Catcher, count: int) -> None:
    for _ in range(300):
        if len(catcher.caught) >= count:
            return
        time.sleep(0.1)
    raise AssertionError(f"{len(catcher.caught)} mails came")


def test_an_edition_goes_through_postfix_whole_signed_and_its_return_is_believed(
    veille: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dns: Callable[..., bytes]
) -> None:
    monkeypatch.setenv("VEILLE_BOUNCE_SECRET", "un-secret-de-vingt-caracteres")
    refuse = lambda step, to: "550 5.1.1 no such user" if step == "RCPT" and to == DEAD else None  # noqa: E731
    with Catcher(tmp_path / "mails", answers=refuse) as catcher, relay(catcher.port) as port:
        group = Group(tmp_path, monkeypatch, port)
        config = tmp_path / "config.toml"
        own = '[mail]\nbounces = "retours@example.org"\ndkim_selector = "v2026"\ndkim_key = "dkim.pem"\n'
        config.write_text(config.read_text(encoding="utf-8").replace("[mail]\n", own), encoding="utf-8")
        group.subscribe(3)
        group.read(MONDAY - HOUR, "Un titre — accentué, « cité »", ".\r\n.", "x" * 2_000)
        report = group.ask(MONDAY)
        assert (report.sent, report.due) == (3, 3), "the relay takes everything, and answers for it later"
        wait_for(catcher, 3)
        returns = [mail for mail in catcher.caught if mail.recipients[0].startswith("retours+")]
        mails = {mail.recipients[0]: mail for mail in catcher.caught if mail not in returns}
    assert set(mails) == {"p0@asso.example", "p2@asso.example"}
    with group.open(MONDAY) as house:
        edition = house.store.editions.find("weekly", "2026-W48")
        assert edition is not None
        text = telling.shown_text(house, edition)
    for mail in mails.values():
        assert dkim.verify(mail.content, dnsfunc=dns)
        message = parsed(mail)
        names = [name for name in message if name != "Received"]
        assert len(names) == len(set(names))
        assert set(OURS.split()) <= set(names)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail.sender.startswith("retours+")
        part = message.get_body(("plain",))
        assert part is not None
        assert part.get_content().splitlines()[10:30] == text.splitlines()[10:30]
    (back,) = returns
    assert "@" not in back.sender, "nobody may answer a return"
    told = veille("bounces", "-", stdin=back.content.decode())  # type: ignore[call-arg]
    assert "adresse morte, suspendue" in told.stdout  # type: ignore[attr-defined]
    with group.open(MONDAY) as house:
        assert [each.address for each in house.store.returns.suspensions()] == [DEAD]
