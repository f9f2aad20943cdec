"""Header lines of a mail, cleaned and encoded by us: no outside text can add, end or hide one.

Python 3.11.7's EmailMessage decodes a raw `=?…?=` given as a value and writes what it finds there, line breaks
included (CVE-2024-6923, CVE-2026-1299). Nothing here ever decodes.
"""

from __future__ import annotations

import re
import unicodedata
from email.header import Header
from functools import lru_cache

MAX_TEXT = 150
"""Characters kept of an outside text in a header."""
WIDTH = 76
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[^\s@]+")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_MAILBOX = re.compile(r'\s*(?:"?(?P<name>[^"<>]*?)"?\s*)<(?P<address>[^<>]+)>\s*')
_NAME = re.compile(r"[A-Za-z][A-Za-z-]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~ -]*")


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """One line without control, format (bidi, zero-width), separator or surrogate characters, at most `limit` long.

    A raw encoded word (RFC 2047) is broken, so that no reader of the header can decode it.
    """
    line = " ".join(visible(unicodedata.normalize("NFC", text)).split())
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return line.replace("=?", "= ?")


def visible(text: str) -> str:
    """The text without what cannot be seen: controls and separators become spaces, format characters go.

    Format characters are bidi marks, zero-width ones and the like; so go surrogates, private and unassigned ones.
    """
    return "".join(_shown(char) for char in text)


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs", "Cn", "Co") else char


def text_line(name: str, text: str) -> bytes:
    """A header of free text, folded, as encoded words of 75 characters at most where it is not ASCII."""
    return _line(name, _encoded(clean(text), len(name) + 2))


def mailbox_line(name: str, mailbox: str) -> bytes:
    """From and the like: `Nom <adresse>` with an encoded name. Raises ValueError on a bad address."""
    label, where = split_mailbox(mailbox)
    return _line(name, f"{_phrase(label, len(name) + 2)} <{where}>" if label else where)


def token_line(name: str, *values: str) -> bytes:
    """A structured ASCII header, several values joined by commas, one a line.

    Raises ValueError on anything but visible ASCII and single spaces: such a value is ours, never outside text.
    """
    for value in values:
        if not re.fullmatch(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*", value):
            raise ValueError(f"valeur d'en-tête {name} refusée")
    return _line(name, ",\r\n ".join(values))


def list_id_line(label: str, identifier: str) -> bytes:
    """List-Id (RFC 2919): a phrase, then the identifier in angle brackets."""
    return _line("List-Id", f"{_phrase(clean(label, 60), 9)}\r\n <{identifier}>")


def split_mailbox(mailbox: str) -> tuple[str, str]:
    """(display name, address) of `Nom <adresse>` or of a bare address. Raises ValueError."""
    found = _MAILBOX.fullmatch(mailbox)
    if found is None:
        return "", address(mailbox)
    return clean(found["name"], 60), address(found["address"])


def address(text: str) -> str:
    """One strict addr-spec in ASCII (dot-atom, no quotes, no literal), its domain in IDNA. Raises ValueError.

    RFC 5321, section 4.5.3.1: 64 octets before the @, 254 in all.
    """
    text = unicodedata.normalize("NFC", text.strip())
    if _ADDRESS.fullmatch(text) is None:
        raise ValueError("adresse de courriel incorrecte")
    local, _, domain = text.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("domaine de l'adresse incorrect") from None
    labels = domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("domaine de l'adresse incorrect")
    if len(local) > 64 or len(local) + len(domain) > 253:
        raise ValueError("adresse de courriel trop longue")
    return f"{local}@{domain}"


def _phrase(label: str, used: int) -> str:
    if label.isascii() and _ATOMS.fullmatch(label):
        return label
    if label.isascii():
        return '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _encoded(label, used)


def _encoded(text: str, used: int) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, maxlinelen=WIDTH, header_name="x" * max(0, used - 2)).encode(linesep="\r\n")


def _line(name: str, value: str) -> bytes:
    if _NAME.fullmatch(name) is None or re.search(r"\r(?!\n[ \t])|(?<!\r)\n", value):
        raise ValueError(f"en-tête {name} refusé")
    return f"{name}: {value}\r\n".encode("ascii")
