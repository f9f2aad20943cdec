"""Runs migrations on the connection given by `db.schema`, or on the URL of alembic.ini for a developer."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

import db.fact_rows
import db.journal
import db.judged
import db.ledger
import db.roster  # noqa: F401  the tables of facts, visits, opinions, editions and members join the metadata
from db.engine import open_database
from db.migrations.filters import ours, rendered
from db.models import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=ours,
        render_item=rendered,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    database = open_database(context.config.get_main_option("sqlalchemy.url") or "", durable=True)
    with database.write() as connection:
        run(connection)


main()
