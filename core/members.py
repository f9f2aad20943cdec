"""Members of the group: who they are, what their role lets them do, and the ports that keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

Role = Literal["visitor", "reader", "member", "editor", "maintainer"]
"""`visitor` is anybody; the others sign in, each may all that the one before may."""
MemberRole = Literal["reader", "member", "editor", "maintainer"]
ROLES: tuple[MemberRole, ...] = get_args(MemberRole)
_RANK: Mapping[Role, int] = {role: rank for rank, role in enumerate(get_args(Role))}

ProposalState = Literal["pending", "added", "known", "refused"]


def at_least(role: Role, needed: Role) -> bool:
    """True when a role may what another may."""
    return _RANK[role] >= _RANK[needed]


@dataclass(frozen=True, slots=True)
class Member:
    id: int
    address: str
    name: str
    role: MemberRole
    since: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One device that is signed in; its token is known to that device alone."""

    id: int
    member: Member
    device: str
    """In a few words, as « Firefox, Linux »."""
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has just begun."""

    token: str
    """256 bits, for the cookie; only its hash is kept."""
    session: Session
    next_path: str
    """Where the person wanted to go: a local path, or empty."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the audit: who changed what, from what to what; it never holds an address or a name."""

    at: datetime
    who: str
    """`member:12`, `command` for whoever has the machine, or `link` for whoever had the link of a mail."""
    what: str
    """`member.role`, `article.forget`…"""
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """An address that a member proposes; it is fetched by the timer, never by the site."""

    id: int
    member_id: int
    url: str
    note: str
    at: datetime
    state: ProposalState = "pending"
    outcome: str = ""
    """In French, once it was looked at."""
    article_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """An article that a member keeps to read, with a note and keywords for them alone, or for the group."""

    article_id: int
    title: str
    url: str
    source: str
    """Slug."""
    language: str
    published: datetime | None
    first_seen: datetime
    note: str
    at: datetime
    keywords: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """What a member writes of an article that they keep."""

    note: str = ""
    keywords: tuple[str, ...] = ()
    shared: bool = False
    """For the group to read."""


@dataclass(frozen=True, slots=True)
class SharedReading:
    """What a member says to the group of an article."""

    member_id: int
    name: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Removal:
    """What stays of an article that was taken down on request."""

    article_id: int
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Capture:
    """The answer of a site from which an article was made, as it was kept: its body decoded."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime


class PeopleStore(Protocol):
    """What pages read of the members; commands alone change them."""

    def members(self) -> list[Member]: ...


class SessionStore(Protocol):
    """Sign-in links and the devices they opened."""

    def invite(self, address: str, next_path: str, at: datetime) -> str | None:
        """A new sign-in token for the member of an address; None for nobody, or one asked too often."""
        ...

    def sign_in(self, token: str, device: str, at: datetime) -> Opened | None:
        """Use a token up and begin a session; None when it is unknown, used, expired, or its member gone."""
        ...

    def session(self, token: str, at: datetime) -> Session | None:
        """The session of a cookie, its end put off; None when it is unknown, revoked, expired, or its member gone."""
        ...

    def sessions(self, member_id: int, at: datetime) -> list[Session]: ...

    def revoke(self, session_id: int, member_id: int, at: datetime) -> bool:
        """End a session of this member; False when it is not one of theirs."""
        ...


class ProposalStore(Protocol):
    def propose(self, member_id: int, url: str, note: str, at: datetime) -> Proposal:
        """Raises VeilleError, in French, when the address is none, was already proposed, or after too many."""
        ...

    def waiting(self) -> list[Proposal]:
        """Those that nobody looked at yet, oldest first."""
        ...

    def of(self, member_id: int, limit: int) -> list[Proposal]: ...

    def close(self, proposal: Proposal, at: datetime) -> None:
        """Write the state, outcome and article of a proposal that was looked at."""
        ...


class ReadingStore(Protocol):
    """What each member keeps to read; of another member's list, what is shared alone is in reach."""

    def keep(self, member_id: int, article_id: int, at: datetime) -> bool:
        """False when there is no such article; an article kept already stays as it is, with its note.

        Raises VeilleError, in French, when the list is full.
        """
        ...

    def annotate(self, member_id: int, article_id: int, wording: Wording, at: datetime) -> bool:
        """False when the article is not in the list. Raises VeilleError, in French, when something is too long, or too
        much; what is or was shared leaves a line in the audit."""
        ...

    def drop(self, member_id: int, article_id: int) -> bool:
        """False when the article is not in the list."""
        ...

    def one(self, member_id: int, article_id: int) -> Reading | None:
        """None for an article that is not in the list."""
        ...

    def of(self, member_id: int) -> list[Reading]:
        """The last kept first."""
        ...

    def shared(self, article_id: int | None = None, limit: int = 500) -> list[SharedReading]:
        """What members share with the group, of one article or of all, the last kept first."""
        ...


class RemovalStore(Protocol):
    def find(self, article_id: int) -> Removal | None: ...


class CaptureStore(Protocol):
    def of(self, article_id: int) -> Capture | None:
        """The raw page of an article's last version; None when its time is over or its file lost."""
        ...


class SignInPost(Protocol):
    def write(self, address: str, link: str, at: datetime) -> None:
        """Send a sign-in link. Raises VeilleError when it cannot leave."""
        ...
