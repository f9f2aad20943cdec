"""What Alembic compares and writes: the full-text index is not a model's, and a revision names plain SQL types."""

from __future__ import annotations

from typing import Any, Literal

from db.columns import PlainText, UtcDateTime


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """False for the tables of FTS5, which autogenerate would drop."""
    return not (kind == "table" and (name or "").startswith("article_fts"))


def rendered(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A revision must not change when the program's own types do."""
    if kind == "type" and isinstance(item, PlainText):
        return "sa.Text()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False
