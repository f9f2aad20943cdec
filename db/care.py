"""Looks after a database: what is wrong with it, and its full-text index made again."""

from __future__ import annotations

import hashlib
import zlib

from sqlalchemy import Connection, func, select

from core.french import stems
from db import dialect, fts
from db.dialect import on_postgres
from db.engine import Database
from db.models import ArticleRow, MetaRow, VersionRow
from db.versions import NO_TEXT, PRESENT

_ANALYSIS = "analysis"
_PROBE = (
    "L'événement de l'association : les œuvres d'intérêt général, créées par des usagers régionaux, et leurs travaux. "
    "Aujourd'hui, qu'est-ce qu'un contrat à impact social ? Social impact bonds, fonds à impact, 3,5 millions d'euros."
)


def problems(database: Database) -> list[str]:
    """What is wrong, one French sentence each; an empty list when all is well."""
    with database.read() as connection:
        found = [] if on_postgres(connection) else _file_problems(connection)
        articles = connection.execute(select(func.count()).select_from(ArticleRow)).scalar_one()
        indexed = fts.size(connection)
        if articles != indexed:
            found.append(f"L'index de recherche compte {indexed} articles au lieu de {articles} : il est à refaire.")
        if _stored_analysis(connection) not in (None, analysis()):
            found.append("L'analyse du français a changé depuis l'index de recherche : il est à refaire.")
    return found + _index_problems(database)


def _file_problems(connection: Connection) -> list[str]:
    """What SQLite says of its file; a PostgreSQL server watches over its own."""
    answers = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
    found = [f"La base est abîmée : {answer}." for answer in answers if answer != "ok"]
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan:
        found.append(f"La base se contredit : une ligne de la table {orphan[0]} renvoie à une ligne absente.")
    return found


def _index_problems(database: Database) -> list[str]:
    with database.write() as connection:
        return [] if fts.is_sound(connection) else ["L'index de recherche est abîmé : il est à refaire."]


def reindex(database: Database) -> int:
    """Make the full-text index again from the stored texts, in one transaction; returns how many articles it holds.

    Needed when the French analysis changes: FTS5 takes an article out by subtracting the very stems it was given. A
    purged text keeps those of the analysis of its time.
    """
    with database.write() as connection:
        kept = _purged_stems(connection)
        fts.clear(connection)
        count = 0
        for article_id, title, text in connection.execute(_CURRENT).yield_per(500):
            if article_id in kept:
                words = zlib.decompress(kept[article_id]).decode()
                fts.add_stems(connection, article_id, fts.Held(fts.analysed(title), words))
            else:
                fts.add(connection, article_id, title, text)
            count += 1
        note_analysis(connection)
    return count


def _purged_stems(connection: Connection) -> dict[int, bytes]:
    """What the index holds of the texts that are purged, packed: it is the only place where they still are."""
    ids = list(connection.execute(select(ArticleRow.id).join(VersionRow, PRESENT).where(*_PURGED)).scalars())
    packed: dict[int, bytes] = {}
    for start in range(0, len(ids), 5_000):
        for article_id, words in fts.held(connection, ids[start : start + 5_000]).items():
            packed[article_id] = zlib.compress(words.text.encode())
    return packed


def analysis() -> str:
    """The print of the French analysis: it changes when the stems of an ordinary sentence do."""
    return hashlib.sha256(" ".join(stems(_PROBE)).encode()).hexdigest()


def note_analysis(connection: Connection) -> None:
    """Write down by which analysis the index is made."""
    connection.execute(dialect.upsert(MetaRow, "name", ("value",)), {"name": _ANALYSIS, "value": analysis()})


def _stored_analysis(connection: Connection) -> str | None:
    return connection.execute(select(MetaRow.value).where(MetaRow.name == _ANALYSIS)).scalar()


_PURGED = (VersionRow.text == "", VersionRow.text_hash != NO_TEXT)
_CURRENT = select(ArticleRow.id, ArticleRow.title, VersionRow.text).join(VersionRow, PRESENT).order_by(ArticleRow.id)
