"""The maintainers' letters: what changed, at most once a week, nothing when there is nothing to tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.health import Condition
from core.sources import Source
from core.upkeep import Letter
from pipeline.upkeep import Told, is_due, told_now, urgent, weekly

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
DAY = timedelta(days=1)
SLUGS = ("anah", "senat", "gazette")
SOURCES = tuple(Source(slug, slug.capitalize(), "presse", "https://x.example/") for slug in SLUGS)
GOOD = Condition("good", "rien à signaler")
DNS = Condition("failing", "le nom n'existe pas", MONDAY - 3 * DAY, "vérifiez", "Nom de site introuvable")
SILENT = Condition("silent", "rien de neuf", MONDAY - 40 * DAY, "ouvrez le site", "Rien de neuf depuis trop longtemps")
GOOD_ONES = dict.fromkeys(SLUGS, GOOD)


def letter(told: Told, now: datetime = MONDAY, facts: tuple[str, ...] = (), **ill: Condition) -> Letter | None:
    return weekly("Veille", SOURCES, {**GOOD_ONES, **ill}, facts, told, now, PARIS)


def after(at: datetime = MONDAY - 7 * DAY, facts: tuple[str, ...] = (), **ill: Condition) -> Told:
    return Told.from_json(told_now({**GOOD_ONES, **ill}, facts, at, PARIS).to_json())


def shown(found: Letter | None) -> dict[str, list[tuple[str, ...]]]:
    assert found is not None
    return {section.title: [(item.text, *item.under) for item in section.items] for section in found.sections}


def test_nothing_is_written_when_all_is_well() -> None:
    assert letter(Told()) is None
    assert letter(after()) is None


def test_what_broke_is_grouped_by_cause_with_what_to_do_said_once() -> None:
    found = letter(after(), anah=DNS, senat=DNS, gazette=SILENT)
    assert found is not None
    assert (found.key, found.subject) == ("2026-W48", "Veille : 3 sources ne vont plus")
    assert shown(found) == {
        "Ce qui ne va plus": [
            (
                "Nom de site introuvable",
                "Anah, depuis le 20/11 (3 jours) : le nom n'existe pas.",
                "Senat, depuis le 20/11 (3 jours) : le nom n'existe pas.",
                "À faire : vérifiez.",
            ),
            (
                "Rien de neuf depuis trop longtemps",
                "Gazette, depuis le 14/10 (40 jours) : rien de neuf.",
                "À faire : ouvrez le site.",
            ),
        ]
    }


def test_what_recovered_and_what_stays_are_told_apart_from_what_broke() -> None:
    found = letter(after(anah=DNS, gazette=SILENT), senat=DNS, gazette=SILENT)
    assert list(shown(found)) == ["Ce qui ne va plus", "Ce qui remarche", "Ce qui ne va toujours pas"]
    assert found is not None
    assert found.subject == "Veille : 1 source ne va plus, 1 de retour"
    assert shown(found)["Ce qui remarche"] == [("Anah",)]


def test_the_same_troubles_are_told_again_after_four_weeks_only() -> None:
    told = after(MONDAY, anah=DNS)
    assert [weeks for weeks in range(1, 6) if letter(told, MONDAY + weeks * 7 * DAY, anah=DNS)] == [4, 5]


def test_proposals_are_listed_for_somebody_to_decide() -> None:
    moved = Condition("moved", "elle renvoie à b", MONDAY, cause="Déménagée", proposal="remplacer a par b")
    assert shown(letter(after(), anah=moved))["À décider"] == [("Anah : remplacer a par b",)]


def test_facts_on_sendings_are_told_once() -> None:
    facts = ("Édition 2026-W47 : 3 mails refusés.",)
    assert shown(letter(after(), facts=facts)) == {"Les envois": [facts]}
    assert letter(after(facts=facts), facts=facts) is None


def test_a_long_list_is_cut() -> None:
    many = tuple(Source(f"s{n}", f"S{n}", "presse", "https://x.example/") for n in range(40))
    found = weekly("Veille", many, {source.slug: DNS for source in many}, (), Told(), MONDAY, PARIS)
    (group,) = shown(found)["Ce qui ne va plus"]
    assert len(group) == 15
    assert group[13] == "… et 28 autres"


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, MONDAY, True),
        (None, MONDAY - timedelta(hours=2), False),
        (None, MONDAY + 3 * DAY, True),
        (MONDAY, MONDAY + DAY, False),
        (MONDAY, MONDAY + 6 * DAY, False),
        (MONDAY, MONDAY + 7 * DAY, True),
        (MONDAY + 3 * DAY, MONDAY + 7 * DAY, False),
        (MONDAY + 3 * DAY, MONDAY + 10 * DAY, True),
    ],
)
def test_letters_leave_on_monday_morning_or_later_and_a_week_apart(
    last: datetime | None, now: datetime, due: bool
) -> None:
    assert is_due(after(last) if last else Told(), now, PARIS) is due


def test_an_urgent_letter_has_the_key_of_its_day() -> None:
    assert urgent("Veille", (), MONDAY, PARIS) is None
    found = urgent("Veille", ("Le disque est presque plein.",), MONDAY, PARIS)
    assert found is not None
    assert found.key == "2026-11-23"
