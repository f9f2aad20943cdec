"""What is accepted as a mail address: one plain addr-spec, nothing that a mail header could be fooled with."""

from __future__ import annotations

import re
import unicodedata

from core.errors import VeilleError

MAX_ADDRESS = 254
"""RFC 5321, section 4.5.3.1.3 (a path of 256, its angle brackets aside)."""
MAX_LOCAL = 64
"""RFC 5321, section 4.5.3.1.1."""

# RFC 5322, section 3.2.3: dot-atom; quoted local parts, comments and address literals are refused.
_LOCAL_RE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# RFC 1123, section 2.1, and RFC 3696, section 2: letters, digits and hyphens; the last label is not a number.
_DOMAIN_RE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def checked_address(text: str) -> str:
    """The address in its stored form, domain in lower-case ASCII (IDNA); raises VeilleError, in French, else.

    The message never repeats the address: messages may be logged.
    """
    address = unicodedata.normalize("NFC", text.strip(" "))
    local, at, domain = address.rpartition("@")
    if not at:
        raise VeilleError("Ce n'est pas une adresse électronique : il y manque l'arobase (@).")
    if not _LOCAL_RE.fullmatch(local) or len(local) > MAX_LOCAL:
        raise VeilleError("Cette adresse n'est pas acceptée : sa partie avant l'arobase n'est pas valable.")
    domain = _ascii_domain(domain)
    if len(local) + 1 + len(domain) > MAX_ADDRESS:
        raise VeilleError("Cette adresse est trop longue.")
    return f"{local}@{domain}"


def address_key(text: str) -> str | None:
    """What an address is sought by: its stored form in lower case; None for what is no address."""
    try:
        return checked_address(text).lower()
    except VeilleError:
        return None


def checked_sender(text: str) -> str:
    """A sender: an address, or `Nom <adresse>`; raises VeilleError when it is neither."""
    name, bracket, rest = text.strip().partition("<")
    if not bracket:
        return checked_address(text)
    if not rest.endswith(">") or any(not char.isprintable() for char in name):
        raise VeilleError("L'expéditeur n'est pas valable : écrivez « Nom <adresse> » ou une adresse seule.")
    return f"{name.strip()} <{checked_address(rest[:-1])}>"


def _ascii_domain(domain: str) -> str:
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_domain = ""
    if not _DOMAIN_RE.fullmatch(ascii_domain):
        raise VeilleError("Cette adresse n'est pas acceptée : son domaine (après l'arobase) n'est pas valable.")
    return ascii_domain
