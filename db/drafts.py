"""What editors prepare of the next edition: one open draft a series, taken by the edition that is frozen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from core.drafts import Draft
from core.editions import Edition
from core.errors import StoreError, VeilleError
from core.recipients import SERIES
from db import audit, dialect
from db.engine import Database
from db.ledger import DraftRow, EditionStoryRow
from db.stories import current_story


class Drafts:
    """The DraftStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, series: str) -> Draft | None:
        with self._database.read() as connection:
            row = _open(connection, series)
            return _draft(connection, row) if row else None

    def save(self, draft: Draft, who: str, at: datetime) -> None:
        """Raises VeilleError, in French, when somebody else was faster."""
        values: dict[str, Any] = {
            "introduction": draft.introduction,
            "stories": list(draft.order),
            "pinned": list(draft.pinned),
            "dropped": list(draft.dropped),
            "revision": draft.revision + 1,
        }
        with self._database.write() as connection:
            row = _open(connection, draft.series)
            if (row.revision if row else 0) != draft.revision:
                raise VeilleError("Une autre personne vient de changer cette édition : voici où elle en est.")
            if row:
                connection.execute(update(DraftRow).where(DraftRow.id == row.id).values(values))
            else:
                connection.execute(
                    insert(DraftRow), {"series": draft.series, "key": draft.key, "used_by": "", **values}
                )
            audit.record(connection, at, who, "edition.draft", _told(row) if row else None, _told(values, draft.key))


def take(connection: Connection, edition: Edition, number: int) -> None:
    """Close the draft that an edition was made from; what was dropped counts as told, for good, in every series of
    everybody.

    Raises StoreError when the draft changed since the edition was composed.
    """
    row = _open(connection, edition.period.series)
    if (row.revision if row else 0) != edition.revision:
        raise StoreError(f"La rédaction vient de changer l'édition {edition.period.key} : composez-la à nouveau.")
    if row is None:
        return
    connection.execute(update(DraftRow).where(DraftRow.id == row.id).values(used_by=edition.period.key))
    for story in _current(connection, row.dropped):
        for series in SERIES:
            told = {"series": series, "story_id": story, "edition_id": number}
            connection.execute(dialect.insert_missing(EditionStoryRow), told)
    audit.record(connection, edition.composed_at, "command", "edition.drafted", None, _told(row))


def release(connection: Connection, series: str, key: str) -> None:
    """Give back what was prepared for an edition never sent, save its introduction, which spoke of its days."""
    row = connection.execute(
        select(DraftRow.__table__).where(DraftRow.series == series, DraftRow.used_by == key)
    ).first()
    if row is None:
        return
    later = _open(connection, series)
    if later is None:
        values: dict[str, Any] = {"used_by": "", "introduction": "", "revision": row.revision + 1}
        connection.execute(update(DraftRow).where(DraftRow.id == row.id).values(values))
        return
    both = {name: [*getattr(row, name), *getattr(later, name)] for name in ("pinned", "dropped")}
    values = {**both, "revision": later.revision + 1}
    connection.execute(update(DraftRow).where(DraftRow.id == later.id).values(values))


def _open(connection: Connection, series: str) -> Row[Any] | None:
    rows = select(DraftRow.__table__).where(DraftRow.series == series, DraftRow.used_by == "")
    return connection.execute(rows.order_by(DraftRow.id.desc()).limit(1)).first()


def _draft(connection: Connection, row: Row[Any]) -> Draft:
    """With the numbers that its stories have today."""
    stories, pinned, dropped = (_current(connection, each) for each in (row.stories, row.pinned, row.dropped))
    return Draft(row.series, row.key, row.introduction, stories, pinned, dropped, row.revision)


def _current(connection: Connection, stories: Iterable[int]) -> tuple[int, ...]:
    found = (current_story(connection, story) for story in stories)
    return tuple(dict.fromkeys(story for story in found if story is not None))


def _told(of: Any, key: str = "") -> dict[str, object]:
    """For the audit, which holds no text of anybody."""
    values = of if isinstance(of, dict) else of._asdict()
    return {
        "edition": key or values["key"],
        "introduction": len(values["introduction"]),
        "pinned": values["pinned"],
        "dropped": values["dropped"],
        "order": values["stories"],
    }
