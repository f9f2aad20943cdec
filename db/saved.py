"""Searches that members keep, and their alerts; of one that is deleted nothing stays but its lines in the audit."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, select, update

from core.editions import Edition, Subscriber
from core.errors import VeilleError
from core.query import MAX_LENGTH
from core.saved import ALERTS, FREQUENCIES, Frequency, SavedSearch, Wish
from db.audit import record
from db.editions import edition_of
from db.engine import Database
from db.ledger import EditionRow, EditionStoryRow, OutboxRecord, ReturnedRow
from db.roster import MemberRow, SavedSearchRow
from db.tokens import hashed

MOST = 50
"""Searches of one member."""
MAX_NAME = 80
TOKEN_BYTES = 16
_ALERT = SavedSearchRow.frequency != "none"


class SavedSearches:
    """The SavedSearchStore port, and what sending alerts asks.

    Lines of the audit hold numbers and frequencies, never a name or a query: they stay when the member leaves.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, member_id: int, wish: Wish, at: datetime) -> SavedSearch:
        wish = _checked(wish)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        values = {
            "member_id": member_id, "name": wish.name, "query": wish.query, "everything": wish.everything,
            "synonyms": wish.synonyms, "frequency": wish.frequency, "made_at": at,
            "alert_since": None if wish.frequency == "none" else at, "token": token, "token_hash": hashed(token),
        }  # fmt: skip
        with self._database.write() as connection:
            own = select(func.count()).select_from(SavedSearchRow).where(SavedSearchRow.member_id == member_id)
            if connection.execute(own).scalar_one() >= MOST:
                raise VeilleError(f"Vous avez {MOST} recherches, c'est le plus que l'on garde : supprimez-en.")
            added = insert(SavedSearchRow).values(values).returning(SavedSearchRow.id)
            number = connection.execute(added).scalar_one()
            _note(connection, member_id, "search.save", at, None, {"search": number, "frequency": wish.frequency})
            found = _one(connection, SavedSearchRow.id == number)
            assert found  # it was just written
            return found

    def change(self, member_id: int, number: int, name: str, frequency: Frequency, at: datetime) -> bool:
        """An alert that changes its frequency goes on; one that begins, or begins again, tells what comes after."""
        name = _checked_name(name)
        with self._database.write() as connection:
            found = _one(connection, _mine(member_id, number))
            if found is None:
                return False
            values: dict[str, Any] = {"name": name, "frequency": _checked_frequency(frequency)}
            if (frequency == "none") != (found.alert_since is None):
                values |= {"alert_since": None if frequency == "none" else at, "looked_at": None}
            if (found.wish.name, found.wish.frequency) != (name, frequency):
                connection.execute(update(SavedSearchRow).where(SavedSearchRow.id == number).values(values))
                before = {"search": number, "frequency": found.wish.frequency}
                _note(connection, member_id, "search.change", at, before, before | {"frequency": frequency})
            return True

    def delete(self, member_id: int, number: int, at: datetime) -> bool:
        with self._database.write() as connection:
            found = _one(connection, _mine(member_id, number))
            if found is None:
                return False
            _erase(connection, found)
            before = {"search": number, "frequency": found.wish.frequency}
            _note(connection, member_id, "search.delete", at, before, None)
            return True

    def of(self, member_id: int) -> list[SavedSearch]:
        return self._list(SavedSearchRow.member_id == member_id, SavedSearchRow.id.desc())

    def stop(self, token: str, at: datetime) -> bool:
        """Sought by the hash of its token, then compared in constant time."""
        with self._database.write() as connection:
            found = _one(connection, SavedSearchRow.token_hash == hashed(token))
            if found is None or not hmac.compare_digest(found.token.encode(), token.encode("utf-8", "replace")):
                return False
            _end(connection, found, at, "link")
            return True

    # ---------------------------------------------------------------- alerts

    def alerts(self) -> list[SavedSearch]:
        """Those of members who have not left, the oldest first."""
        return self._list(_ALERT, SavedSearchRow.id)

    def alert(self, number: int) -> SavedSearch | None:
        """None for one that is gone, or was stopped."""
        with self._database.read() as connection:
            return _one(connection, _ALERT & (SavedSearchRow.id == number))

    def find(self, number: int) -> SavedSearch | None:
        """Any search, an alert or not."""
        with self._database.read() as connection:
            return _one(connection, SavedSearchRow.id == number)

    def recipient(self, number: int) -> Subscriber | None:
        """Who an alert writes to: its member, under the number of the alert; None once it is stopped."""
        asked = (
            select(MemberRow.address, SavedSearchRow.token, SavedSearchRow.alert_since)
            .join(MemberRow, MemberRow.id == SavedSearchRow.member_id)
            .where(_ALERT, SavedSearchRow.id == number, MemberRow.address.is_not(None))
        )
        with self._database.read() as connection:
            row = connection.execute(asked).first()
        return Subscriber(number, row.address, "alert", row.token, row.alert_since) if row else None

    def looked(self, number: int, at: datetime) -> None:
        """Note that an alert was asked for its news."""
        with self._database.write() as connection:
            connection.execute(update(SavedSearchRow).where(SavedSearchRow.id == number, _ALERT).values(looked_at=at))

    def editions(self, *, unfinished: bool = False) -> list[Edition]:
        """What alerts have told, the oldest first; `unfinished`: those of which a mail may still be to send."""
        told = EditionRow.series.startswith(ALERTS, autoescape=True)
        chosen = select(EditionRow.__table__).where(told).order_by(EditionRow.id)
        if unfinished:
            chosen = chosen.where(EditionRow.state.in_(("frozen", "sending")))
        with self._database.read() as connection:
            return [edition_of(row) for row in connection.execute(chosen)]

    def clear(self, before: datetime) -> None:
        """Erase what alerts told before a time, and what was frozen for one that was deleted at that very moment.

        A story is not forgotten too soon: one first seen so long ago is no news any more.
        """
        told = EditionRow.series.startswith(ALERTS, autoescape=True)
        with self._database.write() as connection:
            kept = {f"{ALERTS}{number}" for number in connection.execute(select(SavedSearchRow.id)).scalars()}
            for series in set(connection.execute(select(EditionRow.series).where(told)).scalars()) - kept:
                _erase_told(connection, EditionRow.series == series)
            _erase_told(connection, told & (EditionRow.composed_at < before))

    def _list(self, condition: ColumnElement[bool], order: Any) -> list[SavedSearch]:
        with self._database.read() as connection:
            rows = connection.execute(select(SavedSearchRow.__table__).where(condition).order_by(order))
            return [_saved(row) for row in rows]


