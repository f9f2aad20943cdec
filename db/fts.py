"""The full-text index over stems: SQLite's FTS5, contentless, one line per article under the article's id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Select, bindparam, column, literal_column, select, table, text

from core.french import stems
from core.search import Word
from db.columns import storable

FTS = table("article_fts", column("rowid"), column("title"), column("text"))
TITLE_WEIGHT = 4.0
"""A word of the title counts as four of the text."""
MAX_WORDS = 60
"""Words of one query that are searched; FTS5 refuses expressions deeper than 256."""

_INSERT = text("INSERT INTO article_fts (rowid, title, text) VALUES (:id, :title, :text)")
_DELETE = text("INSERT INTO article_fts (article_fts, rowid, title, text) VALUES ('delete', :id, :title, :text)")
_TERMS = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.article_term USING fts5vocab(main, article_fts, instance)"
_HELD = text(
    "SELECT doc, col, term FROM temp.article_term WHERE doc IN (SELECT value FROM json_each(:ids))"
    " ORDER BY doc, col, offset"
)
_CLEAR = text("INSERT INTO article_fts (article_fts) VALUES ('delete-all')")
_CHECK = text("INSERT INTO article_fts (article_fts) VALUES ('integrity-check')")
_RANKED = text(
    f"SELECT rowid, bm25(article_fts, {TITLE_WEIGHT}, 1.0) FROM article_fts"
    # The plus sign keeps FTS5 from seeking every rowid: the list of matches is read once, and only these are scored.
    " WHERE article_fts MATCH :match AND +rowid IN (SELECT value FROM json_each(:ids))"
)


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
    for article_id, column_name, term in connection.execute(_HELD, {"ids": "[" + ",".join(map(str, ids)) + "]"}):
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


def phrase(word: Word) -> str:
    """A word as an FTS5 string: its stems, one after the other, whatever they hold (SQLite FTS5, 3.1)."""
    return '"' + storable(" ".join(word.stems)).replace('"', '""') + '"'


def match_expression(groups: Iterable[Sequence[Word]], excluded: Iterable[Word] = ()) -> str:
    """The FTS5 expression of AND-ed groups of OR-ed words, without the excluded ones; empty when no word is wanted."""
    wanted = [phrases for group in groups if (phrases := [phrase(word) for word in group if word.stems])]
    if not wanted:
        return ""
    wanted = wanted[:MAX_WORDS]
    expression = " AND ".join("(" + " OR ".join(phrases[:MAX_WORDS]) + ")" for phrases in wanted)
    banned = [phrase(word) for word in excluded if word.stems][:MAX_WORDS]
    return f"({expression}) NOT ({' OR '.join(banned)})" if banned else expression


def matching(expression: str) -> Select[int]:
    """Ids of the articles that an expression matches."""
    return select(FTS.c.rowid).where(
        literal_column("article_fts").op("MATCH")(bindparam("match", expression, unique=True))
    )


def ranks(connection: Connection, expression: str, ids: Sequence[int]) -> dict[int, float]:
    """bm25 of some of the articles that an expression matches; the greater the better."""
    given = "[" + ",".join(map(str, ids)) + "]"
    return {row[0]: -row[1] for row in connection.execute(_RANKED, {"match": expression, "ids": given})}
