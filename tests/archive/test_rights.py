"""What a visitor may see of a text: one table, every cell asserted, and the same on every page."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any, get_args

import lxml.html
import pytest
from sqlalchemy import update

from archive.rights import View, passages, view_for
from core.excerpts import bare_words, shorten
from core.search import Excerpt, Span
from core.sources import Audience, Rights, Source
from db.models import ArticleRow

SENTENCE = "Le conseil a voté un contrat à impact social de deux millions, " + "puis la séance a été levée. " * 9
MARKED = Excerpt(SENTENCE, (Span(21, 44),))


def with_rights(rights: Rights) -> Source:
    return Source("s", "S", "presse", "https://s.example/", rights=rights)


@pytest.mark.parametrize("audience", get_args(Audience))
@pytest.mark.parametrize("chars", [0, 120, 200, 5_000])
def test_only_a_public_text_is_shown_whole_and_an_extract_never_passes_200(audience: Audience, chars: int) -> None:
    view = view_for("visitor", with_rights(Rights(chars, audience)))
    assert view == View(audience == "public", min(chars, 200))


def test_a_source_that_left_the_configuration_shows_no_full_text() -> None:
    assert view_for("visitor", None) == View(False, 200)


@pytest.mark.parametrize("limit", [0, 10, 59, 60, 80, 120, 200])
def test_a_shortened_excerpt_keeps_its_limit_and_its_marked_words(limit: int) -> None:
    short = shorten(MARKED, limit)
    assert len(short.text) <= limit
    if limit >= 60:
        assert [short.text[span.start : span.end] for span in short.spans] == ["contrat à impact social"]
    else:
        assert short == Excerpt("")


def test_an_excerpt_without_marks_is_cut_at_its_beginning() -> None:
    assert shorten(Excerpt(SENTENCE), 80).text.startswith("Le conseil a voté")
    assert shorten(Excerpt("court"), 80) == Excerpt("court")


def test_spans_out_of_the_text_change_nothing() -> None:
    short = shorten(Excerpt(SENTENCE, (Span(-5, 3), Span(21, 44), Span(5_000, 6_000), Span(9, 4))), 100)
    assert [short.text[span.start : span.end] for span in short.spans] == ["contrat à impact social"]


@pytest.mark.parametrize("chars", [0, 60, 100, 200])
def test_all_the_passages_of_a_page_share_one_allowance_of_text(chars: int) -> None:
    shown = passages([MARKED] * 12, View(False, chars))
    bare = Excerpt("contrat à impact social", (Span(0, 23),))
    assert sum(len(passage.text) for passage in shown if passage != bare) <= chars
    assert len(shown) == 12
    assert shown[-1] == bare, "then the words alone"
    assert passages([MARKED] * 12, View(True, 0)) == (MARKED,) * 12


def test_bare_words_are_said_once_each() -> None:
    text = "CIS et contrat, CIS encore"
    words = bare_words(Excerpt(text, (Span(0, 3), Span(7, 14), Span(16, 19))))
    assert words == Excerpt("CIS … contrat", (Span(0, 3), Span(6, 13)))


CLOSED = (
    "/economie/associations-investisseurs-412.html",
    "/actus/premiere-cloture", "/notes/ten-years-of-social-impact-bonds",
    "/publications/rapport-finance-utile.pdf", "/2026/11/investisseurs-associations",
)  # fmt: skip


@pytest.mark.parametrize("path", CLOSED)
def test_no_door_of_the_site_gives_more_of_a_closed_text_than_its_source_allows(archive: Any, path: str) -> None:
    article = archive.store.articles.article(archive.ids[path])
    allowed = next(each for each in archive.ports.sources if each.slug == article.source).rights.excerpt_chars
    host = f"{article.source}.example"
    for door in (f"/article/{article.id}", f"/recherche?q=source:{article.source}&tous=1",
                 f"/recherche?q=source:{article.source}+contrat+OU+impact&tous=1",
                 f"/flux.atom?q=source:{article.source}&tous=1", "/edition/weekly/2026-W47", "/"):  # fmt: skip
        text = archive.client.get(door).text
        page = lxml.html.fromstring(text.encode())
        if host not in text:
            continue
        words = " ".join(page.text_content().replace("\u00a0", " ").replace("\u202f", " ").split())
        runs = longest_runs(article.text.replace("\n", " "), words, article.title)
        assert max(runs, default=0) <= max(allowed, 60), door
        if door.startswith("/article"):
            assert sum(runs) <= allowed + 60, "the bare words aside"


def longest_runs(text: str, page: str, title: str) -> list[int]:
    """Lengths of the parts of a text, of 30 characters or more, that a page gives."""
    runs, at = [], 0
    while at < len(text) - 30:
        if text[at : at + 30] not in page or text[at : at + 30] in title:
            at += 1
            continue
        end = at + 30
        while end < len(text) and text[at : end + 1] in page:
            end += 1
        runs.append(end - at)
        at = end
    return runs


def test_a_public_text_is_shown_whole_with_its_marked_words(archive: Any) -> None:
    number = archive.id("/appel-logement")
    page = lxml.html.fromstring(archive.client.get(f"/article/{number}").text)
    text = page.xpath("//*[@class='text']")[0]
    assert "Le premier appel, lancé en 2024" in text.text_content()
    assert text.xpath(".//mark/text()") == ["contrats à impact social", "investisseurs privés"]


def test_versions_of_a_closed_text_are_counted_and_not_shown(fresh: Any, keep_article: Any) -> None:
    row = {"source": "courrier-du-bocage", "path": "/a", "title": "T", "seen": fresh.ports.clock.now(), "tags": {}}
    texts = {
        "text": "Un paragraphe entièrement nouveau.",
        "previous": "Une phrase ancienne et tue.",
        "previous_title": "T",
    }
    number, _ = keep_article(fresh.store, row | texts)
    text = fresh.client.get(f"/article/{number}").text
    assert "mots ajoutés" in text
    assert "entièrement" not in text
    assert "ancienne et tue" not in text


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>|[*\\\\]", "", page)).split())


@pytest.mark.parametrize("ending", ["", ".md"])
def test_what_its_publisher_reserves_later_is_quoted_no_more_in_past_editions(fresh: Any, ending: str) -> None:
    number, address = fresh.id("/appel-logement"), f"/edition/weekly/2026-W47{ending}"
    entries = fresh.store.editions.find("weekly", "2026-W47").entries
    (told,) = [entry for entry in entries if entry.article_id == number]
    words = told.excerpt.text[told.excerpt.spans[0].end :][:25].strip()
    assert words in plain(fresh.client.get(address).text)
    with fresh.store.articles._database.write() as connection:
        connection.execute(update(ArticleRow).where(ArticleRow.id == number).values(reserved=True))
    shown = plain(fresh.client.get(address).text)
    assert words not in shown
    assert told.title in shown


def test_rights_tightened_later_apply_to_past_editions(archive: Any, open_over: Any) -> None:
    sources = tuple(replace(each, rights=Rights(0, "nobody")) for each in archive.ports.sources)
    page = lxml.html.fromstring(open_over(replace(archive.ports, sources=sources)).get("/edition/weekly/2026-W47").text)
    assert page.xpath("//*[@class='story']")
    assert not page.xpath("//*[@class='excerpt']")
