"""HTML listings: links, rows, dates, next page."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sources import ListingRules
from crawlers import listings
from crawlers.found import EntryPage, Reading, Unreadable

Bounded = Callable[[], AbstractContextManager[None]]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://exemple.fr/actualites/"


def read(html: str | bytes, link: str = "a", content_type: str = "", **rules: Any) -> Reading:
    body = html.encode() if isinstance(html, str) else html
    return listings.read(EntryPage(URL, body, content_type), ListingRules(URL, link, **rules), NOW)


def days(html: str, link: str = "a", **rules: Any) -> list[str]:
    """Day of each article in Paris, or a dash."""
    from zoneinfo import ZoneInfo

    dates = [found.hint.published for found in read(html, link, **rules).found]
    return [f"{date.astimezone(ZoneInfo('Europe/Paris')):%d/%m}" if date else "-" for date in dates]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<li><a href=1>A</a> (3 février 2026)</li><li><a href=2>B</a> (4 mars 2026)</li>", ["03/02", "04/03"]),
        (
            "<div><h3><a href=1>A</a></h3><p>13/04/2026</p></div><div><h3><a href=2>B</a></h3><p>14/04/2026</p></div>",
            ["13/04", "14/04"],
        ),
        (
            "<tr><td>3 mai 2026</td><td><a href=1>A</a></td></tr><tr><td>-</td><td><a href=2>B</a></td></tr>",
            ["03/05", "-"],
        ),
        (
            "<article><time datetime='2026-05-06T10:00:00+02:00'>hier</time><a href=1>A</a></article>"
            "<article><time>07/05/2026</time><a href=2>B</a></article>",
            ["06/05", "07/05"],
        ),
        # the words of the link itself are a title, not a date
        ("<li><a href=1>Réunion du 12 mars 2026</a></li><li><a href=2>B</a> 5 mai 2026</li>", ["-", "05/05"]),
        # a lone link does not reach the footer's date
        ("<main><h2><a href=1>A</a></h2></main><footer>© 1er janvier 2026</footer>", ["-"]),
        # several links to one article are one row
        (
            "<div><a href=1><img alt=x></a><a href=1>A</a><i>8 juin 2026</i></div><div><a href=2>B</a></div>",
            ["08/06", "-"],
        ),
        # rows that share a parent with no box of their own stay undated
        ("<p><a href=1>A</a> 3 mai 2026 <a href=2>B</a> 4 mai 2026</p>", ["-", "-"]),
    ],
)
def test_a_date_is_sought_in_the_link_s_own_row(html: str, expected: list[str]) -> None:
    table = f"<table>{html}</table>" if html.startswith("<tr") else html
    assert days(f"<html><body>{table}</body></html>") == expected


def test_the_rules_date_selector_comes_first() -> None:
    row = "<li><i>Événement du 1er mai 2026</i><a href=1>A</a><b class=d>Publié le 3 mai 2026</b></li>"
    assert days(f"<ul>{row}<li><a href=2>B</a></li></ul>", date=".d") == ["03/05", "-"]


def test_titles_come_from_the_words_else_the_attributes_else_the_picture() -> None:
    html = (
        "<li><a href=1> Un\n  titre </a></li><li><a href=2 title='Deux'></a></li>"
        "<li><a href=3><img alt='Trois'></a></li><li><a href=4><img alt='photo'></a><a href=4>Quatre</a></li>"
    )
    assert [found.hint.title for found in read(html).found] == ["Un titre", "Deux", "Trois", "Quatre"]


@pytest.mark.parametrize(
    ("html", "link", "expected"),
    [
        ("<a href='a b'>x</a>", "a", URL + "a b"),
        ("<base href='/autre/'><a href='x'>x</a>", "a", "https://exemple.fr/autre/x"),
        ("<div class=c data-href='/carte'>x</div>", ".c", "https://exemple.fr/carte"),
        ("<div class=c><h2>x</h2><a href='/dedans'>x</a></div>", ".c", "https://exemple.fr/dedans"),
        ("<a href='/autour'><h2>x</h2></a>", "h2", "https://exemple.fr/autour"),
        ("<div class=c><span data-href='/profond'>x</span></div>", ".c", "https://exemple.fr/profond"),
        ("<a href='?Page11'>x</a>", "a", URL + "?Page11"),
    ],
)
def test_addresses_are_found_and_made_absolute(html: str, link: str, expected: str) -> None:
    (found,) = read(f"<html><body>{html}</body></html>", link).found
    assert found.url == expected


def test_excluded_addresses_are_left() -> None:
    html = "".join(
        f"<a href='{path}'>x</a>" for path in ("/page/2", "/wp-login.php", "/agenda?x", "/bon", "/feed/", "#haut")
    )
    reading = read(html, exclude=("page/", "*/wp-*", "agenda?x", "*/feed/"))
    assert [found.url for found in reading.found] == ["https://exemple.fr/bon"]


def test_the_next_page_is_named() -> None:
    html = "<a class=r href=1>x</a><nav><a class=n href='?page=2#liste'>suite</a></nav>"
    assert read(html, "a.r", next="a.n").more == (URL + "?page=2",)
    assert read(html, "a.r").more == ()
    assert read("<link rel=next href='/p2'><a class=r href=1>x</a>", "a.r", next="link[rel=next]").more == (
        "https://exemple.fr/p2",
    )


CESE = """<main>
<div data-history-node-id=1><h3><a href="/presse/communiques/un">Un communiqué</a></h3>
  <div class=field--name-field-date>13/04/2026</div>
  <div class=doc><a href="/files/un.pdf">Télécharger</a> <a href="/agenda">Agenda du 1er mai 2026</a></div></div>
