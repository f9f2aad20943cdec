"""Past editions as a feed and as text to paste, within rights, whatever the words of strangers hold."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from archive.edition_pages import CopyLink, EditionPage, Part, Story
from archive.edition_texts import text_of
from archive.marks import Piece

ATOM = "{http://www.w3.org/2005/Atom}"
WEEK = "/edition/weekly/2026-W47"


def page_with(title: str, url: str = "https://exemple.fr/a_(b)") -> EditionPage:
    story = Story(
        1, title, title, datetime(2026, 11, 20, tzinfo=UTC), True, (), True,
        (Piece("Un "), Piece("contrat à impact", marked=True), Piece(f" {title}")), title, url, "exemple.fr", None,
        False, (CopyLink(title, "https://copie.example/x"),),
    )  # fmt: skip
    return EditionPage(
        "Semaine", "weekly", "2026-W47", "", story.at, 1, 3, (Part(title, (story,)),), ((title, title),), (), (title,)
    )


def test_the_feed_holds_what_was_sent_and_nobody_s_alert(archive: Any) -> None:
    answer = archive.client.get("/editions.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Semaine du 16 au 22\xa0novembre\xa02026\xa0: 3\xa0articles"
    link = entry.find(f"{ATOM}link")
    assert link is not None and link.attrib["href"].endswith(WEEK)
    (item,) = ElementTree.fromstring(archive.client.get("/editions.rss").content).iter("item")
    assert "<li><a href=" in (item.findtext("description") or "")
    assert "/editions.atom" in archive.client.get("/editions").text


def test_an_edition_is_taken_home_as_markdown_within_rights(archive: Any) -> None:
    answer = archive.client.get(f"{WEEK}.md")
    assert answer.headers["content-disposition"] == 'attachment; filename="veille-weekly-2026-W47.md"'
    text = answer.text.replace("\xa0", " ")
    assert text.startswith("# Veille impact social – Semaine du 16 au 22 novembre 2026\n")
    assert "## Contrats à impact social" in text and "10 sources lues." in text
    assert "- La Lettre fermée : la page d'entrée répond 403 (accès refusé)." in text
    assert "  Aussi dans : [L’Écho des rivières](<https://echo-des-rivieres.example/" in text
    assert "signer six **contrats à impact social** avant l'été" in text
    for line in text.splitlines():
        assert not line.startswith("  >") or len(line) <= 200 + 40
    assert f'href="{WEEK}.md"' in archive.client.get(WEEK).text


def test_for_a_wiki_each_story_is_a_dash_a_few_words_and_its_address(archive: Any) -> None:
    lines = archive.client.get(f"{WEEK}.wiki.txt").text.replace("\xa0", " ").splitlines()
    stories = [line for line in lines if line.startswith(" - ") and "https://" in line]
    assert len(stories) == 3
    assert all(" (" in line and ") : https://" in line for line in stories)


@pytest.mark.parametrize("path", ["/edition/alert-12/2026-W45.md", "/edition/weekly/2026-W99.wiki.txt"])
def test_what_is_no_public_edition_is_not_there(archive: Any, path: str) -> None:
    assert archive.client.get(path).status_code == 404


@pytest.mark.parametrize(
    "title",
    [
        "[x](javascript:alert(1))",
        "<script>alert(1)</script>",
        "**gras** `code` # titre",
        "a\n# titre\n- liste",
        "|a|b|",
    ],
)
def test_a_stranger_s_words_are_no_markdown(title: str) -> None:
    text = text_of("markdown", page_with(title), "Veille")
    assert text.count("\n# ") == 0 and "\n- liste" not in text
    for mark in ("<script", r"(?<!\\)\]\(javascript", r"(?<!\\)\*\*gras", r"(?<!\\)`code"):
        assert not re.search(mark, text)


@pytest.mark.parametrize(
    "title",
    [
        '""<script>alert(1)</script>""',
        "{{include page}}",
        "[[https://x Lien]]",
        "==== Titre",
        "**g** //i// __s__ ##t##",
    ],
)
def test_a_stranger_s_words_are_no_wiki_markup(title: str) -> None:
    text = text_of("wiki", page_with(title), "Veille")
    inside = [line for line in text.splitlines() if "exemple.fr" in line]
    assert len(inside) == 1
    words = inside[0].replace("https://", "")
    assert not [mark for mark in ('"', "{{", "[[", "==", "**", "//", "__", "##") if mark in words]
