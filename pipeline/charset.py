"""Bytes of a page → text, whatever the server claims of its charset."""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_PROLOG = re.compile(rb"""^\s*<\?xml[^>]+encoding\s*=\s*["']([A-Za-z0-9_.-]+)""")
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_STRAY = re.compile("[\udc80-\udcff]+")
MOST_STRAY = 0.2
"""Undecodable bytes for each accented letter up to which a body is damaged UTF-8 rather than another charset."""
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


def _damaged_utf8(body: bytes) -> str | None:
    """UTF-8 with a few bytes of another charset (a pasted quote, a body cut in a letter); None when it is not UTF-8."""
    text = body.decode("utf-8", "surrogateescape")
    stray = len(_STRAY.findall(text))
    accented = sum(char > "\x7f" for char in text) - stray
    if stray > MOST_STRAY * accented:
        return None
    text = text[:-3] + _STRAY.sub("", text[-3:])
    return _STRAY.sub(lambda match: match[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)


# What a letter becomes when its UTF-8 is read as windows-1252 and written again: « é » gives « Ã© ».
_TWICE = {char: byte for byte in range(128, 256) for char in {chr(byte), bytes([byte]).decode("cp1252", "ignore")}}
_FOLLOWS = "".join(re.escape(char) for char, byte in _TWICE.items() if char and byte < 0xC0)
_TWICE_RE = re.compile(f"[\u00c2-\u00f4][{_FOLLOWS}]{{1,3}}")
_ACCENTED = re.compile("[\u00c0-\u00ff]")
FEWEST_TWICE = 3


def _once(match: re.Match[str]) -> str:
    try:
        return bytes(_TWICE[char] for char in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def undouble(text: str) -> str:
    """Text that was encoded twice, read once more; any text with accents of its own is left as it is."""
    if "Ã" not in text and "â€" not in text and "Â" not in text:
        return text
    mended, count = _TWICE_RE.subn(_once, text)
    left = len(_ACCENTED.findall(_TWICE_RE.sub("", text)))
    return mended if count >= FEWEST_TWICE and left < count / 4 and mended != text else text


def decode(body: bytes, content_type: str = "") -> str:
    """Text of a body, mended where it was encoded twice."""
    return undouble(_decoded(body, content_type))


def _decoded(body: bytes, content_type: str) -> str:
    """A byte-order mark decides, then valid UTF-8 (chance alone never makes it), then what is claimed.

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
            if codec == "utf-8" and (text := _damaged_utf8(body)) is not None:
                return text
    return body.decode(claims[0] if claims else "cp1252", "replace")
