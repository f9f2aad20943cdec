"""The texts that articles have had: the present one, and what tells a purged text from one that never was."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from db.models import ArticleRow, VersionRow
from db.values import storable

PRESENT = (VersionRow.article_id == ArticleRow.id) & (VersionRow.number == ArticleRow.version)
"""Joins an article with its present version."""

_ARTICLES = select(ArticleRow.__table__, VersionRow.text, VersionRow.text_hash).join(VersionRow, PRESENT)
# Made once: building a statement takes longer than running it.
_BY_ID = _ARTICLES.where(ArticleRow.id == bindparam("identity"))
_BY_KEY = _ARTICLES.where(ArticleRow.key == bindparam("identity"))


def by_id(connection: Connection, article_id: int) -> Row[Any] | None:
    """A line of the table of articles, with `text` and `text_hash` of its present version."""
    return connection.execute(_BY_ID, {"identity": article_id}).first()


def by_key(connection: Connection, key: str) -> Row[Any] | None:
    """The same, by the identity of its URL (`core.urls.article_key`)."""
    return connection.execute(_BY_KEY, {"identity": key}).first()


def text_hash(text: str) -> str:
    """SHA-256 of a text with its spaces folded: the same words make the same text."""
    return hashlib.sha256(" ".join(storable(text).split()).encode()).hexdigest()


NO_TEXT = text_hash("")


def is_purged(known: Row[Any]) -> bool:
    """True for a version whose text is gone, as its hash, which stays, tells; `known` has its text and text_hash."""
    return not known.text and known.text_hash != NO_TEXT
