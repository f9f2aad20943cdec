"""The ledger: a story is told once in a series, a mail is never doubled, nobody is lost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from store_shelf import NOW, Shelf

from core.editions import Body, Copy, Edition, OutboxState, Period, Receipt, SourceNotice
from core.errors import StoreError
from db.store import open_store

DAY = timedelta(days=1)


def put(shelf: Shelf, name: str, **values: Any) -> int:
    """Keep an article; returns its story."""
    return shelf.keep(f"https://exemple.fr/{name}", f"texte {name}", name, **values).story_id


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, True),
        ({"tags": ()}, False),
        ({"backfilled": True}, False),
        ({"at": NOW - 40 * DAY}, False),
        ({"at": NOW + 2 * DAY}, False),
        ({"published": NOW - 2 * DAY}, True),
        ({"published": NOW - 400 * DAY}, False),
        ({"published": NOW + 400 * DAY}, True),
    ],
)
def test_only_young_matched_news_is_eligible(values: dict[str, Any], expected: bool, shelf: Shelf) -> None:
    story = put(shelf, "a", **values)
    assert shelf.eligible() == ([story] if expected else [])


def test_a_deleted_article_is_not_eligible_but_its_copy_is(shelf: Shelf) -> None:
    shelf.page("https://exemple.fr/a")
    story = put(shelf, "a")
    for number in range(2):
        shelf.store.raw.gone("https://exemple.fr/a", 410, NOW + number * DAY)
    assert shelf.eligible() == []
    put(shelf, "b", story=story)
    ((article, copies),) = shelf.store.editions.eligible("weekly", NOW - DAY, NOW + DAY)
    assert (article.title, copies) == ("b", ()), "readers are not sent to a page that is gone"


def test_the_article_shown_is_the_earliest_tagged_one_and_the_others_are_copies(shelf: Shelf) -> None:
    story = put(shelf, "c", published=NOW - DAY, source="gazette")
    put(shelf, "b", published=NOW - 2 * DAY, source="senat", story=story)
    put(shelf, "a", published=NOW - 3 * DAY, story=story, tags=())
    ((article, copies),) = shelf.store.editions.eligible("weekly", NOW - 30 * DAY, NOW + DAY)
    assert article.title == "b"
    assert copies == (Copy("anah", "https://exemple.fr/a"), Copy("gazette", "https://exemple.fr/c"))


def test_a_frozen_edition_comes_back_as_it_was(shelf: Shelf) -> None:
    stories = [put(shelf, name) for name in "ab"]
    frozen = shelf.freeze("2026-W48", stories)
    assert frozen.id is not None
    assert frozen.state == "frozen"
    found = shelf.store.editions.find("weekly", "2026-W48")
    assert found == frozen
    assert [entry.story_id for entry in frozen.entries] == stories
    assert shelf.store.editions.body(frozen.id) == Body("Sujet", "texte é", "<p>é</p>")
    assert shelf.store.editions.body(99) is None
    assert shelf.store.editions.find("weekly", "2026-W49") is None


@pytest.mark.sqlite
def test_an_edition_frozen_before_entries_named_their_topic_is_still_read(shelf: Shelf) -> None:
    frozen = shelf.freeze("2026-W48", [put(shelf, "a")])
    with closing(sqlite3.connect(shelf.path / "veille.db")) as connection, connection:
        (content,) = connection.execute("SELECT content FROM edition").fetchone()
        older = json.loads(content)
        assert older["entries"][0].pop("topic") == ""
        connection.execute("UPDATE edition SET content = ?", (json.dumps(older),))
    assert shelf.store.editions.find("weekly", "2026-W48") == frozen


def test_an_edition_keeps_every_word_it_was_made_of(shelf: Shelf) -> None:
    story = put(shelf, "a")
    first = shelf.freeze("brouillon", [story], series="essai")
    entry = replace(
        first.entries[0], published=NOW, copies=(Copy("senat", "https://x.fr/?a=1&b=é"),), page=3, truncated=True
    )
    notices = (SourceNotice("Sénat « bis »", "le site n'a pas répondu\u202f: délai dépassé"),)
    edition = Edition(Period("weekly", "2026-W48", NOW, NOW + 7 * DAY), NOW, (entry,), 12, notices, ("cis@1", "iis@2"))
    stored = shelf.store.editions.freeze(edition, Body("s", "t", "h"))
    assert replace(stored, id=None, state="composed") == edition


def test_a_story_is_in_one_edition_of_a_series_and_in_any_other_series(shelf: Shelf) -> None:
    stories = [put(shelf, name) for name in "ab"]
    shelf.freeze("2026-W48", stories[:1])
    assert shelf.eligible() == stories[1:]
    with pytest.raises(StoreError, match="déjà dans une édition"):
        shelf.freeze("2026-W49", stories)
    assert shelf.store.editions.find("weekly", "2026-W49") is None, "nothing of it is kept"
    assert shelf.eligible() == stories[1:]
    shelf.freeze("2026-11", stories, series="monthly")
    assert len(shelf.store.editions.editions()) == 2


def test_one_period_has_one_edition_b21(shelf: Shelf) -> None:
    first = shelf.freeze("2026-W48", [put(shelf, "a")])
    late = put(shelf, "b")
    assert shelf.freeze("2026-W48", [late]) == first
    assert shelf.eligible() == [late]


def test_two_processes_that_freeze_the_same_period_get_the_same_edition_b21(shelf: Shelf) -> None:
    story = put(shelf, "a")
    with open_store(shelf.url, shelf.path) as other:
        theirs = Shelf(other, shelf.path, shelf.url).freeze("2026-W48", [story])
    assert shelf.freeze("2026-W48", [story]) == theirs


def test_a_story_that_left_the_archive_cannot_be_frozen(shelf: Shelf) -> None:
    with pytest.raises(StoreError, match="plus dans l'archive"):
        shelf.freeze("2026-W48", [404])


def test_a_merged_story_inherits_the_editions_of_both(shelf: Shelf) -> None:
    told, fresh, other = (put(shelf, name) for name in "abc")
    shelf.freeze("2026-W48", [told])
    shelf.freeze("2026-11", [other], series="monthly")
    shelf.store.articles.merge(told, fresh, NOW)
    shelf.store.articles.merge(other, fresh, NOW)
    assert shelf.eligible() == []
    until = NOW + DAY
    assert shelf.store.editions.eligible("monthly", NOW - DAY, until) == []
    assert len(shelf.store.editions.eligible("autre", NOW - DAY, until)) == 1


def test_an_edition_composed_before_a_merge_is_frozen_under_the_new_number(shelf: Shelf) -> None:
    old, new = (put(shelf, name) for name in "ab")
    shelf.store.articles.merge(old, new, NOW)
    shelf.freeze("2026-W48", [old])
    assert shelf.eligible() == []


def test_an_edited_article_that_joins_another_story_is_not_told_twice_a32(shelf: Shelf) -> None:
    told, other = put(shelf, "a"), put(shelf, "b")
    shelf.freeze("2026-W48", [told])
    shelf.keep("https://exemple.fr/a", "texte b", story=other)
    assert shelf.eligible() == []


@pytest.mark.parametrize("state", ["skipped", "empty"])
def test_an_edition_that_tells_nothing_leaves_its_stories_to_the_next(state: Any, shelf: Shelf) -> None:
    story = put(shelf, "a")
    stored = shelf.freeze("2026-W48", [story], state=state)
    assert stored.state == state
    assert shelf.eligible() == [story]


def test_an_edition_skipped_later_gives_its_stories_back_unless_a_mail_left(shelf: Shelf) -> None:
    first, second = put(shelf, "a"), put(shelf, "b")
    subscriber = shelf.store.subscribers.add("ana@exemple.fr", "person", NOW)
    editions = [shelf.freeze("2026-W48", [first]), shelf.freeze("2026-W49", [second])]
    for edition in editions:
        assert edition.id is not None
        shelf.store.editions.queue(edition.id, [subscriber])
    shelf.store.editions.begin(2, "<m@x>", NOW)
    for edition in editions:
        assert edition.id is not None
        shelf.store.editions.set_state(edition.id, "skipped")
    assert shelf.eligible() == [first]


def test_editions_are_listed_from_the_latest_period(shelf: Shelf) -> None:
    for week in (48, 50, 49):
        period = Period("weekly", f"2026-W{week}", NOW + week * DAY, NOW + (week + 7) * DAY)
        shelf.store.editions.freeze(Edition(period, NOW, ()), Body("s", "t", "h"))
    shelf.freeze("2026-11", [], series="monthly")
    assert [each.period.key for each in shelf.store.editions.editions()] == [
        "2026-W50",
        "2026-W49",
        "2026-W48",
        "2026-11",
    ]
    assert len(shelf.store.editions.editions(2)) == 2
    latest = shelf.store.editions.latest("weekly")
    assert latest is not None
    assert latest.period.key == "2026-W50"
    assert shelf.store.editions.latest("alert-12") is None


@pytest.fixture
def outbox(shelf: Shelf) -> Shelf:
    """An edition with one row, of ana@exemple.fr."""
    edition = shelf.freeze("2026-W48", [put(shelf, "a")])
    assert edition.id == 1
    assert shelf.store.editions.queue(1, [shelf.store.subscribers.add("ana@exemple.fr", "person", NOW)]) == 1
    return shelf


def state(shelf: Shelf) -> OutboxState:
    (row,) = shelf.store.editions.rows(1)
    return row.state


def test_a_recipient_has_one_row_however_often_the_edition_is_queued_b2(outbox: Shelf) -> None:
    added = outbox.store.editions.queue(1, outbox.store.subscribers.active())
    assert added == 0
    late = outbox.store.subscribers.add("bob@exemple.fr", "person", NOW)
    assert outbox.store.editions.queue(1, [late, late]) == 1
    assert [row.subscriber_id for row in outbox.store.editions.rows(1)] == [1, 2]


def test_a_row_is_sent_once(outbox: Shelf) -> None:
    ledger = outbox.store.editions
    assert ledger.begin(1, "<m@x>", NOW)
    assert state(outbox) == "sending"
    assert not ledger.begin(1, "<m@x>", NOW), "another process has it"
    ledger.end(1, Receipt("sent", "250 ok"), NOW)
    assert (state(outbox), ledger.rows(1)[0].reply) == ("sent", "250 ok")
    assert not ledger.begin(1, "<m@x>", NOW)
    ledger.end(1, Receipt("failed", "550 non"), NOW)
    ledger.suppress(1)
    ledger.unknown(1)
    assert (state(outbox), ledger.rows(1)[0].attempts) == ("sent", 1), "what was sent stays sent"


def test_a_row_cut_in_the_middle_is_unknown_and_is_held_b1(outbox: Shelf) -> None:
    outbox.store.editions.begin(1, "<m@x>", NOW)
    with open_store(outbox.url, outbox.path) as restarted:
        assert restarted.editions.mark_interrupted(1) == 1
        assert restarted.editions.mark_interrupted(1) == 0
        assert not restarted.editions.begin(1, "<m@x>", NOW)
        assert [row.state for row in restarted.editions.rows(1)] == ["unknown"]
        assert restarted.editions.move(1, "unknown", "queued") == 1
        assert restarted.editions.begin(1, "<m@x>", NOW)
        assert restarted.editions.rows(1)[0].attempts == 2


def test_an_answer_that_never_came_is_unknown_at_once_b1(outbox: Shelf) -> None:
    outbox.store.editions.begin(1, "<m@x>", NOW)
    outbox.store.editions.unknown(1)
    assert state(outbox) == "unknown"


def test_a_temporary_refusal_waits_twice_as_long_each_time_then_fails_after_five_days_b3(outbox: Shelf) -> None:
    ledger, now, waits = outbox.store.editions, NOW, []
    while state(outbox) != "failed":
        assert ledger.begin(1, "<m@x>", now)
        ledger.end(1, Receipt("retry", "450 plus tard"), now)
        retry_at = ledger.rows(1)[0].retry_at
        if retry_at is not None:
            waits.append((retry_at - now) / timedelta(hours=1))
            now = retry_at
    assert waits == [0.5, 1, 2, 4, 8, 16, 32]
    assert now - NOW <= 5 * DAY


def test_a_given_retry_time_is_kept_and_still_ends_after_five_days_b3(outbox: Shelf) -> None:
    ledger, now, tries = outbox.store.editions, NOW, 0
    while state(outbox) != "failed":
        ledger.begin(1, "<m@x>", now)
        ledger.end(1, Receipt("retry", "450"), now, now + timedelta(hours=4))
        tries += 1
        now += timedelta(hours=4)
    assert tries == 31


def test_somebody_who_left_while_queued_gets_nothing_b25(outbox: Shelf) -> None:
    (subscriber,) = outbox.store.subscribers.active()
    outbox.store.subscribers.leave(subscriber.token, NOW)
    assert not outbox.store.editions.begin(1, "<m@x>", NOW)
    assert state(outbox) == "suppressed"


def test_a_row_may_be_suppressed_by_hand_before_it_leaves(outbox: Shelf) -> None:
    outbox.store.editions.suppress(1)
    assert state(outbox) == "suppressed"
    assert not outbox.store.editions.begin(1, "<m@x>", NOW)


def test_every_row_ends_somewhere_and_the_sum_is_right(outbox: Shelf) -> None:
    ledger, subscribers = outbox.store.editions, outbox.store.subscribers
    ledger.queue(1, [subscribers.add(f"a{number}@exemple.fr", "person", NOW) for number in range(4)])
    for row, receipt in ((1, Receipt("sent", "250")), (2, Receipt("failed", "550"))):
        ledger.begin(row, "<m@x>", NOW)
        ledger.end(row, receipt, NOW)
    ledger.begin(3, "<m@x>", NOW)
    ledger.mark_interrupted(1)
    subscribers.remove("a2@exemple.fr")
    ledger.begin(4, "<m@x>", NOW)
    assert [row.state for row in ledger.rows(1)] == ["sent", "failed", "unknown", "suppressed", "queued"]
