"""What was changed and by whom, written in the transaction that changes it; never an address, never a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select

from core.members import Change
from db.engine import Database
from db.roster import AuditRow


class Audit:
    """The lines, for commands to read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self, limit: int) -> list[Change]:
        """The last changes, newest first."""
        columns = (AuditRow.at, AuditRow.who, AuditRow.what, AuditRow.before, AuditRow.after)
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).order_by(AuditRow.id.desc()).limit(limit))
            return [Change(*row) for row in rows]


def record(
    connection: Connection,
    at: datetime,
    who: str,
    what: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add a line; `before` and `after` are small objects that JSON can hold."""
    line = {"at": at, "who": who, "what": what, "before": before, "after": after}
    connection.execute(insert(AuditRow), line)
