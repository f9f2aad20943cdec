"""Subscriptions that people ask for themselves, what they wish to receive, and how they agreed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, default in (("frequency", "weekly"), ("mail_format", "html"), ("consent", "")):
        op.add_column("subscriber", sa.Column(name, sa.Text(), nullable=False, server_default=default))
    op.add_column("subscriber", sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("subscriber", sa.Column("topics", sa.JSON(), nullable=False, server_default="[]"))
    for name in ("paused_until", "consented_at", "reminded_at"):
        op.add_column("subscriber", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "subscription_request",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_subscription_request"),
    )
    for column in ("address_key", "expires_at"):
        op.create_index(f"ix_subscription_request_{column}", "subscription_request", [column])
    op.create_table(
        "confirmation",
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name="pk_confirmation"),
    )
