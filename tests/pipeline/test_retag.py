"""What an article gains and loses under other rules, with the form that decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.articles import Match, StoredArticle, Tag
from pipeline.retag import TagChange, Turn, difference

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = NOW - timedelta(days=8)
CIS = Tag("impact-social", "cis", True, 1.0)
IIS = Tag("impact-social", "iis", False, 0.4)


def card(form: str, label: str, accepted: bool = True, refuted_by: tuple[str, ...] = ()) -> Match:
    return Match(
        topic="impact-social", rule="r", rule_version="1", concept="c", label=label, field="text", form=form, start=0,
        end=len(form), sentence=form, sentence_start=0, score=1.0, threshold=0.5, accepted=accepted,
        refuted_by=refuted_by,
    )  # fmt: skip


def stored(**values: Any) -> StoredArticle:
    known = {
        "id": 7, "story_id": 3, "source": "anah", "url": "https://anah.fr/1", "title": "Titre", "text": "Un texte.",
        "author": "", "language": "fr", "published": NOW, "date_has_time": True, "date_origin": "meta",
        "first_seen": NOW, "backfilled": False, "deleted_at": None, "truncated": False, "media_type": "html",
        "version": 1, "page_offsets": (), "tags": (CIS,), "matches": (card("CIS", "cis"),),
    }  # fmt: skip
    return StoredArticle(**{**known, **values})


def changed(article: StoredArticle, tags: tuple[Tag, ...], *cards: Match) -> TagChange:
    found = difference(article, tags, cards, WEEK)
    assert found
    return found


def test_a_label_that_goes_says_what_refutes_its_form() -> None:
    found = changed(stored(), (IIS,), card("fonds à impact", "iis"), card("CIS", "cis", False, ("pompiers",)))
    assert found.lost == (Turn("cis", "CIS", ("pompiers",)),)
    assert found.gained == (Turn("iis", "fonds à impact"),)


def test_a_label_may_only_change_its_weight() -> None:
    passing = Tag("impact-social", "cis", False, 0.3)
    assert changed(stored(), (passing,)).passing == (Turn("cis"),)
    assert changed(stored(tags=(passing,)), (CIS,), card("CIS", "cis")).central == (Turn("cis", "CIS"),)


def test_another_score_alone_is_no_change_for_readers() -> None:
    assert difference(stored(), (Tag("impact-social", "cis", True, 0.6),), (), WEEK) is None


@pytest.mark.parametrize(
    ("values", "news"),
    [
        ({}, True),
        ({"tags": (IIS,)}, False),
        ({"backfilled": True}, False),
        ({"first_seen": WEEK - timedelta(hours=1)}, False),
        ({"published": WEEK - timedelta(hours=1)}, False),
        ({"published": None}, True),
    ],
)
def test_only_a_first_label_of_this_week_is_news(values: dict[str, Any], news: bool) -> None:
    assert changed(stored(**{"tags": (), **values}), (CIS, IIS)).news is news
