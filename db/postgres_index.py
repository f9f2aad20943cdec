"""Writes the index of stems on PostgreSQL: the stems of each article, in order, and the tsvector made of them.

FTS5 counts articles and words for itself; here one line counts them, which each writer updates in turn.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text

from db.postgres_match import tokens
from db.values import as_list

MOST_BYTES = 1_000_000
"""Of the different stems of one article: a tsvector holds one megabyte (PostgreSQL, 12.11)."""

_PUT = text("INSERT INTO article_fts (rowid, title, text) VALUES (:id, :title, :text) RETURNING length")
_DROP = text("DELETE FROM article_fts WHERE rowid = :id RETURNING length")
_COUNT = text("UPDATE article_fts_total SET articles = articles + :articles, words = words + :words")
_CLEAR = text("TRUNCATE article_fts")
_CLEAR_TOTAL = text("UPDATE article_fts_total SET articles = 0, words = 0")
_HELD = text(
    "SELECT rowid, title, text FROM article_fts"
    " WHERE rowid IN (SELECT CAST(value AS integer) FROM jsonb_array_elements_text(CAST(:ids AS jsonb)))"
)
_DIFFERENCE = text(
    "SELECT count(article_fts.rowid) = min(total.articles) AND coalesce(sum(length), 0) = min(total.words)"
    " FROM article_fts_total AS total LEFT JOIN article_fts ON TRUE"
)


def put(connection: Connection, article_id: int, title: str, body: str) -> None:
    """Index an article that is not, by its stems between spaces."""
    values = {"id": article_id, "title": _stored(title), "text": _stored(body)}
    words = connection.execute(_PUT, values).scalar_one()
    connection.execute(_COUNT, {"articles": 1, "words": words})


def drop(connection: Connection, article_id: int) -> None:
    words = connection.execute(_DROP, {"id": article_id}).scalar()
    if words is not None:
        connection.execute(_COUNT, {"articles": -1, "words": -words})


def held(connection: Connection, ids: Iterable[int]) -> Iterable[Any]:
    """What the index holds of some articles: id, stems of the title, stems of the text."""
    rows = connection.execute(_HELD, {"ids": as_list(ids)})
    return [(identity, title.strip(), body.strip()) for identity, title, body in rows]


def clear(connection: Connection) -> None:
    connection.execute(_CLEAR)
    connection.execute(_CLEAR_TOTAL)


def is_sound(connection: Connection) -> bool:
    """False when the line that counts is not of these articles."""
    return bool(connection.execute(_DIFFERENCE).scalar_one())


def _stored(stems: str) -> str:
    """Stems as they are sought: each between two spaces."""
    return f" {' '.join(_bounded(stems))} " if stems else ""


def _bounded(stems: str) -> list[str]:
    words = tokens(stems)
    if len(stems) < MOST_BYTES // 4:
        return words
    kept: set[str] = set()
    room = MOST_BYTES
    for at, word in enumerate(words):
        if word not in kept:
            room -= len(word.encode())
            if room < 0:
                return words[:at]
            kept.add(word)
    return words
