"""The members of the group; of one who left, a number, a role and two dates are kept."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from core.errors import VeilleError
from core.members import ROLES, Member, MemberRole
from db.addresses import address_key, checked_address
from db.audit import record
from db.engine import Database
from db.roster import MemberRow, ProposalRow, ReadingRow, SessionRow, SignInRow
from db.saved import erase_searches

MAX_NAME = 80


class Members:
    """The PeopleStore port, and what commands change.

    Every change is recorded in the transaction that makes it, `who` as `core.members.Change.who` says.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, address: str, name: str, role: MemberRole, at: datetime, who: str) -> Member:
        """Raises VeilleError when the address, name or role is not acceptable, or the address is there already."""
        address, name, role = checked_address(address), checked_name(name), checked_role(role)
        values = {"address": address, "address_key": address.lower(), "name": name, "role": role, "since": at}
        with self._database.write() as connection:
            if connection.execute(select(exists().where(MemberRow.address_key == address.lower()))).scalar():
                raise VeilleError("Cette adresse est déjà celle d'un membre.")
            number = connection.execute(insert(MemberRow).values(values).returning(MemberRow.id)).scalar_one()
            record(connection, at, who, "member.add", None, {"member": number, "role": role})
        return Member(number, address, name, role, at)

    def members(self) -> list[Member]:
        """Those who have not left, the first one first."""
        present = select(MemberRow.__table__).where(MemberRow.address.is_not(None)).order_by(MemberRow.id)
        with self._database.read() as connection:
            return [member_of(row) for row in connection.execute(present)]

    def find(self, address: str) -> Member | None:
        """The member of an address, however it is written; None for nobody."""
        with self._database.read() as connection:
            row = _find(connection, address)
        return member_of(row) if row else None

    def set_role(self, address: str, role: MemberRole, at: datetime, who: str) -> Member | None:
        """The member as they are now; None when nobody has that address. The same role again is no change."""
        role = checked_role(role)
        with self._database.write() as connection:
            row = _find(connection, address)
            if row is None:
                return None
            if row.role != role:
                connection.execute(update(MemberRow).where(MemberRow.id == row.id).values(role=role))
                before, after = {"member": row.id, "role": row.role}, {"member": row.id, "role": role}
                record(connection, at, who, "member.role", before, after)
            return Member(row.id, row.address, row.name, role, row.since)

    def remove(self, address: str, at: datetime, who: str) -> Member | None:
        """Erase address, name, notes, readings, searches and alerts, close every session; addresses proposed stay.

        None when nobody has that address.
        """
        with self._database.write() as connection:
            row = _find(connection, address)
            if row is None:
                return None
            gone: dict[str, Any] = {"address": None, "address_key": None, "name": "", "left_at": at}
            connection.execute(update(MemberRow).where(MemberRow.id == row.id).values(gone))
            connection.execute(delete(SignInRow).where(SignInRow.member_id == row.id))
            connection.execute(delete(SessionRow).where(SessionRow.member_id == row.id))
            connection.execute(delete(ReadingRow).where(ReadingRow.member_id == row.id))
            erase_searches(connection, row.id)
            connection.execute(update(ProposalRow).where(ProposalRow.member_id == row.id).values(note=""))
            record(connection, at, who, "member.remove", {"member": row.id, "role": row.role}, None)
            return member_of(row)


def checked_name(text: str) -> str:
    """A name to show: one line of printable characters; raises VeilleError."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > MAX_NAME or any(not char.isprintable() for char in name):
        raise VeilleError(f"Le nom d'un membre est une ligne de 1 à {MAX_NAME} caractères.")
    return name


def checked_role(text: str) -> MemberRole:
    if text not in ROLES:
        raise VeilleError(f"« {text} » n'est pas un rôle ; les rôles : {', '.join(ROLES)}.")
    return text


def member_of(row: Row[Any]) -> Member:
    """A line of the table, of a member who has not left."""
    return Member(row.id, row.address, row.name, cast("MemberRole", row.role), row.since)


def _find(connection: Connection, address: str) -> Row[Any] | None:
    key = address_key(address)
    if key is None:
        return None
    return connection.execute(select(MemberRow.__table__).where(MemberRow.address_key == key)).first()
