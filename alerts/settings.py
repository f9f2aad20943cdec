"""What the mails need to know of the configuration; `veille/wiring.py` fills it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from core.topics import Acronym, Section

TlsMode = Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class MailSettings:
    name: str
    """The watch's name, the mail's main title."""
    sender: str
    """`Nom <adresse>` or an address: From of every mail, save lists that have their own poster."""
    contact: str
    """Address that readers write to."""
    public_url: str = ""
    """Where readers reach the archive; without it, mails carry no link to it."""
    timezone: str = "Europe/Paris"
    topics: tuple[str, ...] = ()
    """Names of the topics, told in the footer."""
    slugs: tuple[str, ...] = ()
    """Of the same topics, in the same order."""
    definition: str = ""
    """One sentence for each topic, that says what it is."""
    max_entries: int = 20
    max_html: int = 80_000
    """Octets of the encoded HTML part; entries that do not fit go behind "et N autres" (Gmail cuts at 102 kB)."""
    bounces: str = ""
    """Address that receives bounces, made personal (VERP); empty: they go to the sender's address."""
    bounce_secret: str = field(default="", repr=False)
    """Key that makes return addresses nobody else can make; without it they are not personal."""
    sections: tuple[Section, ...] = ()
    """Of every topic, in their order."""
    acronyms: tuple[Acronym, ...] = ()
    """Told in full at their first use."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """How mails leave: `folder` for the folder backend, the rest for SMTP."""

    folder: Path = Path("var/mail")
    host: str = ""
    port: int = 587
    tls: TlsMode = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    rate: int = 60
    """Mails per minute at most; 0 for no limit."""
    domain_rate: int = 0
    """Mails per minute at most to one domain; 0 for no limit."""
    timeout: float = 30.0
    """Seconds for the connection and for every answer but the last."""
    final_timeout: float = 600.0
    """Seconds for the answer to the final dot (RFC 5321, section 4.5.3.2.6): giving up early leaves a mail unknown."""
    helo: str = "localhost"
    """Name said in EHLO: the sender's domain, never this machine's."""
