"""Mails that came back, and the addresses that are written to no more because of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "returned",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("subscriber_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name="fk_returned_edition_id"),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name="fk_returned_subscriber_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_returned"),
    )
    op.create_index("ix_returned_at", "returned", ["at"])
    op.create_index("ix_returned_edition_id", "returned", ["edition_id"])
    op.create_index("ix_returned_subscriber_id", "returned", ["subscriber_id"])
    op.create_table(
        "suspension",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name="fk_suspension_subscriber_id"),
        sa.PrimaryKeyConstraint("subscriber_id", name="pk_suspension"),
    )
