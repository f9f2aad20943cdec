"""What readers report: one line an article, until somebody of the group speaks of its story."""

from __future__ import annotations

from datetime import timedelta

from store_shelf import NOW, Shelf

from core.corrections import Correction


def test_reports_are_counted_and_wait_until_their_story_is_judged(shelf: Shelf) -> None:
    first = shelf.keep("https://exemple.fr/a", "texte a", "a")
    other = shelf.keep("https://exemple.fr/b", "texte b", "b")
    copy = shelf.keep("https://exemple.fr/c", "texte c", "c", story=first.story_id)
    reports = shelf.store.reports
    for minutes, number in enumerate((first.article_id, other.article_id, first.article_id, 999)):
        reports.report(number, NOW + timedelta(minutes=minutes))
    assert [(each.article_id, each.times) for each in reports.waiting(9)] == [
        (first.article_id, 2),
        (other.article_id, 1),
    ]
    judged = shelf.store.corrections.judged(copy.article_id)
    assert judged is not None
    topic = judged.article.tags[0].topic
    shelf.store.corrections.record(
        [Correction(copy.article_id, judged.text_hash, topic, "doute", "Ana", NOW)], "member:1"
    )
    assert [each.article_id for each in reports.waiting(9)] == [other.article_id], "a copy's opinion counts"
