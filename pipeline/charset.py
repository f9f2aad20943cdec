"""Bytes of a page → text, whatever the server claims of its charset."""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_PROLOG = re.compile(rb"""^\s*<\?xml[^>]+encoding\s*=\s*["']([A-Za-z0-9_.-]+)""")
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
# WHATWG Encoding: these labels mean windows-1252 on the web.
_LATIN = {"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii", "iso-8859-15", "windows-1252", "cp1252"}


def _codec(label: str) -> str | None:
    label = label.lower()
    if label in _LATIN:
        return "iso8859-15" if label == "iso-8859-15" else "cp1252"
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None


def _claims(body: bytes, content_type: str) -> list[str]:
    found = [match[1] for match in [_HEADER.search(content_type)] if match]
    found += [match[1].decode("ascii") for match in [_META.search(body[:4096]), _PROLOG.match(body[:200])] if match]
    return [codec for label in found if (codec := _codec(label))]


def decode(body: bytes, content_type: str = "") -> str:
    """Text of a body. A byte-order mark decides, then valid UTF-8 (chance alone never makes it), then what is claimed.

    French text in UTF-8 declared as ISO-8859-1, and the reverse, are both read right. Undecodable bytes become U+FFFD.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body.decode(codec, "replace")
    claims = _claims(body, content_type)
    for codec in dict.fromkeys(["utf-8", *claims, "cp1252"]):
        if codec == "utf-8" and any(claim.startswith(("utf-16", "utf-32")) for claim in claims):
            continue
        try:
            return body.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode(claims[0] if claims else "cp1252", "replace")
