"""Opinions of people on articles, each kept for ever, and the tags that articles have had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from core.articles import ArticleVersion
from core.corrections import Correction, Judged, Occasion, PastTag, states
from db import audit
from db.engine import Database, reader
from db.judged import CorrectionRow, PastTagRow
from db.models import ArticleRow, VersionRow
from db.reading import load
from db.verdicts import machine_tags, opinions_of, settle_story
from db.versions import PRESENT, is_purged

_FACTS = (
    select(ArticleRow.id, ArticleRow.story_id, ArticleRow.machine_tags, VersionRow.text, VersionRow.text_hash)
    .join(VersionRow, PRESENT)
    .order_by(ArticleRow.id)
)


class Corrections:
    """The CorrectionStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, opinions: Sequence[Correction], who: str = "command") -> None:
        with self._database.write() as connection:
            for each in opinions:
                before = _standing(connection, each)
                connection.execute(insert(CorrectionRow), _values(each))
                own = select(ArticleRow.story_id).where(ArticleRow.id == each.article_id)
                settle_story(connection, connection.execute(own).scalar_one(), Occasion("correction", each.at))
                after = _standing(connection, each) | {"opinion": each.opinion}
                audit.record(connection, each.at, who, "correction.add", before, after)

    def judged(self, article_id: int) -> Judged | None:
        with self._database.read() as connection:
            return next(iter(judgements(connection, [article_id])), None)

    def article_ids(self) -> list[int]:
        last = func.max(CorrectionRow.id)
        ids = select(CorrectionRow.article_id).group_by(CorrectionRow.article_id).order_by(last.desc())
        with self._database.read() as connection:
            return list(connection.execute(ids).scalars())

    def by_story(self) -> dict[int, list[Correction]]:
        rows = (
            select(CorrectionRow.__table__, ArticleRow.story_id)
            .join(ArticleRow, ArticleRow.id == CorrectionRow.article_id)
            .order_by(CorrectionRow.id)
        )
        stories: dict[int, list[Correction]] = {}
        with self._database.read() as connection:
            for row in connection.execute(rows).mappings():
                values = {**row, "labels": tuple(row["labels"])}
                story = values.pop("story_id")
                said = stories.pop(story, [])
                said.append(Correction(**values))
                # Put back at the end: the story judged last is the last one.
                stories[story] = said
        return dict(reversed(stories.items()))

    def version_judged(self, opinion: Correction) -> ArticleVersion | None:
        wanted = (
            select(VersionRow.number, VersionRow.title, VersionRow.text, VersionRow.seen_at)
            .where(VersionRow.article_id == opinion.article_id, VersionRow.text_hash == opinion.text_hash)
            .order_by(VersionRow.number.desc())
        )
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        return ArticleVersion(*row) if row else None

    def past_tags(self, article_id: int) -> list[PastTag]:
        rows = select(
            PastTagRow.topic,
            PastTagRow.label,
            PastTagRow.central,
            PastTagRow.score,
            PastTagRow.rule_versions,
            PastTagRow.ended_at,
            PastTagRow.cause,
        ).where(PastTagRow.article_id == article_id)
        with self._database.read() as connection:
            found = connection.execute(rows.order_by(PastTagRow.id.desc())).mappings()
            return [PastTag(**{**row, "rule_versions": tuple(row["rule_versions"])}) for row in found]


def judgements(connection: Connection, ids: Sequence[int]) -> list[Judged]:
    """Articles with what the rules and people say of them, in the order of their ids."""
    stored = {article.id: article for article in load(reader(connection), ids)}
    facts = connection.execute(_FACTS.where(ArticleRow.id.in_(stored))).all()
    return [
        Judged(
            article=stored[row.id],
            machine=machine_tags(row.machine_tags, stored[row.id].tags),
            # Every article of a story that somebody judged has these tags, and no other has.
            opinions=tuple(opinions_of(connection, row.story_id)) if row.machine_tags is not None else (),
            text_hash=row.text_hash,
            purged=is_purged(row),
        )
        for row in facts
    ]


def _standing(connection: Connection, opinion: Correction) -> dict[str, Any]:
    """What is known of an article for the topic of an opinion; for the audit, which holds no name."""
    (judged,) = judgements(connection, [opinion.article_id])
    state = states(judged.opinions).get(opinion.topic, "")
    tags = [tag.label for tag in judged.article.tags if tag.topic == opinion.topic]
    return {"article": opinion.article_id, "topic": opinion.topic, "state": state, "tags": tags}


def _values(opinion: Correction) -> dict[str, Any]:
    return {
        "article_id": opinion.article_id,
        "text_hash": opinion.text_hash,
        "topic": opinion.topic,
        "opinion": opinion.opinion,
        "labels": list(opinion.labels),
        "central": opinion.central,
        "reason": opinion.reason,
        "by": opinion.by,
        "at": opinion.at,
    }
