"""The feeds of a page, from what it says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.feed_links import MOST, feed_links

HOME = "https://exemple.fr/"


def declared(address: str, kind: str = "application/rss+xml", rel: str = "alternate") -> str:
    return f"<link rel='{rel}' type='{kind}' href='{address}'>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (declared("/flux.xml"), ["https://exemple.fr/flux.xml"]),
        (declared("flux", "Application/ATOM+xml; charset=utf-8", "Alternate home"), ["https://exemple.fr/flux"]),
        (declared("https://autre.fr/flux"), ["https://autre.fr/flux"]),
        (declared("/a.json", "application/feed+json"), ["https://exemple.fr/a.json"]),
        (declared("/en/", "text/html") + declared("/x.xml", rel="stylesheet"), []),
        (declared("/comments/feed/") + declared("/feed/"), ["https://exemple.fr/feed/"]),
        (declared("javascript:alert(1)") + declared("http://[x"), []),
        ("<base href='/sous/'>" + declared("rss.xml"), ["https://exemple.fr/sous/rss.xml"]),
        ("<a href='/rss'>Flux</a><a href='/actus/feed/'>F</a>", ["https://exemple.fr/rss", HOME + "actus/feed/"]),
        ("<a href='/spip.php?page=backend&amp;id_rubrique=4'>RSS</a>",
         [HOME + "spip.php?page=backend&id_rubrique=4", HOME + "spip.php?page=backend"]),
        ("<a href='/feedback'>Avis</a><a href='/rsse'>RSSE</a><a href='https://autre.fr/rss'>x</a>", []),
        ("<meta name='generator' content='SPIP 4.2'>", [HOME + "spip.php?page=backend"]),
        ("", []),
        ("   ", []),
    ],
)  # fmt: skip
def test_feeds_are_declared_linked_or_usual(html: str, expected: list[str]) -> None:
    assert feed_links(f"<html><head></head><body>{html}</body></html>" if html.strip() else html, HOME) == expected


def test_the_section_s_feed_comes_before_that_of_the_whole_wordpress() -> None:
    html = declared("/feed/") + "<script src='/wp-content/a.js'></script>"
    assert feed_links(html, HOME + "category/actus") == [HOME + "category/actus/feed/", HOME + "feed/"]
    assert feed_links(html, HOME) == [HOME + "feed/"]
    assert feed_links(declared("/feed/"), HOME + "actus/") == [HOME + "feed/"]


def test_a_feed_under_the_page_s_own_path_comes_first() -> None:
    html = declared("/rss.xml") + declared("/presse/rss.xml")
    assert feed_links(html, HOME + "presse/") == [HOME + "presse/rss.xml", HOME + "rss.xml"]


def test_a_page_of_links_gives_few(bounded: Callable[[], AbstractContextManager[None]]) -> None:
    """A40, A43."""
    with bounded():
        assert len(feed_links("".join(f"<a href='/{n}/rss.xml'>x</a>" for n in range(50_000)), HOME)) == MOST
        assert feed_links("<div>" * 100_000 + "<link" * 100_000, HOME) == []
        assert feed_links("<a href='" + "/rss" * 200_000 + "x'>x</a>", HOME) == []


@given(st.text(alphabet="<>/linkrelatv='\" \x00é[:", max_size=80))
def test_no_page_raises(html: str) -> None:
    assert isinstance(feed_links(html, HOME), list)
