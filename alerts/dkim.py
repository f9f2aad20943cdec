"""Sign what leaves with the domain's own key (DKIM, RFC 6376), where the relay does not do it."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, field, replace
from email.parser import BytesHeaderParser
from pathlib import Path

from core.editions import Message, Receipt
from core.errors import ConfigError
from core.mailing import Channel

SIGNED = (
    "From To Subject Date Message-ID Reply-To MIME-Version Content-Type Auto-Submitted"
    " List-Id List-Unsubscribe List-Unsubscribe-Post"
).split()
"""Header fields that a signature covers where they are present (RFC 6376, section 5.4.1; RFC 8058, section 4)."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A domain, its selector, and the RSA key whose public half is in the DNS at `selector._domainkey.domain`."""

    domain: str
    selector: str
    pem: bytes = field(repr=False)


def load(file: Path, domain: str, selector: str) -> DkimKey:
    """Read a key; raises ConfigError when it is none, or when other accounts of the machine can read it."""
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key

    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?", selector):
        raise ConfigError("[mail] dkim_selector : des lettres, des chiffres et des tirets, comme « veille2026 ».")
    try:
        mode, pem = file.stat().st_mode, file.read_bytes()
    except OSError as error:
        raise ConfigError(f"[mail] dkim_key : {file} ne peut pas être lu ({error.strerror}).") from None
    if stat.S_IMODE(mode) & 0o027:
        raise ConfigError(f"[mail] dkim_key : d'autres comptes peuvent lire {file} ; faites : chmod 600 {file}")
    try:
        parse_pem_private_key(pem)
    except (UnparsableKeyError, ValueError):
        raise ConfigError(f"[mail] dkim_key : {file} n'est pas une clé privée RSA en PEM.") from None
    return DkimKey(domain, selector, pem)


def sign(content: bytes, key: DkimKey) -> bytes:
    """The mail with its signature before it; as it is when its From is of another domain (DMARC would not count it).

    From is counted once more than it stands, so that nobody can add another (RFC 6376, section 8.15).
    """
    from dkim import sign as dkim_sign

    head = BytesHeaderParser().parsebytes(content)
    if not re.search(rf"@{re.escape(key.domain)}>?\s*$", str(head["From"]), re.IGNORECASE):
        return content
    covered = [name.lower().encode() for name in SIGNED if name in head]
    return bytes(
        dkim_sign(
            content,
            key.selector.encode(),
            key.domain.encode(),
            key.pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*covered, b"from"],
        )
        + content
    )


class SigningChannel:
    """Keeps `core.mailing.Channel`: another channel, which sends what this one has signed."""

    def __init__(self, channel: Channel, key: DkimKey) -> None:
        self._channel, self._key = channel, key

    def pace(self, recipient: str = "") -> None:
        self._channel.pace(recipient)

    def send(self, message: Message) -> Receipt:
        return self._channel.send(replace(message, content=sign(message.content, self._key)))

    def close(self) -> None:
        self._channel.close()
