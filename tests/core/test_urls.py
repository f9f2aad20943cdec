"""Canonical URLs and the identity of an article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.urls import article_key, canonical, same_site


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("HTTP://www.Example.FR:80/a/?utm_source=x&b=2#frag", "http://www.example.fr/a/?b=2"),
        ("https://x.fr/spip.php?article12", "https://x.fr/spip.php?article12"),
        ("https://x.fr/?Page11", "https://x.fr/?Page11"),
        ("https://x.fr/?Page11&utm_source=x#bas", "https://x.fr/?Page11"),
        (
            "https://x.fr/?Page11#modification-2026-11-25-0123abcd",
            "https://x.fr/?Page11#modification-2026-11-25-0123abcd",
        ),
        ("https://x.fr/a#modification-demain", "https://x.fr/a"),
        ("https://x.fr./a?fbclid=1&xtor=AL-3", "https://x.fr/a"),
        ("https://éco.fr/à propos", "https://xn--co-9ia.fr/%C3%A0%20propos"),
        ("https://x.fr/feeds/ID_4/(type)/instance", "https://x.fr/feeds/ID_4/(type)/instance"),
        ("https://x.fr/%C3%A9t%C3%A9", "https://x.fr/%C3%A9t%C3%A9"),
    ],
)
def test_canonical_form(given: str, expected: str) -> None:
    assert canonical(given) == expected


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://x/y", "//x", "", "http://u:p@x/"]
)
def test_other_schemes_are_refused(url: str) -> None:
    """A6, A34."""
    with pytest.raises(ValueError, match=r"adresse"):
        canonical(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://x.fr/a", "https://www.x.fr/a/"),
        ("https://x.fr/a?b=1&c=2", "https://x.fr/a?c=2&b=1&utm_medium=rss"),
        ("https://x.fr/index%2Ephp/actu/1", "https://x.fr/actu/1"),
        ("https://x.fr/a?amp", "https://x.fr/a"),
        ("https://x.fr/a/amp/", "https://x.fr/a?amp=1"),
        ("https://x.fr/un%2Dtitre%5F1", "https://x.fr/un-titre_1"),
        ("https://x.fr/index.php", "https://x.fr/"),
    ],
)
def test_one_article_has_one_key(one: str, other: str) -> None:
    """A29."""
    assert article_key(one) == article_key(other)


def test_the_query_string_is_an_identity() -> None:
    assert article_key("https://x.fr/?Page11") != article_key("https://x.fr/?Page12")


def test_same_site() -> None:
    assert same_site("https://www.x.fr/a", "http://x.fr/b")
    assert same_site("https://presse.x.fr/a", "https://x.fr")
    assert not same_site("https://x.fr.evil.com/", "https://x.fr/")


@given(st.from_regex(r"https?://[a-z]{1,8}\.fr(:\d{2,4})?/[a-zA-Z0-9/%?&=#._ é-]{0,30}", fullmatch=True))
def test_canonical_is_idempotent(url: str) -> None:
    try:
        once = canonical(url)
    except ValueError:
        return
    assert canonical(once) == once
