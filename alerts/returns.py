"""The bytes of a mail that came back → what it says, and whether a return address of ours proves it.

Three formats are read: delivery status (RFC 3464, and what flufl.bounce knows of older ones), complaint (ARF,
RFC 5965), automatic answer (RFC 3834). A mail that came back is outside text: nothing of it is shown or answered.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import logging
import re
from collections.abc import Iterator
from email.message import Message

from alerts import verp
from core.returns import Fault, Returned, enhanced_code, fault

MAX_BYTES = 5 * 1024 * 1024
"""A return that carries the whole mail back weighs some 300 kB."""
_WORST: tuple[Fault, ...] = ("hard", "ours", "soft", "")


class Unreadable(Exception):
    """A mail that cannot be read at all."""


def read(raw: bytes, secret: str) -> Returned:
    """Raises Unreadable on a mail that is too long or that no parser can hold."""
    if len(raw) > MAX_BYTES:
        raise Unreadable("trop long")
    try:
        return _read(raw, secret)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from None


def _read(raw: bytes, secret: str) -> Returned:
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    digest = hashlib.sha256(raw).hexdigest()
    proof = verp.proof(secret, raw.replace(b"=\r\n", b"").replace(b"=\n", b"").decode("latin-1"))
    parts = list(message.walk())
    if any(part.get_content_type() == "message/feedback-report" for part in parts):
        return Returned(digest, "complaint", proof=proof)
    statuses = list(_statuses(parts))
    if not statuses:
        statuses = _told_otherwise(message)
    if statuses:
        worst, code = min(statuses, key=lambda each: _WORST.index(each[0]))
        return Returned(digest, "refusal" if worst else "automatic", worst, code, proof)
    return Returned(digest, "automatic" if _is_automatic(message) else "other", proof=proof)


def _statuses(parts: list[Message]) -> Iterator[tuple[Fault, str]]:
    """What a delivery status says of each recipient; a mail delayed, relayed or delivered is no refusal."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            action = str(block.get("Action", "")).strip().lower()  # type: ignore[union-attr]
            if action:
                code = enhanced_code(str(block.get("Status", "")))  # type: ignore[union-attr]
                precise = enhanced_code(str(block.get("Diagnostic-Code", "")))  # type: ignore[union-attr]
                # Many servers write 5.0.0 there and the true code in the words of the next server (RFC 3464, 2.3.4).
                code = precise if precise and code.endswith(".0.0") else code
                yield (fault(code), code) if action == "failed" else ("", code)


def _told_otherwise(message: Message) -> list[tuple[Fault, str]]:
    """What flufl.bounce makes of formats that came before RFC 3464 (qmail, Exchange, Yahoo…)."""
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it tells its own faults, with the mail's words
    try:
        temporary, permanent = all_failures(message)
    except (ValueError, LookupError, TypeError, AttributeError):
        return []  # one of its detectors tripped: nothing is known of this mail
    if not permanent:
        return [("", "")] if temporary else []
    code = enhanced_code(_first_text(message))
    return [(fault(code), code)]


def _first_text(message: Message) -> str:
    for part in message.walk():
        if part.get_content_maintype() == "text":
            content = part.get_payload(decode=True)
            return content.decode("latin-1")[:20_000] if isinstance(content, bytes) else ""
    return ""


def _is_automatic(message: Message) -> bool:
    """An answer that no person wrote (RFC 3834, section 5, and the habits that came before it)."""
    said = str(message.get("Auto-Submitted", "no")).strip().lower()
    habits = str(message.get("Precedence", "")).strip().lower() in ("bulk", "junk", "auto_reply", "list")
    named = any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
    return not re.match(r"no\b", said) or habits or named
