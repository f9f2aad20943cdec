"""A page as it was fetched → a WARC/1.1 file (ISO 28500:2017), that web archiving tools read."""

from __future__ import annotations

import hashlib
import re
import uuid
from base64 import b32encode
from datetime import UTC
from http import HTTPStatus
from urllib.parse import quote

from core.members import Capture

_CHANGED = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers that no longer tell the truth of a body kept decoded."""
_CONTROL_RE = re.compile(r"[\x00-\x1f\x7f]+")
_URI = "%:/?#[]@!$&'()*+,;=~"
"""RFC 3986: what has a meaning in an address is left as it is, the rest is escaped."""
_NAME_RE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOTE = (
    "software: veille\r\nformat: WARC File Format 1.1\r\n"
    "description: one response, its body decoded; its own Content-Encoding, Transfer-Encoding and Content-Length"
    " are kept as X-Archive-Orig-* headers\r\n"
)


def warc(capture: Capture) -> bytes:
    """Two records: what the file is, and the response. The same capture gives the same bytes."""
    date = capture.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    about = _record("warcinfo", date, (("Content-Type", "application/warc-fields"),), _NOTE.encode())
    payload = (
        ("WARC-Target-URI", quote(re.sub(r"[\x00-\x20\x7f]", "", capture.url), safe=_URI, errors="replace")),
        ("WARC-Payload-Digest", _digest(capture.body)),
        ("Content-Type", "application/http; msgtype=response"),
    )
    return about + _record("response", date, payload, _http(capture))


def _record(kind: str, date: str, fields: tuple[tuple[str, str], ...], block: bytes) -> bytes:
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{date}/{hashlib.sha256(block).hexdigest()}")
    lines = (
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<urn:uuid:{number}>"),
        ("WARC-Date", date),
        ("WARC-Block-Digest", _digest(block)),
        *fields,
        ("Content-Length", str(len(block))),
    )
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines)
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def _digest(data: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _http(capture: Capture) -> bytes:
    known = {status.value: status.phrase for status in HTTPStatus}
    lines = [f"HTTP/1.1 {capture.status} {known.get(capture.status, '')}"]
    for name, value in capture.headers:
        if _NAME_RE.fullmatch(name):
            shown = f"X-Archive-Orig-{name}" if name.lower() in _CHANGED else name
            lines.append(f"{shown}: {_CONTROL_RE.sub(' ', value).strip()}")
    lines.append(f"Content-Length: {len(capture.body)}")
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + capture.body
