"""What a replay keeps of what the archive knew, and what it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.articles import Article, StoredArticle, Tag, Verdict
from core.facts import Fact
from pipeline.replay import Change, ReplayReport, corrected, difference, is_right

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CIS = Tag("impact-social", "cis", True, 1.0)


def stored(**values: object) -> StoredArticle:
    known = {
        "id": 7, "story_id": 3, "source": "anah", "url": "https://anah.fr/1", "title": "Titre", "text": "Un texte.",
        "author": "Ana", "language": "fr", "published": NOW, "date_has_time": True, "date_origin": "meta",
        "first_seen": NOW, "backfilled": False, "deleted_at": None, "truncated": False, "media_type": "html",
        "version": 1, "page_offsets": (), "tags": (CIS,), "matches": (),
    }  # fmt: skip
    return StoredArticle(**{**known, **values})


def found(**values: object) -> Article:
    known = {
        "page_id": 1, "source": "anah", "url": "https://anah.fr/1", "key": "anah.fr/1", "title": "Titre",
        "text": "Un texte.", "fetched_at": NOW, "author": "Ana", "published": NOW, "date_origin": "meta",
        "date_has_time": True, "language": "fr",
    }  # fmt: skip
    return Article(**{**known, **values})


def test_other_facts_are_not_right() -> None:
    place = Fact("place", "rouen", "Rouen", "", "Rouen", "text", 0, 5, "Rouen.", 0)
    assert not is_right(stored(), corrected(stored(), found()), Verdict((CIS,), (), (place,)))


def test_the_same_reading_is_right_and_asks_for_no_writing() -> None:
    assert is_right(stored(), corrected(stored(), found()), Verdict((CIS,)))


@pytest.mark.parametrize(
    "reading", [{"text": "Un autre."}, {"title": "Autre"}, {"published": NOW - timedelta(days=1)}, {"truncated": True}]
)
def test_another_reading_is_a_correction(reading: dict[str, object]) -> None:
    assert not is_right(stored(), corrected(stored(), found(**reading)), Verdict((CIS,)))


def test_what_is_not_found_any_more_stays_as_it_was() -> None:
    article = corrected(stored(), found(title="", author="", language="", published=None, date_origin=""))
    assert is_right(stored(), article, Verdict((CIS,)))


def test_the_page_of_a_later_version_does_not_change_the_date_of_publication() -> None:
    article = corrected(stored(version=2), found(published=NOW + timedelta(days=3)))
    assert article.published == NOW


def test_a_change_tells_lengths_and_tags() -> None:
    change = difference(
        stored(), found(text="Long" * 10, title="T"), Verdict((Tag("impact-social", "iis", True, 1.0),))
    )
    assert (change.before, change.after, change.gained, change.lost) == (9, 40, ("iis",), ("cis",))
    assert (change.text, change.renamed, change.dated) == (True, True, False)


def test_the_ten_biggest_changes_are_shown_those_of_tags_first() -> None:
    report = ReplayReport()
    for size in range(1, 30):
        report.count(Change(size, "anah", "u", "t", 0, size, text=True))
    report.count(Change(99, "anah", "u", "t", 5, 5, gained=("cis",)))
    assert [each.article_id for each in report.biggest] == [99, *range(29, 20, -1)]
    assert (report.corrected, report.texts, report.tags) == (30, 29, 1)


def test_a_reason_names_its_first_articles_and_counts_them_all() -> None:
    report = ReplayReport()
    for number in range(50):
        report.miss("anah", "absente", f"https://anah.fr/{number}")
    assert [(each.count, len(each.urls)) for each in report.unread] == [(50, 20)]
