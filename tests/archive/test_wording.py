"""French dates, numbers and periods; differences of texts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest

from archive import wording
from archive.diff import MAX_WORDS, Difference, compare
from archive.prose import prose
from core.clock import PARIS
from core.editions import Period

Bounded = Callable[[], AbstractContextManager[None]]


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (paris(2026, 11, 1), "1er novembre 2026"),
        (paris(2026, 11, 11), "11 novembre 2026"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1er janvier 2027"),
        (datetime(2026, 7, 31, 22, 30, tzinfo=UTC), "1er août 2026"),
    ],
)
def test_a_day_is_the_day_in_paris(at: datetime, expected: str) -> None:
    assert wording.day(at).replace("\u00a0", " ") == expected


def test_a_moment_says_the_hour() -> None:
    assert wording.moment(paris(2026, 11, 23, 8, 5)).replace("\u00a0", " ") == "23 novembre 2026 à 8 h 05"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ((2026, 11, 16), (2026, 11, 22), "Semaine du 16 au 22 novembre 2026"),
        ((2026, 6, 1), (2026, 6, 7), "Semaine du 1er au 7 juin 2026"),
        ((2026, 10, 26), (2026, 11, 1), "Semaine du 26 octobre au 1er novembre 2026"),
        ((2026, 12, 28), (2027, 1, 3), "Semaine du 28 décembre 2026 au 3 janvier 2027"),
        ((2026, 11, 1), (2026, 11, 30), "Novembre 2026"),
        ((2026, 11, 23), (2026, 11, 23), "23 novembre 2026"),
        ((2026, 11, 2), (2026, 11, 20), "Du 2 au 20 novembre 2026"),
    ],
)
def test_periods_have_plain_titles(first: tuple[int, int, int], last: tuple[int, int, int], expected: str) -> None:
    after = date(*last) + timedelta(days=1)
    period = Period("weekly", "k", paris(*first), paris(after.year, after.month, after.day))
    assert wording.period_title(period).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quoi ? Rien ! Ceci : « cela » ; fin", "Quoi\u202f? Rien\u202f! Ceci\u00a0: «\u00a0cela\u00a0»\u202f; fin"),
        ("http://a.example/?b:c", "http://a.example/?b:c"),
        ("déjà\u00a0: bien", "déjà\u00a0: bien"),
    ],
)
def test_spaces_before_double_punctuation_do_not_break(text: str, expected: str) -> None:
    assert wording.spaced(text) == expected
    assert len(expected) == len(text)


def test_numbers_and_counts_are_french() -> None:
    assert wording.number(0.95) == "0,95"
    assert wording.count(1_250, "article", "articles") == "1\u202f250\u00a0articles"
    assert wording.count(1, "article", "articles") == wording.count(0, "article", "articles").replace("0", "1")
    assert wording.month("2026-08") == "août 2026"
    assert wording.month("n'importe") == "n'importe"
    now = paris(2026, 11, 23)
    assert wording.ago(now - timedelta(hours=3), now).replace("\u00a0", " ") == "il y a 3 heures"
    assert wording.ago(now + timedelta(days=2), now).replace("\u00a0", " ") == "dans 2 jours"
    assert wording.ago(now, now) == "à l’instant"


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("Veille <veille@asso.example>", "veille@asso.example"),
        ("veille@asso.example", "veille@asso.example"),
        ("nul", ""),
    ],
)
def test_the_contact_s_bare_address_is_found(contact: str, expected: str) -> None:
    assert wording.mail_address(contact) == expected


def test_a_difference_rebuilds_both_texts() -> None:
    old = "Une première phrase, assez longue pour servir de repère.\nLe prix est de 10 euros.\nFin."
    new = "Une première phrase, assez longue pour servir de repère.\nLe prix est de 12 euros par nuit.\nFin."
    found = compare(old, new)
    assert "".join(change.text for change in found.paragraphs[0] if change.kind != "removed") == new.split("\n")[1]
    assert [change.text for change in found.paragraphs[0] if change.kind == "removed"] == ["10 "]
    assert (found.added, found.removed) == (3, 1)


@pytest.mark.parametrize("text", ["", "a", "a\n\nb\nc"])
def test_the_same_text_has_no_difference(text: str) -> None:
    assert compare(text, text) == Difference((), 0, 0)
    assert compare(text, text.replace("\n", "\n\n")).empty


def test_a_long_unchanged_passage_is_cut_around_the_change() -> None:
    words = " ".join(f"mot{number}" for number in range(300))
    found = compare(f"{words} avant {words}", f"{words} après {words}")
    kinds = [change.kind for change in found.paragraphs[0]]
    assert kinds == ["gap", "same", "removed", "added", "same", "gap"]
    assert sum(len(change.text) for change in found.paragraphs[0]) < 400


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 100_000, "b " * 100_000),
        ("\n".join(f"l{n % 3}" for n in range(40_000)), "\n".join(f"l{n % 5}" for n in range(40_000))),
        (
            " ".join(f"m{n % 190}" for n in range(MAX_WORDS - 1)),
            " ".join(f"m{n * 7 % 190}" for n in range(MAX_WORDS - 1)),
        ),
        ("x" * 2_000_000, "y" * 2_000_000),
    ],
)
def test_no_pair_of_texts_makes_the_comparison_run_away(bounded: Bounded, old: str, new: str) -> None:
    with bounded():
        assert not compare(old, new).empty


def test_markdown_becomes_a_few_harmless_tags() -> None:
    html = prose(
        "# Titre\n\n## Sous\n\n**gras** <b onclick=x>brut</b> [a](javascript:x) [b](https://b.example) ![i](https://i)"
    )
    assert "<h3>Titre</h3>" in html
    assert "<h4>Sous</h4>" in html
    assert "<strong>gras</strong>" in html
    assert "<b" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="https://b.example"' in html
