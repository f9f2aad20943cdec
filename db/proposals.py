"""The addresses that members propose, until somebody or the timer has looked at them."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Row, func, insert, select, update

from core.errors import VeilleError
from core.members import Proposal, ProposalState
from core.urls import article_key, canonical
from db.audit import record
from db.engine import Database
from db.roster import ProposalRow

MAX_URL, MAX_NOTE = 2_000, 500
A_DAY = 20
"""Proposals of one member in 24 hours: each is a fetch."""
BATCH = 10


class Proposals:
    """The ProposalStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def propose(self, member_id: int, url: str, note: str, at: datetime) -> Proposal:
        address, note = checked_url(url), checked_note(note)
        key = article_key(address)
        values: dict[str, Any] = {"member_id": member_id, "key": key, "url": address, "note": note, "at": at}
        with self._database.write() as connection:
            recent = (ProposalRow.member_id == member_id, ProposalRow.at > at - timedelta(days=1))
            if _count(connection, *recent) >= A_DAY:
                raise VeilleError(f"Vous avez proposé {A_DAY} adresses depuis hier : revenez demain.")
            if _count(connection, ProposalRow.key == key, ProposalRow.state == "pending"):
                raise VeilleError("Cette adresse est déjà proposée : elle attend d'être lue.")
            values |= {"state": "pending", "outcome": "", "article_id": None}
            number = connection.execute(insert(ProposalRow).values(values).returning(ProposalRow.id)).scalar_one()
            record(connection, at, f"member:{member_id}", "proposal.add", None, {"proposal": number})
        return Proposal(number, member_id, address, note, at)

    def waiting(self) -> list[Proposal]:
        """The oldest, a few at a time: the rest waits for the next turn."""
        return self._list(select(ProposalRow.__table__).where(ProposalRow.state == "pending"), ProposalRow.id, BATCH)

    def of(self, member_id: int, limit: int) -> list[Proposal]:
        """Those of a member, newest first."""
        theirs = select(ProposalRow.__table__).where(ProposalRow.member_id == member_id)
        return self._list(theirs, ProposalRow.id.desc(), limit)

    def close(self, proposal: Proposal, at: datetime) -> None:
        done = {"state": proposal.state, "outcome": proposal.outcome, "article_id": proposal.article_id}
        with self._database.write() as connection:
            connection.execute(update(ProposalRow).where(ProposalRow.id == proposal.id).values(done))
            before = {"proposal": proposal.id, "state": "pending"}
            after = {"proposal": proposal.id, "state": proposal.state, "article": proposal.article_id}
            record(connection, at, "command", "proposal.close", before, after)

    def _list(self, chosen: Any, order: Any, limit: int) -> list[Proposal]:
        with self._database.read() as connection:
            return [_proposal(row) for row in connection.execute(chosen.order_by(order).limit(limit))]


def checked_url(text: str) -> str:
    """The address to ask, canonical; raises VeilleError, in French, for what is no web address."""
    try:
        if len(text) > MAX_URL:
            raise ValueError
        return canonical(text)
    except ValueError:
        raise VeilleError(
            f"Ce n'est pas l'adresse d'une page : elle commence par https://, en {MAX_URL} caractères au plus."
        ) from None


def checked_note(text: str) -> str:
    """A note of several lines, without what cannot be seen; raises VeilleError when it is too long."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if len(lines) > MAX_NOTE:
        raise VeilleError(f"La note est trop longue : {MAX_NOTE} caractères au plus.")
    return "".join(char for char in lines if char == "\n" or char.isprintable())


def _count(connection: Connection, *conditions: Any) -> int:
    return connection.execute(select(func.count()).select_from(ProposalRow).where(*conditions)).scalar_one()


def _proposal(row: Row[Any]) -> Proposal:
    state = cast("ProposalState", row.state)
    return Proposal(row.id, row.member_id, row.url, row.note, row.at, state, row.outcome, row.article_id)
