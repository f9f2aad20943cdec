"""How a person subscribes by themselves and is found again, as values and protocols."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.editions import OutboxState, Subscriber


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link to send by mail, once; only the mailbox's owner learns what it says."""

    address: str
    token: str
    known: bool
    """True when the address is subscribed already: the token is then that of its preferences."""


@dataclass(frozen=True, slots=True)
class MailRecord:
    """One mail that was made for a person, as the ledger tells it."""

    series: str
    key: str
    state: OutboxState
    reply: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """All that is kept of one address (GDPR, article 15)."""

    subscriber: Subscriber | None
    mails: tuple[MailRecord, ...]
    asked: tuple[datetime, ...]
    """When a subscription was asked for that nobody confirmed yet."""
    suspended: datetime | None = None
    """Since when their mailbox refuses our mails."""


class JoinStore(Protocol):
    def check(self, address: str) -> str:
        """The address in its stored form; raises VeilleError, in French, when it is none. Asks the store nothing."""
        ...

    def ask(self, address: str, topics: tuple[str, ...], consent: str, at: datetime) -> Invitation | None:
        """A subscription is asked for: what to send, None when nothing may be sent now (threat B13).

        `consent`: the version of the text that was agreed to. Somebody who is subscribed is sent their own link.
        """
        ...

    def remind(self, address: str, at: datetime) -> Invitation | None:
        """Somebody lost the link to their preferences; None for nobody, a list, or one written to today."""
        ...

    def unsent(self, invitation: Invitation) -> None:
        """The mail could not leave: it does not count."""
        ...

    def confirm(self, token: str, at: datetime) -> str | None:
        """Subscribe the person of a confirmation link, which serves once; their own token, None for a dead link."""
        ...

    def suspended_since(self, token: str) -> datetime | None:
        """Since when the mailbox of a person refuses our mails; None when it takes them."""
        ...


class JoinPost(Protocol):
    """Both raise VeilleError when the mail cannot leave; its message names no address."""

    def confirm(self, address: str, link: str, at: datetime) -> None: ...

    def preferences(self, address: str, link: str, at: datetime) -> None: ...
