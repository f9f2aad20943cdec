"""Visits of sources, their health, back-fills, and rights reserved by publishers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("dated", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("text_length", sa.Integer(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("failure_kind", sa.Text(), nullable=False),
        sa.Column("failure_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visit"),
    )
    op.create_index("ix_visit_source_at", "visit", ["source", "at"])
    op.create_table(
        "backfill",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_backfill"),
    )
    for name in ("condition", "condition_reason", "moved_from", "moved_to", "stopped_entry", "mining"):
        op.add_column("source_state", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("condition_since", "moved_since", "stopped_at"):
        op.add_column("source_state", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("source_state", sa.Column("penalty", sa.Double(), nullable=False, server_default="0"))
    op.add_column("source_state", sa.Column("moved_times", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("page", sa.Column("backfill", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("article", sa.Column("reserved", sa.Boolean(), nullable=False, server_default="0"))
