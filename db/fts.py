"""Writes the full-text index over stems: SQLite's FTS5, contentless, one line per article under the article's id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, text

from core.french import stems
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
    connection.execute(_INSERT, {"id": article_id, "title": analysed(title), "text": analysed(body)})


def remove(connection: Connection, article_id: int, title: str, body: str) -> None:
    """Take an article out; title and text must be those that were indexed, for FTS5 subtracts their very stems."""
    connection.execute(_DELETE, {"id": article_id, "title": analysed(title), "text": analysed(body)})


class Held(NamedTuple):
    """What the index holds of an article: its stems, in order, between spaces."""

    title: str = ""
    text: str = ""


def held(connection: Connection, ids: Iterable[int]) -> dict[int, Held]:
    """What the index holds of some articles; for those whose text is purged, for it reads the whole index (SQLite
    FTS5, 8, "The fts5vocab Virtual Table Module")."""
    connection.exec_driver_sql(_TERMS)
    words: dict[int, dict[str, list[str]]] = {}
    for article_id, column_name, term in connection.execute(_HELD, {"ids": as_list(ids)}):
        words.setdefault(article_id, {}).setdefault(column_name, []).append(term)
    return {each: Held(" ".join(of.get("title", ())), " ".join(of.get("text", ()))) for each, of in words.items()}


def add_stems(connection: Connection, article_id: int, stems_of: Held) -> None:
    connection.execute(_INSERT, {"id": article_id, **stems_of._asdict()})


def remove_stems(connection: Connection, article_id: int, stems_of: Held) -> None:
    connection.execute(_DELETE, {"id": article_id, **stems_of._asdict()})


def clear(connection: Connection) -> None:
    connection.execute(_CLEAR)


def check(connection: Connection) -> None:
    """Raises a DatabaseError when the index contradicts itself."""
    connection.execute(_CHECK)


def size(connection: Connection) -> int:
    """Articles in the index."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM article_fts_docsize").scalar_one())
