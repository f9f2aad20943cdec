"""Runs and sources: failures attached, back-off that grows and clears, a rhythm of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from store_shelf import NOW, Shelf

from core.pages import Failure
from core.runs import RunReport
from core.sources import Source, SourceState
from core.visits import Sight, Visit
from db.runs import back_off, rhythm, spread

ANAH = Source("anah", "Anah", "agence", "https://www.anah.gouv.fr/")
HOUR = timedelta(hours=1)
LOST = Failure("anah", "https://www.anah.gouv.fr/rss", "timeout", "Le flux ne répond pas.", True)


def state(shelf: Shelf) -> SourceState:
    return shelf.store.runs.states()["anah"]


def lost(at: datetime, kind: str = "timeout", reason: str = "Le flux ne répond pas.") -> Visit:
    return Visit(at, False, failure_kind=kind, failure_reason=reason)


def test_failures_belong_to_the_run_that_is_open(shelf: Shelf) -> None:
    shelf.store.raw.fail(LOST, NOW)
    for number in range(2):
        shelf.store.runs.start(f"r{number}", NOW + number * HOUR)
        shelf.store.raw.fail(LOST, NOW)
        other = Failure("senat", f"https://senat.fr/{number}", "http", "404", False)
        shelf.store.runs.finish(f"r{number}", RunReport(failures=(LOST, other)), NOW + number * HOUR)
        assert shelf.store.runs.failures(f"r{number}") == [LOST, other], "a failure is committed once"
    shelf.store.raw.fail(LOST, NOW)
    assert len(shelf.store.runs.failures("r1")) == 2


def test_the_last_finished_run_is_remembered(shelf: Shelf) -> None:
    assert shelf.store.runs.last_finished() is None
    shelf.store.runs.start("a", NOW)
    assert shelf.store.runs.last_finished() is None
    shelf.store.runs.finish("a", RunReport(pages=3, seconds=1.5), NOW + HOUR)
    shelf.store.runs.start("b", NOW + 2 * HOUR)
    assert shelf.store.runs.last_finished() == NOW + HOUR


def test_a_run_may_be_started_twice(shelf: Shelf) -> None:
    for _ in range(2):
        shelf.store.runs.start("a", NOW)
    shelf.store.raw.fail(LOST, NOW)
    assert shelf.store.runs.failures("a") == [LOST]


def test_a_source_never_read_is_still_on_its_first_run(shelf: Shelf) -> None:
    assert shelf.store.runs.states() == {}
    shelf.store.runs.close_source(ANAH, lost(NOW))
    found = state(shelf)
    assert (found.first_run_at, found.last_attempt, found.failures) == (None, NOW, 1)
    assert (found.last_error_kind, found.last_error_reason) == ("timeout", "Le flux ne répond pas.")
    shelf.store.runs.close_source(ANAH, Visit(NOW + HOUR, True, new=2))
    shelf.store.runs.close_source(ANAH, Visit(NOW + 2 * HOUR, True))
    found = state(shelf)
    assert (found.first_run_at, found.last_success, found.last_new) == (NOW + HOUR, NOW + 2 * HOUR, NOW + HOUR)
    assert (found.failures, found.last_error_kind, found.last_error_reason) == (0, "", "")


def test_a_source_that_fails_waits_longer_each_time_and_a_success_clears_it_a21(shelf: Shelf) -> None:
    waits = []
    for _ in range(5):
        shelf.store.runs.close_source(ANAH, lost(NOW))
        due = state(shelf).next_due
        assert due is not None
        waits.append((due - NOW) / HOUR)
    assert waits == pytest.approx([6, 12, 24, 24, 24], rel=0.1)
    shelf.store.runs.close_source(ANAH, Visit(NOW, True))
    assert NOW + 6 * HOUR <= (state(shelf).next_due or NOW) < NOW + 7 * HOUR


def test_a_source_that_says_how_often_is_asked_so(shelf: Shelf) -> None:
    weekly = Source("anah", "Anah", "agence", "https://x.fr/", every=timedelta(days=7))
    shelf.store.runs.close_source(weekly, Visit(NOW, True))
    assert state(shelf).next_due == NOW + timedelta(days=7)
    shelf.store.runs.close_source(weekly, lost(NOW))
    assert state(shelf).next_due == NOW + timedelta(days=7), "a failure never brings the next visit nearer"


def test_sources_read_together_drift_apart_and_none_is_asked_sooner_than_its_rhythm() -> None:
    waits = {spread(f"source-{number}", 24 * HOUR) for number in range(100)}
    assert len(waits) > 80
    assert 24 * HOUR <= min(waits) <= max(waits) < 26.5 * HOUR


@pytest.mark.parametrize(
    ("wait", "failures", "expected"), [(6, 1, 6), (6, 2, 12), (6, 3, 24), (6, 4_000, 24), (1, 5, 16), (48, 3, 48)]
)
def test_back_off_doubles_up_to_a_day(wait: int, failures: int, expected: int) -> None:
    assert back_off(wait * HOUR, failures) == expected * HOUR


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([], 6),
        ([0, 1, 2, 3], 6),
        ([0, 8, 16, 24, 32], 4),
        ([0] * 9, 6),
        ([0, 0, 0, 168, 168, 168, 336, 336, 504, 672], 24),
        ([0, 240, 480, 720, 960], 24),
        ([32, 0, 8, 24, 16], 4),
    ],
)
def test_a_source_is_asked_twice_for_each_article_it_usually_has(hours: list[int], expected: float) -> None:
    assert rhythm([NOW + hour * HOUR for hour in hours]) == expected * HOUR


def test_states_count_articles_and_matches_of_every_source(shelf: Shelf) -> None:
    shelf.keep("https://x.fr/1", "un")
    shelf.keep("https://x.fr/2", "deux", tags=())
    shelf.keep("https://x.fr/3", "trois", source="senat", tags=())
    shelf.store.raw.source_read("gazette", "https://gazette.fr/rss", NOW)
    found = shelf.store.runs.states(counted=True)
    assert {slug: (each.articles, each.matched) for slug, each in found.items()} == {
        "anah": (2, 1),
        "gazette": (0, 0),
        "senat": (1, 0),
    }


@pytest.mark.parametrize("read", [True, False])
def test_a_source_is_not_due_before_the_pause_that_its_server_asks_for_a22(shelf: Shelf, read: bool) -> None:
    shelf.store.runs.close_source(ANAH, Visit(NOW, read, failure_kind="http"), Sight("anah", wait=72_000))
    assert state(shelf).next_due == NOW + timedelta(hours=20)
