"""Searches that members keep, and mails of their alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("synonyms", sa.Boolean(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alert_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_saved_search_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
        sa.UniqueConstraint("token_hash", name="uq_saved_search_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_search_member_id", "saved_search", ["member_id"])
    # A mail goes to a subscriber, or to the member of an alert.
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        outbox.alter_column("subscriber_id", existing_type=sa.Integer(), nullable=True)
        outbox.add_column(sa.Column("alert_id", sa.Integer(), nullable=True))
        outbox.create_foreign_key("fk_outbox_alert_id", "saved_search", ["alert_id"], ["id"])
        outbox.create_unique_constraint("uq_outbox_edition_id_alert_id", ["edition_id", "alert_id"])
        outbox.create_index("ix_outbox_alert_id", ["alert_id"])
