"""From a history of visits to one condition: each way of faring has its name, and ordinary life raises no alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from core.health import ALARMS, Condition, History
from core.sources import Expectations, Source, SourceState
from core.visits import Visit
from pipeline.causes import cause
from pipeline.health import diagnose
from pipeline.rhythm import lived, rhythm

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FEED = "https://anah.example/flux"
ANAH = Source("anah", "Anah", "agence", "https://anah.example/", feeds=(FEED,))
STATE = SourceState("anah", first_run_at=NOW - 200 * DAY, last_success=NOW)
GOOD = Visit(NOW, True, "feed", FEED, 20, 20, 0)
DOWN = Visit(NOW, False, failure_kind="http", failure_reason="le serveur est indisponible (code 503)")
LOST = Visit(NOW, False, failure_kind="dns", failure_reason="Le nom anah.example n'existe pas.")


def every(gap: timedelta, count: int, last: datetime = NOW) -> tuple[datetime, ...]:
    """Publications, newest first."""
    return tuple(last - number * gap for number in range(count))


def daily(count: int, *last: Visit, **values: object) -> tuple[Visit, ...]:
    """A visit a day with two new articles, then these, one a day, the last of them now."""
    usual = replace(GOOD, new=2, text_length=3_000, language="fr", **values)
    visits = [*[usual] * count, *last]
    return tuple(replace(v, at=NOW - (len(visits) - 1 - n) * DAY) for n, v in enumerate(visits))


def told(
    visits: Sequence[Visit], days: Sequence[datetime] = every(DAY, 40), source: Source = ANAH, now: datetime = NOW,
    **state: object,
) -> Condition:  # fmt: skip
    return diagnose(source, History(replace(STATE, **state), tuple(visits), tuple(days)), now)


def test_a_source_that_publishes_as_usual_is_good() -> None:
    assert told(daily(40)).state == "good"


def test_a_source_never_read_or_disabled_says_so_and_raises_no_alarm() -> None:
    assert told(()).state == "new"
    off = replace(ANAH, enabled=False, disabled_reason="Refuse les robots.")
    assert (told(daily(3), source=off).state, told(daily(3), source=off).reason) == ("disabled", "refuse les robots")


@pytest.mark.parametrize(
    ("failure", "times", "state"),
    [(LOST, 1, "shaky"), (LOST, 2, "failing"), (DOWN, 2, "shaky"), (DOWN, 3, "failing")],
)
def test_hard_failures_weigh_more_than_soft_ones(failure: Visit, times: int, state: str) -> None:
    """A21."""
    assert told(daily(20, *[failure] * times)).state == state


def test_one_bad_evening_is_no_breakdown_however_often_it_is_asked() -> None:
    evening = [replace(LOST, at=NOW - hours * HOUR) for hours in (9, 8, 6, 2, 0)]
    found = told((*[replace(GOOD, at=NOW - 10 * HOUR)], *evening))
    assert (found.state, found.since) == ("shaky", NOW - 9 * HOUR)


def test_a_failure_tells_since_when_why_and_what_to_do_and_is_never_disabled_by_itself() -> None:
    found = told(daily(20, *[LOST] * 5))
    assert found == Condition(
        "failing", "le nom anah.example n'existe pas", NOW - 4 * DAY,
        cause("dns", "").advice, "Nom de site introuvable", "le site ne répond pas",
    )  # fmt: skip
    assert "désactiver" in told(daily(20, *[LOST] * 16)).proposal


def test_a_crawl_that_ended_too_early_says_nothing_of_a_source() -> None:
    cut = Visit(NOW, False, failure_kind="interrupted", failure_reason="La collecte s'est arrêtée.")
    assert told(daily(20, cut, cut, cut, cut)).state == "good"


@pytest.mark.parametrize(
    ("reason", "kind", "name"),
    [
        ("la protection Cloudflare du site refuse les robots (code 403)", "http", "Une protection anti-robots"),
        ("le serveur refuse l'accès (code 403)", "http", "Accès refusé"),
        ("la page n'existe pas (code 404)", "http", "Page introuvable"),
        ("le serveur est en erreur (code 502)", "http", "Erreur du serveur"),
        ("une page de connexion est reçue à la place du flux", "format", "Une page de connexion"),
        ("une page HTML est reçue à la place du flux", "format", "Une page HTML"),
        ("aucun lien ne correspond au sélecteur « a » : la page a sans doute changé", "empty", "Le site a été refait"),
        ("robots.txt demande de ne pas lire cette adresse", "robots", "robots.txt"),
        ("le serveur refuse l'accès (code 403) ; puis : la page n'existe pas (code 404)", "http", "Accès refusé"),
        ("erreur inattendue : KeyError", "internal", "Erreur du programme"),
    ],
)
def test_each_cause_has_its_name(reason: str, kind: str, name: str) -> None:
    assert cause(kind, reason).name.startswith(name)


@pytest.mark.parametrize(
    ("gap", "silence", "state"),
    [
        (1, 2, "good"),
        (1, 6, "silent"),
        (7, 8, "good"),
        (7, 16, "quiet"),
        (7, 24, "silent"),
        (30, 45, "good"),
        (30, 70, "quiet"),
        (30, 100, "silent"),
    ],
)
def test_silence_is_measured_against_the_source_s_own_rhythm(gap: int, silence: int, state: str) -> None:
    """A47."""
    found = told((GOOD,), every(gap * DAY, 40, NOW - silence * DAY))
    assert found.state == state
    if state != "good":
        assert found.since == NOW - silence * DAY


def test_a_source_too_young_to_have_a_rhythm_is_never_silent() -> None:
    assert told((GOOD,), every(DAY, 6, NOW - 60 * DAY)).state == "quiet"


def test_the_silence_that_a_maintainer_expects_decides() -> None:
    patient = replace(ANAH, expect=Expectations(silence=60 * DAY))
    assert told((GOOD,), every(DAY, 40, NOW - 50 * DAY), patient).state == "quiet"
    assert told((GOOD,), every(DAY, 40, NOW - 61 * DAY), patient).state == "silent"
    young = replace(ANAH, expect=Expectations(silence=3 * DAY))
    assert told((GOOD,), every(DAY, 2, NOW - 4 * DAY), young).state == "silent"


def test_august_and_weekends_count_for_what_they_are() -> None:
    friday, tuesday = datetime(2026, 4, 3, 16, tzinfo=UTC), datetime(2026, 4, 7, 7, tzinfo=UTC)
    assert lived(friday, tuesday, weekends=True) == pytest.approx(3.625)
    assert lived(friday, tuesday, weekends=False) == pytest.approx(1.625)
    august = datetime(2026, 8, 1, 8, tzinfo=UTC)
    assert lived(august, august + 20 * DAY, weekends=True) == pytest.approx(10)
    weekly = every(7 * DAY, 30, datetime(2026, 7, 20, 8, tzinfo=UTC))
    seen = replace(GOOD, at=datetime(2026, 8, 25, 8, tzinfo=UTC))
    assert told((seen,), weekly, now=seen.at).state == "quiet"


def test_the_usual_pace_is_told_in_calendar_days() -> None:
    found = told((GOOD,), every(7 * DAY, 40, NOW - 35 * DAY))
    assert found.reason == "rien de neuf depuis le 19/10/2026, alors qu'elle publie d'ordinaire tous les 7 jours"


def test_one_long_pause_changes_no_rhythm() -> None:
    days = every(7 * DAY, 30)
    paused = (*days[:15], *(day - 98 * DAY for day in days[15:]))
    own, odd = rhythm(days), rhythm(paused)
    assert own is not None and odd is not None
    assert (own.usual, own.longest) == (odd.usual, odd.longest)
    assert max(earlier - later for earlier, later in pairwise(paused)) > 100 * DAY


def test_a_feed_that_is_valid_and_empty_is_seen_unless_that_is_its_habit() -> None:
    empty = replace(GOOD, announced=0, dated=0)
    assert told(daily(20, empty)).state == "good"
    found = told(daily(20, empty, empty))
    assert (found.state, found.since) == ("empty", NOW - DAY)
    assert told(daily(20, empty, GOOD, empty, GOOD, empty, empty)).state == "good"


def test_texts_that_collapse_are_seen_and_one_short_brief_is_not() -> None:
    """A47."""
    short = replace(GOOD, new=2, text_length=200, language="fr")
    assert told(daily(20, short, short)).state == "good"
    found = told(daily(20, short, short, short))
    assert (found.state, found.since) == ("shrunk", NOW - 2 * DAY)
    assert found.reason == "les textes font 200 caractères au lieu de 3000"
    assert told(daily(20, *[short] * 15)).since == NOW - 14 * DAY


def test_another_language_is_seen_and_a_source_of_two_languages_is_left_alone() -> None:
    """A48."""
    english = replace(GOOD, new=2, text_length=3_000, language="en")
    assert told(daily(20, english, english)).state == "good"
    assert told(daily(20, english, english, english)).state == "language"
    french = replace(english, language="fr")
    assert told(daily(3, *[english, french] * 10, english, english, english)).state == "good"


def test_dates_that_vanish_are_seen_and_a_source_without_dates_is_left_alone() -> None:
    undated = replace(GOOD, dated=0, new=2, text_length=3_000, language="fr")
    found = told(daily(20, undated, undated, undated))
    assert (found.state, found.since) == ("undated", NOW - 2 * DAY)
    assert told(daily(20, undated, undated, undated, undated, dated=0)).state == "good"


def test_a_flood_is_told_for_a_week_and_the_first_visit_is_none() -> None:
    flood = replace(GOOD, new=200, text_length=3_000, language="fr")
    found = told(daily(20, flood))
    assert (found.state, found.reason) == ("flood", "200 nouveaux articles en un jour, contre 2 d'ordinaire")
    first = daily(20)
    assert told((replace(first[0], new=200), *first[1:])).state == "good"
    usual = replace(GOOD, new=2, text_length=3_000, language="fr")
    assert told(daily(20, flood, *[usual] * 8)).state == "good"


MOVE = {"moved_from": FEED, "moved_to": "https://anah.example/nouveau", "moved_since": NOW - 2 * DAY}


def test_a_move_on_the_same_site_is_proposed_after_three_equal_answers_over_a_day() -> None:
    """A19."""
    assert told(daily(20), moved_times=2, **MOVE).state == "good"
    assert told(daily(20), moved_times=3, **(MOVE | {"moved_since": NOW - 20 * HOUR})).state == "good"
    found = told(daily(20), moved_times=3, **MOVE)
    assert (found.state, found.proposal) == ("moved", f"remplacer {FEED} par https://anah.example/nouveau")


def test_a_move_to_another_site_is_told_at_once_and_proposed_later() -> None:
    away = MOVE | {"moved_to": "https://casino.example/", "moved_since": NOW}
    found = told(daily(20), moved_times=1, **away)
    assert (found.state, found.proposal) == ("moved", "")
    assert "sur un autre site" in found.reason
    assert "même source" in found.advice


def test_a_source_that_is_gone_says_so_until_its_entry_changes() -> None:
    """A20."""
    gone = {"stopped_at": NOW - DAY, "stopped_entry": FEED}
    assert told(daily(20, LOST), **gone).state == "gone"
    changed = replace(ANAH, feeds=("https://anah.example/nouveau",))
    assert told(daily(20), source=changed, **gone).state == "good"


def test_an_entry_that_fails_while_another_answers_is_told_after_three_days() -> None:
    halved = replace(GOOD, new=2, text_length=3_000, language="fr", failure_kind="http",
                     failure_reason="la page n'existe pas (code 404)")  # fmt: skip
    assert told(daily(20, halved, halved)).state == "good"
    assert told(daily(20, *[halved] * 5)).state == "partial"


@pytest.mark.parametrize(
    ("expect", "state", "said"),
    [
        (Expectations(items_min=10), "good", ""),
        (Expectations(items_min=20), "expected", "14 articles par semaine, 20 attendus"),
        (Expectations(items_max=20), "good", ""),
        (Expectations(items_max=10), "excess", "14 articles en une semaine, 10 au plus attendus"),
        (Expectations(dates_min=1.0), "good", ""),
        (Expectations(text_min=5_000), "expected", "textes de 3000 caractères, 5000 attendus"),
        (Expectations(language="en"), "expected", "articles en « fr », « en » attendu"),
        (Expectations(text_min=3_000, language="fr"), "good", ""),
    ],
)
def test_a_minimum_that_is_not_kept_is_an_error_and_a_maximum_a_warning(
    expect: Expectations, state: str, said: str
) -> None:
    found = told(daily(60), source=replace(ANAH, expect=expect))
    assert found.state == state
    assert not said or found.reason == said


def test_the_worst_of_two_troubles_is_told() -> None:
    silent = every(DAY, 40, NOW - 30 * DAY)
    found = told((GOOD,), silent, moved_times=3, **MOVE)
    assert found.state == "silent"
    assert {"silent", "moved"} <= ALARMS
