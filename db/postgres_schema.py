"""Brings a PostgreSQL database to the schema of this program: one transaction, which undoes itself when it fails."""

from __future__ import annotations

from sqlalchemy import Connection

from db.engine import Database, reader
from db.schema import HEAD, revision, upgrade

_TEXTS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
"""


def prepare(database: Database) -> bool:
    """What `db.schema.prepare` does; True when the database was empty."""
    with database.read() as connection:
        current = revision(reader(connection), database.place)
    if current == HEAD:
        return False
    with database.write() as connection:
        # Another process may have migrated while this one waited for its turn.
        current = revision(reader(connection), database.place)
        if current != HEAD:
            upgrade(connection)
            _order_by_code(connection)
    return not current


def _order_by_code(connection: Connection) -> None:
    """Put texts in the order of SQLite and Python, whatever the language that the server was set up in."""
    for table, column in connection.exec_driver_sql(_TEXTS).all():
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"')
