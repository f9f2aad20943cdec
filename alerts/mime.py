"""Bytes of a multipart/alternative mail, text first, in quoted-printable with CRLF (RFC 2045, 2046)."""

from __future__ import annotations

import binascii
import hashlib

CRLF = b"\r\n"


def quoted(text: str) -> bytes:
    """Quoted-printable of a text made of whole lines: lines of 76 octets at most, CRLF, 7-bit."""
    encoded = binascii.b2a_qp(text.encode("utf-8"), istext=True)
    return encoded.replace(b"\r\n", b"\n").replace(b"\n", CRLF)


def boundary(seed: str) -> bytes:
    """A deterministic boundary that no quoted-printable body can hold: there `=` is never followed by `_`."""
    return b"=_veille_" + hashlib.sha256(seed.encode()).hexdigest()[:24].encode()


def opening(limit: bytes) -> bytes:
    """The headers that announce the two parts."""
    return b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="' + limit + b'"\r\n'


def parts(limit: bytes, text: bytes, html: bytes) -> bytes:
    """The body: both parts, already quoted, between their boundaries."""
    return b"".join(
        (
            _part(limit, b"plain", text),
            _part(limit, b"html", html),
            b"--" + limit + b"--" + CRLF,
        )
    )


def plain(text: bytes) -> bytes:
    """Headers and body of a mail that is its text part alone, already quoted."""
    head = b'MIME-Version: 1.0\r\nContent-Type: text/plain; charset="utf-8"\r\n'
    return head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + text


def _part(limit: bytes, subtype: bytes, content: bytes) -> bytes:
    head = b"--" + limit + b"\r\nContent-Type: text/" + subtype + b'; charset="utf-8"\r\n'
    return head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + content + CRLF
