"""Small things that the watch remembers from one day to the next, by name."""

from __future__ import annotations

from sqlalchemy import select

from db import dialect
from db.engine import Database
from db.models import MetaRow


class Notes:
    """Lines of the table `meta`, their names prefixed so that they meet no other use of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, name: str) -> str:
        """Empty when it was never written."""
        with self._database.read() as connection:
            found = connection.execute(select(MetaRow.value).where(MetaRow.name == f"note.{name}")).scalar()
        return found or ""

    def write(self, name: str, value: str) -> None:
        with self._database.write() as connection:
            connection.execute(dialect.upsert(MetaRow, "name", ("value",)), {"name": f"note.{name}", "value": value})
