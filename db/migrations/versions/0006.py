"""What members keep to read, each for themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_reading_member_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_reading_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id", "article_id", name="pk_reading"),
    )
    op.create_index("ix_reading_article_id", "reading", ["article_id"])
