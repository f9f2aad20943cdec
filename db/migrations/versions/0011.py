"""Keywords of the articles that members keep, and notes that the group may read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reading", sa.Column("keywords", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("reading", sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()))
