"""Bytes → text when the declared charset may lie: the bytes decide first."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
ACCENTS_FOR_A_FAULT = 2
"""A page is UTF-8 with faults when, for each of them, more than that many of its accents are UTF-8."""
_ACCENTS_RE = re.compile(r"[^\x00-\x7f\ufffd]+")
_HEADER_RE = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED_RE = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
# What says latin-1 is written by machines whose latin-1 is Windows' (WHATWG Encoding, section 4.2).
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030"}


def text_of(body: bytes, content_type: str = "", declared: str = "") -> str:
    """Decode a page: byte-order mark, then UTF-8 where the bytes are valid UTF-8, then what is declared, then cp1252.

    A text in another charset that holds an accent is practically never valid UTF-8, whereas feeds that call themselves
    iso-8859-15 and are UTF-8 are common, and so are summaries cut in the middle of a character. Never raises; what
    cannot be read becomes U+FFFD.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace")
    if wide := _wide(body):
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        if sum(map(len, _ACCENTS_RE.findall(text))) > ACCENTS_FOR_A_FAULT * text.count("\ufffd"):
            return text
    in_body = _DECLARED_RE.search(body[:2048])
    in_header = _HEADER_RE.search(content_type)
    names = (declared, in_body.group(1).decode("ascii") if in_body else "", in_header.group(1) if in_header else "")
    for charset in map(_known, names):
        try:
            if charset and not charset.startswith("utf"):
                return body.decode(charset, "replace")
        except ValueError:
            continue  # Python's codecs hold a few that are no charset of the web and raise: punycode, idna
    return body.decode("cp1252", "replace")


def _known(name: str) -> str:
    """Python's name of a text charset; empty when it has none."""
    try:
        info = codecs.lookup(name) if name else None
    except (LookupError, ValueError):
        return ""
    if info is None or not getattr(info, "_is_text_encoding", True):
        return ""
    return _SUPERSETS.get(info.name, info.name)


def _wide(body: bytes) -> str:
    """UTF-16 without a byte-order mark, known by the zero beside the first `<`, `{` or `[`."""
    if body[:1] in (b"<", b"{", b"[") and body[1:2] == b"\x00":
        return "utf-16-le"
    return "utf-16-be" if body[:1] == b"\x00" and body[1:2] in (b"<", b"{", b"[") else ""
