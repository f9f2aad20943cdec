"""One mail to one person, outside of any edition: a letter to a maintainer, a sign-in link."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from alerts import headers, mime
from alerts.settings import MailSettings
from core.editions import Message


def single(key: str, subject: str, bodies: tuple[str, str], settings: MailSettings, to: str, at: datetime) -> Message:
    """The mail's bytes; the same key to the same address has the same Message-ID, whenever it is sent.

    `bodies`: its text, then its HTML. Raises ValueError on an address that is none.
    """
    recipient = headers.split_mailbox(to)[1]
    sender = headers.split_mailbox(settings.sender)[1]
    digest = hashlib.sha256(f"{key}\n{recipient}".encode()).hexdigest()[:20]
    number = f"<{key}.{digest}@{sender.rpartition('@')[2]}>"
    limit = mime.boundary(key)
    head = b"".join(
        (
            headers.mailbox_line("From", settings.sender),
            headers.token_line("To", recipient),
            headers.text_line("Subject", subject),
            headers.token_line("Date", format_datetime(at.astimezone(ZoneInfo(settings.timezone)))),
            headers.token_line("Message-ID", number),
            # RFC 3834, section 5: no answering machine may answer.
            headers.token_line("Auto-Submitted", "auto-generated"),
            mime.opening(limit),
        )
    )
    parts = mime.parts(limit, mime.quoted(bodies[0]), mime.quoted(bodies[1]))
    return Message(recipient, settings.bounces or sender, number, head + mime.CRLF + parts)