def alert_told(connection: Connection, edition_id: int, number: int) -> SavedSearch | None:
    """The alert of this number, when the edition was its own; None for what proves nothing."""
    told = exists().where(OutboxRecord.edition_id == edition_id, OutboxRecord.alert_id == number)
    return _one(connection, told & (SavedSearchRow.id == number))


def end_alerts(connection: Connection, search: SavedSearch, at: datetime, *, all_of_them: bool) -> None:
    """Stop an alert whose mail came back, or all those of its member when the address is dead."""
    theirs = SavedSearchRow.member_id == search.member_id if all_of_them else SavedSearchRow.id == search.id
    for row in connection.execute(select(SavedSearchRow.__table__).where(theirs)).all():
        _end(connection, _saved(row), at, "command")


def _end(connection: Connection, search: SavedSearch, at: datetime, who: str) -> None:
    if search.alert_since is None:
        return
    ended = {"frequency": "none", "alert_since": None, "looked_at": None}
    connection.execute(update(SavedSearchRow).where(SavedSearchRow.id == search.id).values(ended))
    before = {"search": search.id, "frequency": search.wish.frequency}
    record(connection, at, who, "search.change", before, before | {"frequency": "none"})


def erase_searches(connection: Connection, member_id: int) -> None:
    """Those of a member who leaves, with what their alerts told."""
    rows = connection.execute(select(SavedSearchRow.__table__).where(SavedSearchRow.member_id == member_id)).all()
    for row in rows:
        _erase(connection, _saved(row))


def _erase_told(connection: Connection, condition: ColumnElement[bool]) -> None:
    told = select(EditionRow.id).where(condition)
    connection.execute(update(ReturnedRow).where(ReturnedRow.edition_id.in_(told)).values(edition_id=None))
    for table in (OutboxRecord, EditionStoryRow):
        connection.execute(delete(table).where(table.edition_id.in_(told)))
    connection.execute(delete(EditionRow).where(condition))


def _erase(connection: Connection, search: SavedSearch) -> None:
    _erase_told(connection, EditionRow.series == search.series)
    connection.execute(delete(SavedSearchRow).where(SavedSearchRow.id == search.id))


def _note(connection: Connection, member_id: int, what: str, at: datetime, before: Any, after: Any) -> None:
    record(connection, at, f"member:{member_id}", what, before, after)


def _checked(wish: Wish) -> Wish:
    if len(wish.query) > MAX_LENGTH:
        raise VeilleError(f"La recherche est trop longue : {MAX_LENGTH} caractères au plus.")
    return replace(wish, name=_checked_name(wish.name), frequency=_checked_frequency(wish.frequency))


def _checked_name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= MAX_NAME or any(not char.isprintable() for char in name):
        raise VeilleError(f"Le nom d'une recherche est une ligne de 1 à {MAX_NAME} caractères.")
    return name


def _checked_frequency(text: str) -> Frequency:
    found = next((each for each in FREQUENCIES if each == text), None)
    if found is None:
        raise VeilleError("Une alerte part chaque jour ou chaque semaine.")
    return found


def _mine(member_id: int, number: int) -> ColumnElement[bool]:
    return (SavedSearchRow.member_id == member_id) & (SavedSearchRow.id == number)


def _one(connection: Connection, condition: ColumnElement[bool]) -> SavedSearch | None:
    row = connection.execute(select(SavedSearchRow.__table__).where(condition)).first()
    return _saved(row) if row else None


def _saved(row: Row[Any]) -> SavedSearch:
    wish = Wish(row.name, row.query, cast("Frequency", row.frequency), row.everything, row.synonyms)
    return SavedSearch(row.id, row.member_id, wish, row.made_at, row.alert_since, row.looked_at, row.token)
