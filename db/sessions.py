"""Sign-in links and sessions: random tokens of 256 bits, of which the database holds the hash alone."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.members import Opened, Session
from db.addresses import address_key
from db.audit import record
from db.engine import Database
from db.members import member_of
from db.roster import MemberRow, SessionRow, SignInRow
from db.tokens import hashed

TOKEN_BYTES = 32
LINK_LIFE = timedelta(minutes=30)
SESSION_LIFE = timedelta(days=30)
"""Since the device was last seen."""
SEEN_EVERY = timedelta(hours=1)
"""A session is written this often at most, however much its member reads."""
LINKS_AN_HOUR = 4
"""To one address, whoever asks: a mailbox cannot be flooded (threats B13 and C20)."""
MAX_DEVICE = 60
KEPT = timedelta(days=30)
"""How long a link or session that is over stays in its table."""

_HOLDER: Any = (
    select(
        SessionRow.id.label("session_id"), SessionRow.device, SessionRow.created_at, SessionRow.seen_at,
        SessionRow.expires_at, MemberRow.id, MemberRow.address, MemberRow.name, MemberRow.role, MemberRow.since,
    ).join(MemberRow, MemberRow.id == SessionRow.member_id).where(MemberRow.address.is_not(None))
)  # fmt: skip


class Sessions:
    """The SessionStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def invite(self, address: str, next_path: str, at: datetime) -> str | None:
        key = address_key(address)
        if key is None:
            return None
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._database.write() as connection:
            member = connection.execute(select(MemberRow.id).where(MemberRow.address_key == key)).scalar()
            if member is None or _asked(connection, member, at) >= LINKS_AN_HOUR:
                return None
            _sweep(connection, at)
            link = {"token_hash": hashed(token), "member_id": member, "next_path": next_path, "asked_at": at}
            connection.execute(insert(SignInRow), {**link, "expires_at": at + LINK_LIFE})
        return token

    def sign_in(self, token: str, device: str, at: datetime) -> Opened | None:
        """Every other link of the same member is used up as well: the one that served was the last they need."""
        with self._database.write() as connection:
            link = connection.execute(
                select(SignInRow.member_id, SignInRow.next_path)
                .join(MemberRow, MemberRow.id == SignInRow.member_id)
                .where(SignInRow.token_hash == hashed(token), SignInRow.used_at.is_(None), SignInRow.expires_at > at)
                .where(MemberRow.address.is_not(None))
            ).first()
            if link is None:
                return None
            unused = update(SignInRow).where(SignInRow.member_id == link.member_id, SignInRow.used_at.is_(None))
            connection.execute(unused.values(used_at=at))
            fresh = secrets.token_urlsafe(TOKEN_BYTES)
            values = {
                "token_hash": hashed(fresh),
                "member_id": link.member_id,
                "device": device[:MAX_DEVICE],
                "created_at": at,
                "seen_at": at,
                "expires_at": at + SESSION_LIFE,
            }
            connection.execute(insert(SessionRow), values)
            row = connection.execute(_HOLDER.where(SessionRow.token_hash == hashed(fresh))).one()
            record(connection, at, f"member:{row.id}", "session.open", None, {"session": row.session_id})
            return Opened(fresh, _session(row), link.next_path)

    def session(self, token: str, at: datetime) -> Session | None:
        with self._database.read() as connection:
            row = connection.execute(_HOLDER.where(SessionRow.token_hash == hashed(token), *_open(at))).first()
        if row is None:
            return None
        if at - row.seen_at >= SEEN_EVERY:
            with self._database.write() as connection:
                same = update(SessionRow).where(SessionRow.id == row.session_id, SessionRow.revoked_at.is_(None))
                connection.execute(same.values(seen_at=at, expires_at=at + SESSION_LIFE))
        return _session(row)

    def sessions(self, member_id: int, at: datetime) -> list[Session]:
        """The devices that are signed in, the last seen first."""
        theirs = _HOLDER.where(SessionRow.member_id == member_id, *_open(at))
        with self._database.read() as connection:
            rows = connection.execute(theirs.order_by(SessionRow.seen_at.desc(), SessionRow.id.desc()))
            return [_session(row) for row in rows]

    def revoke(self, session_id: int, member_id: int, at: datetime) -> bool:
        theirs = (SessionRow.id == session_id, SessionRow.member_id == member_id, SessionRow.revoked_at.is_(None))
        with self._database.write() as connection:
            if not connection.execute(update(SessionRow).where(*theirs).values(revoked_at=at)).rowcount:
                return False
            record(connection, at, f"member:{member_id}", "session.end", {"session": session_id}, None)
            return True


def _open(at: datetime) -> tuple[Any, ...]:
    return (SessionRow.revoked_at.is_(None), SessionRow.expires_at > at)


def _asked(connection: Connection, member: int, at: datetime) -> int:
    recent = (SignInRow.member_id == member, SignInRow.asked_at > at - timedelta(hours=1))
    return connection.execute(select(func.count()).select_from(SignInRow).where(*recent)).scalar_one()


def _sweep(connection: Connection, at: datetime) -> None:
    """What is over long since leaves, so that the tables stay as small as the group."""
    connection.execute(delete(SignInRow).where(SignInRow.expires_at < at - KEPT))
    connection.execute(delete(SessionRow).where(SessionRow.expires_at < at - KEPT))


def _session(row: Row[Any]) -> Session:
    return Session(row.session_id, member_of(row), row.device, row.created_at, row.seen_at, row.expires_at)
