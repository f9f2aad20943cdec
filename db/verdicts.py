"""Writes the tags, match cards and facts of articles; `db/reading.py` reads them back.

Whatever replaces tags passes through here: those that end are kept in history, and people's word is applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from core.articles import Match, Tag, Verdict
from core.corrections import Correction, Occasion, decided
from db.fact_rows import drop_facts, put_facts
from db.judged import CorrectionRow, PastTagRow
from db.models import ArticleRow, CardRow, TagRow

_CARD_FIELDS = tuple(Match.__dataclass_fields__)
_LISTS = ("confirmed_by", "refuted_by")
_COLUMNS = (
    ArticleRow.id,
    ArticleRow.story_id,
    ArticleRow.labels,
    ArticleRow.machine_tags,
    ArticleRow.day,
    ArticleRow.first_seen,
)
_KNOWN = select(*_COLUMNS).where(ArticleRow.id == bindparam("identity"))
_MEMBERS = select(*_COLUMNS).where(ArticleRow.story_id == bindparam("story")).order_by(ArticleRow.id)
_OPINIONS = (
    select(CorrectionRow.__table__)
    .join(ArticleRow, ArticleRow.id == CorrectionRow.article_id)
    .where(ArticleRow.story_id == bindparam("story"))
    .order_by(CorrectionRow.id)
)
_TAGS = (
    select(TagRow.topic, TagRow.label, TagRow.central, TagRow.score)
    .where(TagRow.article_id == bindparam("identity"))
    .order_by(TagRow.topic, TagRow.label)
)
_GIVERS = (
    select(CardRow.topic, CardRow.label, CardRow.rule, CardRow.rule_version)
    .where(CardRow.article_id == bindparam("identity"), CardRow.accepted, CardRow.label != "")
    .order_by(CardRow.position)
)


def labelled(tags: Sequence[Tag]) -> dict[str, Any]:
    """The columns of an article that repeat its tags, so that lists and counts need no join."""
    labels = sorted({tag.label for tag in tags})
    return {"labels": f" {' '.join(labels)} " if labels else "", "central": any(tag.central for tag in tags)}


def put_verdict(connection: Connection, article_id: int, verdict: Verdict) -> None:
    """Write the tags, cards and facts of an article that has none."""
    _put_tags(connection, article_id, verdict.tags)
    _put_proofs(connection, article_id, verdict)


def replace_verdict(connection: Connection, article_id: int, verdict: Verdict, occasion: Occasion) -> bool:
    """Give an article what the rules say of it now, under what people say; False when there is no such article."""
    known = connection.execute(_KNOWN, {"identity": article_id}).first()
    if known is None:
        return False
    _replace_tags(connection, known, verdict.tags, opinions_of(connection, known.story_id), occasion)
    drop_proofs(connection, article_id)
    _put_proofs(connection, article_id, verdict)
    return True


def drop_proofs(connection: Connection, article_id: int) -> None:
    """Take away the cards and facts of an article; its tags stay."""
    connection.execute(delete(CardRow).where(CardRow.article_id == article_id))
    drop_facts(connection, article_id)


def settle_story(connection: Connection, story_id: int, occasion: Occasion) -> None:
    """Carry what people say of a story to every article of it; nothing to do while nobody has said anything."""
    opinions = opinions_of(connection, story_id)
    if opinions:
        for known in connection.execute(_MEMBERS, {"story": story_id}).all():
            machine = machine_tags(known.machine_tags, _tags(connection, known.id))
            _replace_tags(connection, known, machine, opinions, occasion)


def opinions_of(connection: Connection, story_id: int) -> list[Correction]:
    """Every opinion on the articles of a story, in the order of arrival."""
    rows = connection.execute(_OPINIONS, {"story": story_id}).mappings()
    return [Correction(**{**row, "labels": tuple(row["labels"])}) for row in rows]


def machine_tags(stored: Sequence[Any] | None, borne: Sequence[Tag]) -> tuple[Tag, ...]:
    """What the rules say of an article, from its column `machine_tags` and from the tags that it bears."""
    return tuple(borne) if stored is None else tuple(Tag(*each) for each in stored)


def _tags(connection: Connection, article_id: int) -> tuple[Tag, ...]:
    return tuple(Tag(*row) for row in connection.execute(_TAGS, {"identity": article_id}))


def _replace_tags(
    connection: Connection, known: Row[Any], machine: Sequence[Tag], opinions: Sequence[Correction], occasion: Occasion
) -> None:
    old, new = _tags(connection, known.id), decided(machine, opinions, known.id)
    if set(old) != set(new):
        _remember(connection, known.id, old, new, occasion)
        connection.execute(delete(TagRow).where(TagRow.article_id == known.id))
        _put_tags(connection, known.id, new)
    values = labelled(new)
    values["machine_tags"] = [[tag.topic, tag.label, tag.central, tag.score] for tag in machine] if opinions else None
    since = occasion.news_since
    if since and new and not known.labels and min(known.day, known.first_seen) < since:
        values["backfilled"] = True
    connection.execute(update(ArticleRow).where(ArticleRow.id == known.id).values(**values))


def _remember(
    connection: Connection, article_id: int, old: Sequence[Tag], new: Sequence[Tag], occasion: Occasion
) -> None:
    """Keep the tags that end; a score that changes alone ends nothing, for readers are not shown it."""
    still = {(tag.topic, tag.label, tag.central) for tag in new}
    ended = [tag for tag in old if (tag.topic, tag.label, tag.central) not in still]
    if not ended:
        return
    givers: dict[tuple[str, str], dict[str, None]] = {}
    for row in connection.execute(_GIVERS, {"identity": article_id}):
        givers.setdefault((row.topic, row.label), {})[f"{row.rule}@{row.rule_version}"] = None
    connection.execute(
        insert(PastTagRow),
        [
            {
                **_tag_values(article_id, tag),
                "rule_versions": list(givers.get((tag.topic, tag.label), ())),
                "ended_at": occasion.at,
                "cause": occasion.cause,
            }
            for tag in ended
        ],
    )


def _put_tags(connection: Connection, article_id: int, tags: Sequence[Tag]) -> None:
    once = {(tag.topic, tag.label): tag for tag in tags}.values()
    if once:
        connection.execute(insert(TagRow), [_tag_values(article_id, tag) for tag in once])


def _put_proofs(connection: Connection, article_id: int, verdict: Verdict) -> None:
    if verdict.matches:
        cards = [_card_values(article_id, position, card) for position, card in enumerate(verdict.matches)]
        connection.execute(insert(CardRow), cards)
    put_facts(connection, article_id, verdict.facts)


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
