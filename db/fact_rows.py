"""The table of facts, written and dropped with the verdict they come with; `db/reading.py` reads them back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, ForeignKey, Index, delete, insert
from sqlalchemy.orm import Mapped, mapped_column

from core.facts import Fact
from core.text import fold
from db.models import Base

_FIELDS = tuple(Fact.__dataclass_fields__)


class FactRow(Base):
    """A fact (`core.facts.Fact`), in the order in which it is shown."""

    __tablename__ = "fact"
    __table_args__ = (
        Index("ix_fact_kind_value_article_id", "kind", "value", "article_id"),
        Index("ix_fact_kind_folded_article_id", "kind", "folded", "article_id"),
        # Facets are counted from this index alone.
        Index("ix_fact_article_id_kind_value_name", "article_id", "kind", "value", "name"),
    )
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    value: Mapped[str]
    name: Mapped[str]
    folded: Mapped[str]
    """The name as filters compare it."""
    role: Mapped[str]
    form: Mapped[str]
    field: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    sentence: Mapped[str]
    sentence_start: Mapped[int]
    page: Mapped[int | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    unit: Mapped[str]
    per_year: Mapped[bool]


def drop_facts(connection: Connection, article_id: int) -> None:
    connection.execute(delete(FactRow).where(FactRow.article_id == article_id))


def put_facts(connection: Connection, article_id: int, facts: Sequence[Fact]) -> None:
    """Write the facts of an article that has none."""
    rows = [
        {name: getattr(fact, name) for name in _FIELDS}
        | {"article_id": article_id, "position": position, "folded": fold(fact.name)}
        for position, fact in enumerate(facts)
    ]
    if rows:
        connection.execute(insert(FactRow), rows)
