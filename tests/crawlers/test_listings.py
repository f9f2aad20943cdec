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
