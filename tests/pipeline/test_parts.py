"""Parts of a text: what a selector chooses, what an excerpt keeps."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from core.articles import Article
from core.pages import Failure, FetchedPage, Hint
from pipeline.extract import read_page
from pipeline.parts import LONGEST_LEAD, lead, watched_text

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
PAGE = FetchedPage(1, "s", "article", "https://x.example/a", "https://x.example/a", 200, (), b"", "h", NOW)


@pytest.mark.parametrize(
    ("body", "css", "text"),
    [
        ("<div class=page><h2>A</h2><p>Un <b>mot</b>\n gras.</p><ul><li>1<li>2</ul></div><p>Pied</p>", ".page",
         "A\nUn mot gras.\n1\n2"),
        ("<p>un</p><p>deux</p>", "p", "un\ndeux"),
        ("<div class=a>un<div class=a>deux</div>trois</div>", ".a", "un\ndeux\ntrois"),
        ("<div class=a>un<script>x()</script> <style>y</style><!-- z -->deux</div>", ".a", "un deux"),
        ("<p>un</p>", ".absent", ""),
        ("<p>un</p>", "p[", ""),
    ],
)  # fmt: skip
def test_a_selector_chooses_blocks_on_lines(body: str, css: str, text: str) -> None:
    assert watched_text(html.document_fromstring(f"<html><body>{body}</body></html>"), css) == text


def test_a_very_deep_part_is_read(bounded: Callable[[], AbstractContextManager[None]]) -> None:
    """A43."""
    with bounded():
        deep = html.document_fromstring("<html><body>" + "<div>" * 200 + "fond" + "<p>x" * 50_000)
        assert watched_text(deep, "body").startswith("fond")


def test_a_watched_page_whose_part_is_gone_is_a_named_failure() -> None:
    page = replace(
        PAGE, kind="watched", body=b"<html><body><p>Un texte.</p></body></html>", hint=Hint(content=".liste")
    )
    result = read_page(page)
    assert isinstance(result, Failure)
    assert (result.kind, "content" in result.reason) == ("empty", True)


def test_a_watched_page_keeps_its_query_as_its_address() -> None:
    body = "<html><head><link rel=canonical href='https://x.example/'><title>T</title><body><div id=l><p>Un</p></div>"
    page = replace(PAGE, kind="watched", url="https://x.example/?Page11", body=body.encode(), hint=Hint(content="#l"))
    result = read_page(page)
    assert isinstance(result, Article)
    assert (result.url, result.text) == ("https://x.example/?Page11", "Un")


SHORT, LONG = "Une phrase courte.", "Un paragraphe assez long pour que deux cents caractères y tiennent. " * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SHORT, SHORT),
        (f"{SHORT}\n{LONG.strip()}\n{SHORT}", f"{SHORT}\n{LONG.strip()}"),
        ("", ""),
    ],
)
def test_an_excerpt_is_the_first_paragraphs(text: str, expected: str) -> None:
    assert lead(text) == expected


def test_an_excerpt_is_cut_at_a_word_when_its_paragraph_is_long() -> None:
    kept = lead("mot " * 1_000)
    assert len(kept) <= LONGEST_LEAD
    assert kept.endswith("mot…")


def test_only_the_excerpt_of_a_page_is_read_where_that_is_the_rule() -> None:
    paragraphs = "".join(f"<p>Paragraphe {n} : {LONG}</p>" for n in range(5))
    body = f"<html><head><title>Titre</title></head><body><article><h1>Titre</h1>{paragraphs}</article></body></html>"
    whole = read_page(replace(PAGE, body=body.encode()))
    excerpt = read_page(replace(PAGE, body=body.encode(), hint=Hint(excerpt=True)))
    assert isinstance(whole, Article)
    assert isinstance(excerpt, Article)
    assert "Paragraphe 4" in whole.text
    assert excerpt.text.startswith("Paragraphe 0")
    assert "Paragraphe 1" not in excerpt.text
    assert excerpt.title == whole.title