<div data-history-node-id=2><h3><a href="/presse/communiques/deux"><img alt=""></a><b>Deux</b></h3>
  <div class=field--name-field-date>Publié le 16 octobre 2023 - 10:26 - Mise à jour le 3 mai 2026</div></div>
<div data-history-node-id=3><h3>Sans lien</h3></div>
<a href="/presse/communiques/hors-bloc">Ailleurs</a></main>"""
BLOCKS = {
    "item": "div[data-history-node-id]", "title": "h3", "date": ".field--name-field-date", "pdf": "a[href$='.pdf']",
}  # fmt: skip


def test_an_item_gives_one_article_whose_document_is_read() -> None:
    one, two = read(CESE, "a[href*='/presse/communiques/']", **BLOCKS).found
    assert (one.url, one.hint.title) == ("https://exemple.fr/files/un.pdf", "Un communiqué")
    assert (two.url, two.hint.title) == ("https://exemple.fr/presse/communiques/deux", "Deux")
    assert [found.hint.published for found in (one, two)] == [
        datetime(2026, 4, 12, 22, tzinfo=UTC),
        datetime(2023, 10, 16, 8, 26, tzinfo=UTC),
    ]


def test_a_document_may_be_all_that_an_item_gives() -> None:
    (one,) = read(CESE, "", **BLOCKS).found[:1]
    assert one.url == "https://exemple.fr/files/un.pdf"
    (alone,) = read(CESE, "", pdf="a[href$='.pdf']").found
    assert (alone.url, alone.hint.title) == ("https://exemple.fr/files/un.pdf", "Télécharger")


def test_an_expression_alone_chooses_among_all_links() -> None:
    html = (
        "<nav><a href='/rapport/'>Rapports</a></nav><link href='/rapport/9-icone'>"
        "<li><a href='/rapport/12-l-impact'>L'impact</a> 3 février 2026</li>"
        "<div class=card data-href='/rapport/13-fonds'><h2>Fonds</h2><i>4 mars 2026</i></div>"
    )
    found = read(f"<html><body>{html}</body></html>", "", link_regex=r"/rapport/\d+-[a-z-]+$").found
    assert [(row.url[-6:], row.hint.title) for row in found] == [("impact", "L'impact"), ("-fonds", "Fonds")]
    assert days(f"<body>{html}", "", link_regex=r"/rapport/\d+") == ["03/02", "04/03"]
    named = read(f"<body>{html}", "", link_regex=r"/rapport/13", item=".card", title="h2", date="i").found
    assert [(row.hint.title, str(row.hint.published)[:10]) for row in named] == [("Fonds", "2026-03-03")]


def test_an_expression_narrows_a_selector() -> None:
    html = "<a class=r href=/a/1>A</a><a class=r href=/b/1>B</a><a href=/a/2>C</a>"
    assert [found.hint.title for found in read(html, "a.r", link_regex="/a/").found] == ["A"]


def test_an_expression_that_does_not_end_is_named(bounded: Bounded) -> None:
    """A40: one that the check of the configuration does not see."""
    html = "".join(f"<a href='/{'a' * 1_500}/{n}!'>x</a>" for n in range(2_000))
    with bounded(), pytest.raises(Unreadable, match="demande trop de temps") as caught:
        read(html, "", link_regex="(a|a)*$")
    assert caught.value.kind == "config"


def test_numbered_pages_count_from_the_first() -> None:
    rules = ListingRules("https://exemple.fr/presse?page={page}", "a", first=0, pages=3)
    assert [url[-1] for url in listings.urls(rules, 200)] == ["0", "1", "2"]
    assert len(listings.urls(rules, 2)) == 2
    assert listings.urls(ListingRules(URL, "a"), 200) == (URL,)


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        ("*/wp-*", False),
        ("https://*", False),
        ("*-admin", False),
        ("*admin*wp*", True),
        ("https://x*", True),
        ("*", False),
    ],
)
def test_globs_fit_the_whole_address(pattern: str, kept: bool) -> None:
    html = "<a href='/wp-admin'>x</a><a href='javascript:0'>y</a>"
    urls = [found.url for found in read(html, exclude=(pattern, "javascript:*", "*nulle-part")).found] if kept else []
    assert bool(urls) is kept
    if not kept:
        with pytest.raises(Unreadable):
            read(html, exclude=(pattern, "javascript:*"))


def test_two_thousand_links_are_read_and_no_more(bounded: Bounded) -> None:
    row = "<li><a href='/a/{0}'>Article {0}</a> <time>3 février 2026</time></li>"
    html = "<ul>" + "".join(row.format(number) for number in range(2_500)) + "</ul>"
    for rules in ({"link": "li a"}, {"link": "", "link_regex": "/a/"}, {"link": "a", "item": "li", "date": "time"}):
        with bounded():
            found = read(html, **rules).found
        assert len(found) == 2_000
        assert all(each.hint.published for each in found)


def test_a_listing_in_another_charset_is_read() -> None:
    (found,) = read(
        "<li><a href=1>Été</a> 14 août 2026</li>".encode("cp1252"), content_type="text/html; charset=utf-8"
    ).found
    assert found.hint.title == "Été"
    assert found.hint.published is not None


@pytest.mark.parametrize(
    ("html", "link", "kind"),
    [
        ("<html><body><p>rien</p></body></html>", ".views-row a", "empty"),
        ("<a href='#x'>x</a>", "a", "empty"),
        ("   ", "a", "format"),
        ("<!-- -->", "a", "format"),
        ("<a href=x>x</a>", "a[", "config"),
        ("<a href=x>x</a>", "a:inconnu", "config"),
    ],
)
def test_what_cannot_be_read_is_a_named_failure(html: str, link: str, kind: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(html, link)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "<a href=1>x</a>",
        "<a href=1>x" * 50_000,
        "<b><i>" * 30_000 + "".join(f"<a href={n}>x</a>" for n in range(3_000)),
        "<a href=1>" + "x" * 5_000_000 + "</a>",
    ],
    ids=["deep", "nested links", "deep with links", "one long line"],
)
def test_hostile_pages_do_not_run_away(bounded: Bounded, html: str) -> None:
    """A43."""
    with bounded(), contextlib.suppress(Unreadable):
        assert all(found.url.startswith("http") for found in read(html).found)


@given(st.text(alphabet="<>/ahref='1 \x00é", max_size=80))
def test_no_page_raises_anything_else(html: str) -> None:
    with contextlib.suppress(Unreadable):
        assert read(html).found
