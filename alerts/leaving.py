"""A mail that asks to leave, as `List-Unsubscribe: <mailto:…>` has it written → the token it holds."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser

MAX_READ = 64 * 1024
"""Octets read of a mail: its headers."""
# U+FFFD: the accent of a subject that was sent raw, which no header may be.
_ASKED = re.compile(r"(?<!\w)d(?:e|é|\ufffd+)sabonnement\s+([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])", re.IGNORECASE)


def leave_request(content: bytes) -> str | None:
    """The token of a mail that asks to leave; None for any other mail. Pure, whatever the bytes.

    The subject alone is read: a reply that quotes one of our mails would else make its writer leave. A bounce or an
    answering machine asks for nothing (RFC 3464; RFC 3834, section 2).
    """
    message = BytesHeaderParser().parsebytes(content[:MAX_READ])
    automatic = str(message.get("Auto-Submitted", "")).partition(";")[0].strip().lower() == "auto-replied"
    if automatic or message.get_content_type() == "multipart/report":
        return None
    try:
        subject = str(make_header(decode_header(message.get("Subject", ""))))
    except (MessageError, ValueError, LookupError):  # an encoded word that is none
        return None
    found = _ASKED.search(" ".join(subject.split()))
    return found[1] if found else None
