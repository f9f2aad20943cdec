"""Writes the tags and match cards of articles; `db/reading.py` reads them back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert

from core.articles import Match, Tag, Verdict
from db.models import CardRow, TagRow

_CARD_FIELDS = tuple(Match.__dataclass_fields__)
_LISTS = ("confirmed_by", "refuted_by")


def labelled(verdict: Verdict) -> dict[str, Any]:
    """The columns of an article that repeat its tags, so that lists and counts need no join."""
    labels = sorted({tag.label for tag in verdict.tags})
    return {"labels": f" {' '.join(labels)} " if labels else "", "central": any(tag.central for tag in verdict.tags)}


def drop_verdict(connection: Connection, article_id: int) -> None:
    connection.execute(delete(TagRow).where(TagRow.article_id == article_id))
    connection.execute(delete(CardRow).where(CardRow.article_id == article_id))


def put_verdict(connection: Connection, article_id: int, verdict: Verdict) -> None:
    """Write the tags and cards of an article that has none."""
    tags = {(tag.topic, tag.label): tag for tag in verdict.tags}.values()
    if tags:
        connection.execute(insert(TagRow), [_tag_values(article_id, tag) for tag in tags])
    if verdict.matches:
        cards = [_card_values(article_id, position, card) for position, card in enumerate(verdict.matches)]
        connection.execute(insert(CardRow), cards)


def _tag_values(article_id: int, tag: Tag) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "topic": tag.topic,
        "label": tag.label,
        "central": tag.central,
        "score": tag.score,
    }


def _card_values(article_id: int, position: int, card: Match) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(card, name) for name in _CARD_FIELDS}
    values |= {name: list(values[name]) for name in _LISTS}
    return {"article_id": article_id, "position": position, **values}
