"""Writes the full-text index over stems: SQLite's FTS5, contentless, one line per article under the article's id.

On PostgreSQL, the same doors lead to `db/postgres_index.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from core.french import stems
from db import postgres_index
from db.dialect import on_postgres
from db.values import as_list

_INSERT = text("INSERT INTO article_fts (rowid, title, text) VALUES (:id, :title, :text)")
_DELETE = text("INSERT INTO article_fts (article_fts, rowid, title, text) VALUES ('delete', :id, :title, :text)")
_TERMS = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.article_term USING fts5vocab(main, article_fts, instance)"
_HELD = text(
    "SELECT doc, col, term FROM temp.article_term WHERE doc IN (SELECT value FROM json_each(:ids))"
    " ORDER BY doc, col, offset"
)
_CLEAR = text("INSERT INTO article_fts (article_fts) VALUES ('delete-all')")
_CHECK = text("INSERT INTO article_fts (article_fts) VALUES ('integrity-check')")


def analysed(value: str) -> str:
    """What is indexed of a text: its stems, between spaces."""
    return " ".join(stems(value))


def add(connection: Connection, article_id: int, title: str, body: str) -> None:
    add_stems(connection, article_id, Held(analysed(title), analysed(body)))


def remove(connection: Connection, article_id: int, title: str, body: str) -> None:
    """Take an article out; title and text must be those that were indexed, for FTS5 subtracts their very stems."""
    stems_of = Held() if on_postgres(connection) else Held(analysed(title), analysed(body))
    remove_stems(connection, article_id, stems_of)


class Held(NamedTuple):
    """What the index holds of an article: its stems, in order, between spaces."""

    title: str = ""
    text: str = ""


def held(connection: Connection, ids: Iterable[int]) -> dict[int, Held]:
    """What the index holds of some articles; for those whose text is purged, for it reads the whole index (SQLite
    FTS5, 8, "The fts5vocab Virtual Table Module")."""
    if on_postgres(connection):
        return {each: Held(*stems_of) for each, *stems_of in postgres_index.held(connection, ids)}
    connection.exec_driver_sql(_TERMS)
    words: dict[int, dict[str, list[str]]] = {}
    for article_id, column_name, term in connection.execute(_HELD, {"ids": as_list(ids)}):
        words.setdefault(article_id, {}).setdefault(column_name, []).append(term)
    return {each: Held(" ".join(of.get("title", ())), " ".join(of.get("text", ()))) for each, of in words.items()}


def add_stems(connection: Connection, article_id: int, stems_of: Held) -> None:
    if on_postgres(connection):
        postgres_index.put(connection, article_id, stems_of.title, stems_of.text)
    else:
        connection.execute(_INSERT, {"id": article_id, **stems_of._asdict()})


def remove_stems(connection: Connection, article_id: int, stems_of: Held) -> None:
    if on_postgres(connection):
        postgres_index.drop(connection, article_id)
    else:
        connection.execute(_DELETE, {"id": article_id, **stems_of._asdict()})


def clear(connection: Connection) -> None:
    if on_postgres(connection):
        postgres_index.clear(connection)
    else:
        connection.execute(_CLEAR)


def is_sound(connection: Connection) -> bool:
    """False when the index contradicts itself."""
    if on_postgres(connection):
        return postgres_index.is_sound(connection)
    try:
        connection.execute(_CHECK)
    except DatabaseError:
        return False
    return True


def size(connection: Connection) -> int:
    """Articles in the index."""
    table = "article_fts" if on_postgres(connection) else "article_fts_docsize"
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())
