"""The older pages of a feed, as it says them."""

from __future__ import annotations

import json

import pytest

from crawlers.feed_pages import older
from crawlers.found import EntryPage

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{own}<entry><link rel="next" href="/piege"/></entry></feed>'
RSS = (
    '<?xml version="1.0" encoding="utf-8"?><rss xmlns:atom="http://www.w3.org/2005/Atom"><channel>{own}</channel></rss>'
)
WORDPRESS = "<generator>https://wordpress.org/?v=6.4</generator>"


@pytest.mark.parametrize(
    ("text", "url", "found"),
    [
        (ATOM.format(own='<link rel="next" href="?page=2"/>'), "flux", ("https://exemple.fr/flux?page=2",)),
        (ATOM.format(own='<link rel="prev-archive" href="/a/1"/><link rel="next" href="/b"/>'), "flux",
         ("https://exemple.fr/a/1",)),
        (ATOM.format(own='<link rel="prev" href="/neuf"/>'), "flux", ()),
        (RSS.format(own='<atom:link rel="next" href="/flux/2"/>'), "flux", ("https://exemple.fr/flux/2",)),
        (RSS.format(own=WORDPRESS), "feed/", ("https://exemple.fr/feed/?paged=2",)),
        (RSS.format(own=WORDPRESS), "?feed=rss2&paged=9", ("https://exemple.fr/?feed=rss2&paged=10",)),
        (RSS.format(own="<generator>SPIP</generator>"), "flux", ()),
        (json.dumps({"items": [], "next_url": "/flux?2"}), "flux", ("https://exemple.fr/flux?2",)),
        (json.dumps({"items": [], "next_url": 3}), "flux", ()),
        ("{", "flux", ()),
        ("rien", "flux", ()),
        ("", "flux", ()),
    ],
)  # fmt: skip
def test_a_feed_says_where_its_older_items_are(text: str, url: str, found: tuple[str, ...]) -> None:
    assert older(EntryPage(f"https://exemple.fr/{url}", text.encode(), "application/xml")) == found
