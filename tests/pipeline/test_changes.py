"""What was added to a watched page, as an article of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.articles import Article
from core.pages import FetchedPage
from core.urls import article_key, canonical
from pipeline.changes import added, change

NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
WIKI = "https://wiki.example/?Page11"
OLD = "Les contrats signés\nNièvre, 2017 : mobilité rurale.\nLoire, 2019 : hébergement d'urgence.\nUne note en bas."


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, ""),
        (OLD + "\nGironde, 2026 : un nouveau contrat est signé.", "Gironde, 2026 : un nouveau contrat est signé."),
        ("Gironde, 2026.\n" + OLD + "\nRhône, 2026.", "Gironde, 2026.\nRhône, 2026."),
        ("\n".join(OLD.split("\n")[:2]), ""),
        ("\n".join(reversed(OLD.split("\n"))), ""),
        (OLD.replace("Nièvre, 2017", "NIEVRE,  2017").replace("urgence.", "urgence ."), ""),
        (OLD.replace("hébergement d", "hébergements d"), ""),
        (
            OLD.replace("mobilité rurale.", "mobilité rurale. Prolongé en 2026 pour trois ans par la région."),
            "Nièvre, 2017 : mobilité rurale. Prolongé en 2026 pour trois ans par la région.",
        ),
        (OLD.replace("Une note en bas.", "Isère, 2026 : insertion."), "Isère, 2026 : insertion."),
    ],
    ids=["nothing", "an end", "both ends", "a cut", "an order", "typography", "a correction", "a longer paragraph",
         "a replacement"],
)  # fmt: skip
def test_only_new_paragraphs_count(new: str, expected: str) -> None:
    assert added(OLD, new) == expected


def test_two_large_pages_without_anything_in_common_are_compared_at_once() -> None:
    old, new = ("\n".join(f"{word} {number}" for number in range(20_000)) for word in ("avant", "après"))
    assert added(old, new) == new


def read(text: str) -> tuple[FetchedPage, Article]:
    page = FetchedPage(7, "wiki", "watched", WIKI, WIKI, 200, (), b"", "h", NOW)
    return page, Article(7, "wiki", WIKI, article_key(WIKI), "Les contrats", text, NOW, published=None)


def test_an_addition_is_an_article_that_opens_its_page() -> None:
    page, article = read(OLD + "\nGironde, 2026 : signé.")
    addition = change(page, OLD, article)
    assert addition is not None
    assert addition.title == "Les contrats (page modifiée le 25 novembre 2026)"
    assert (addition.text, addition.published, addition.is_part) == ("Gironde, 2026 : signé.", NOW, True)
    address, _, mark = addition.url.partition("#")
    assert (address, mark[:24]) == (WIKI, "modification-2026-11-25-")
    assert addition.key == article_key(addition.url) != article.key
    assert canonical(addition.url) == addition.url


def test_the_same_addition_has_the_same_identity_and_another_has_another() -> None:
    first, again, other = (change(*_seen(line)) for line in ("Gironde, 2026.", "Gironde, 2026.", "Rhône, 2026."))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.key == again.key != other.key


def _seen(line: str) -> tuple[FetchedPage, str, Article]:
    page, article = read(f"{OLD}\n{line}")
    return page, OLD, article


def test_a_text_that_was_purged_cannot_be_compared() -> None:
    page, article = read(OLD)
    assert change(page, "", article) is None
