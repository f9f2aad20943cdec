"""Who a mail is from and to: envelope sender, Message-ID and header lines for a person or for a list."""

from __future__ import annotations

import hashlib
import re

from alerts import headers, links, verp
from alerts.settings import MailSettings
from core.editions import Edition, Subscriber
from core.errors import ConfigError


class Envelope:
    """Raises ConfigError when made with a sender, contact or bounce address that is none."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._site = links.Site(settings.public_url)
        self._address = _configured("[mail] from", settings.sender)
        self.contact = _configured("[veille] contact", settings.contact)
        self._bounces = _configured("[mail] bounces", settings.bounces) if settings.bounces else ""
        self._domain = self._address.partition("@")[2]

    def message_id(self, edition: Edition, subscriber: Subscriber) -> str:
        """The same for every try of one edition to one recipient; says nothing of the address."""
        period = f"{edition.period.series}/{edition.period.key}"
        seed = f"{period}\n{subscriber.id}\n{subscriber.address.lower()}\n{subscriber.token}"
        digest = hashlib.sha256(seed.encode()).hexdigest()[:20]
        return f"<{re.sub('[^A-Za-z0-9-]+', '-', period)}.{digest}@{self._domain}>"

    def sender(self, edition: Edition, subscriber: Subscriber) -> str:
        """Envelope sender: VERP for a person where bounces can be read; for a list its poster, tokenless."""
        if subscriber.kind == "list":
            return headers.split_mailbox(self.poster(subscriber))[1]
        if self._bounces and self._settings.bounce_secret and edition.id:
            own = verp.token(self._settings.bounce_secret, edition.id, subscriber.id)
            return verp.address(self._bounces, own) or self._bounces
        return self._bounces or self._address

    def poster(self, subscriber: Subscriber) -> str:
        """Mailbox shown in From: a list's authorised poster when it has one, else the configured sender."""
        try:
            headers.split_mailbox(subscriber.sender)
        except ValueError:
            return self._settings.sender
        return subscriber.sender if subscriber.kind == "list" else self._settings.sender

    def lines(self, edition: Edition, subscriber: Subscriber) -> bytes:
        """The header lines that depend on the recipient."""
        return b"".join(
            (
                headers.mailbox_line("From", self.poster(subscriber)),
                headers.token_line("To", recipient(subscriber) or "undisclosed-recipients:;"),
                headers.token_line("Message-ID", self.message_id(edition, subscriber)),
                b"" if subscriber.kind == "list" else self._bulk_lines(subscriber),
            )
        )

    def _bulk_lines(self, subscriber: Subscriber) -> bytes:
        """What a bulk sender says to a person (RFC 2369, 2919, 3834, 8058).

        None of it goes to a list: by default Sympa refuses `Auto-Submitted` (`reject_mail_from_automates_feature`),
        ezmlm drops `Precedence: bulk`, and the list writes its own List-* lines.
        """
        contact = self.contact
        lines = [
            headers.list_id_line(self._settings.name, self._address.replace("@", ".")),
            headers.token_line("List-Unsubscribe", *self._ways_out(subscriber)),
            headers.token_line("List-Help", f"<{links.mailto(contact, 'aide')}>"),
            headers.token_line("List-Owner", f"<{links.mailto(contact)}>"),
            headers.token_line("Precedence", "bulk"),
            headers.token_line("Auto-Submitted", "auto-generated"),
        ]
        if self._site.leave(subscriber.token).startswith("https://") and subscriber.token:
            lines.insert(2, headers.token_line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        if self._site.editions:
            lines.append(headers.token_line("List-Archive", f"<{self._site.editions}>"))
        if contact != self._address:
            lines.append(headers.token_line("Reply-To", contact))
        return b"".join(lines)

    def _ways_out(self, subscriber: Subscriber) -> list[str]:
        mail = f"<{links.mailto(self.contact, f'desabonnement {subscriber.token}'.strip())}>"
        page = self._site.leave(subscriber.token) if subscriber.token else ""
        return [f"<{page}>", mail] if page else [mail]


def recipient(subscriber: Subscriber) -> str:
    """The address in its transmitted form; empty when it is none, so that one bad row cannot stop a whole run."""
    try:
        return headers.address(subscriber.address)
    except ValueError:
        return ""


def _configured(key: str, mailbox: str) -> str:
    try:
        return headers.split_mailbox(mailbox)[1]
    except ValueError as error:
        raise ConfigError(f"{key} : {error}.") from None
