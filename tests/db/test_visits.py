"""The history of a source: bounded, its old days summed, its moves and its end for good remembered."""

from __future__ import annotations

from datetime import timedelta

from store_shelf import NOW, Shelf

from core.health import Condition
from core.sources import Gap, Source, SourceState
from core.visits import Sight, Visit
from db import visits
from db.engine import open_database

ANAH = Source("anah", "Anah", "agence", "https://www.anah.gouv.fr/", feeds=("https://www.anah.gouv.fr/rss",))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THERE = Sight("anah", "feed", ANAH.feeds[0], 3, 3, ANAH.feeds[0], "https://www.anah.gouv.fr/flux")
GONE = Visit(NOW, False, failure_kind="http", failure_reason="la page a été supprimée (code 410)")


def state(shelf: Shelf) -> SourceState:
    return shelf.store.runs.states()["anah"]


def test_a_visit_is_remembered_as_it_was(shelf: Shelf) -> None:
    seen = [
        Visit(NOW, True, "feed", ANAH.feeds[0], 20, 19, 4, 1, 3_200, "fr"),
        Visit(NOW + HOUR, False, failure_kind="dns", failure_reason="le nom n'existe pas"),
    ]
    for visit in seen:
        shelf.store.runs.close_source(ANAH, visit, run_id="r1")
    assert shelf.store.runs.histories([ANAH])["anah"].visits == tuple(seen)
    assert shelf.store.runs.latest_visits(1) == {"anah": (seen[1],)}


def test_beyond_a_hundred_visits_one_line_a_day_stays_and_no_new_article_is_uncounted(shelf: Shelf) -> None:
    """Ten days read every hour."""
    for hour in range(240):
        shelf.store.runs.close_source(ANAH, Visit(NOW + hour * HOUR, True, new=hour % 3))
    kept = shelf.store.runs.histories([ANAH])["anah"].visits
    assert 105 <= len(kept) <= 108
    assert sum(visit.new for visit in kept) == 240
    assert [visit.at for visit in kept] == sorted(visit.at for visit in kept)
    assert kept[0].at - NOW < DAY


def test_a_history_has_four_hundred_lines_and_two_years_at_most(shelf: Shelf) -> None:
    database = open_database(shelf.url, durable=False)
    with database.write() as connection:
        for day in range(420):
            visits.note(connection, "anah", Visit(NOW + day * DAY, True), "")
        assert len(visits.visits(connection, "anah")) == 400
        visits.note(connection, "anah", Visit(NOW + 3 * 365 * DAY, True), "")
        assert len(visits.visits(connection, "anah")) == 56
    database.close()


def test_equal_moves_are_counted_and_another_one_or_none_begins_again(shelf: Shelf) -> None:
    """A19."""
    for hour in range(3):
        shelf.store.runs.close_source(ANAH, Visit(NOW + hour * HOUR, True), THERE)
    found = state(shelf)
    assert (found.moved_from, found.moved_to, found.moved_since, found.moved_times) == (
        ANAH.feeds[0], "https://www.anah.gouv.fr/flux", NOW, 3,
    )  # fmt: skip
    shelf.store.runs.close_source(ANAH, Visit(NOW + 3 * HOUR, False, failure_kind="dns"), Sight("anah"))
    assert state(shelf).moved_times == 3, "a visit that read nothing says nothing of a move"
    shelf.store.runs.close_source(ANAH, Visit(NOW + 4 * HOUR, True), Sight("anah"))
    assert (state(shelf).moved_to, state(shelf).moved_times) == ("", 0)


def test_a_source_that_is_gone_stays_so_until_its_entry_changes(shelf: Shelf) -> None:
    """A20."""
    shelf.store.runs.close_source(ANAH, GONE, Sight("anah", gone=True))
    assert state(shelf).stopped(ANAH)
    changed = Source("anah", "Anah", "agence", "https://www.anah.gouv.fr/", feeds=("https://www.anah.gouv.fr/flux",))
    assert not state(shelf).stopped(changed)
    shelf.store.runs.close_source(changed, Visit(NOW + DAY, True), Sight("anah"))
    assert not state(shelf).stopped(ANAH)


def test_a_condition_is_kept_for_those_who_read_states_alone(shelf: Shelf) -> None:
    shelf.store.runs.close_source(ANAH, Visit(NOW, True))
    shelf.store.runs.note_conditions({"anah": Condition("silent", "rien de neuf", NOW)})
    found = state(shelf)
    assert (found.condition, found.condition_reason, found.condition_since) == ("silent", "rien de neuf", NOW)
    assert found.last_success == NOW


def test_failures_weigh_by_their_kind_and_a_success_forgets_them(shelf: Shelf) -> None:
    for kind, reason, expected in (
        ("dns", "", 1.0),
        ("timeout", "", 1.5),
        ("http", "le serveur est indisponible (code 503)", 1.75),
        ("interrupted", "", 1.75),
        ("http", "la page n'existe pas (code 404)", 2.75),
    ):
        shelf.store.runs.close_source(ANAH, Visit(NOW, False, failure_kind=kind, failure_reason=reason))
        assert state(shelf).penalty == expected
    shelf.store.runs.close_source(ANAH, Visit(NOW, True))
    assert state(shelf).penalty == 0


def test_a_week_without_a_successful_visit_is_a_gap_until_the_next_one(shelf: Shelf) -> None:
    source = Source("anah", "Anah", "agence", "https://anah.example/")
    days = {0: True, 3: True, 5: False, 9: False, 14: True, 20: True, 22: False}
    for day, read in days.items():
        shelf.store.runs.close_source(source, Visit(NOW + timedelta(days=day), read))
    assert shelf.store.runs.states()["anah"].gaps == (Gap(NOW + timedelta(days=3), NOW + timedelta(days=14)),)
    shelf.store.runs.close_source(source, Visit(NOW + timedelta(days=40), True))
    assert [gap.end for gap in shelf.store.runs.states()["anah"].gaps] == [
        NOW + timedelta(days=14), NOW + timedelta(days=40),
    ], "what was told before is not kept once a visit is noted"  # fmt: skip
