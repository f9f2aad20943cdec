"""Sitemaps: plain, news, gzip, index (threats A7, A12, A13)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest

from crawlers import sitemaps
from crawlers.found import EntryPage, Reading, Unreadable

Bounded = Callable[[], AbstractContextManager[None]]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def read(text: str | bytes) -> Reading:
    body = text.encode() if isinstance(text, str) else text
    return sitemaps.read(EntryPage("https://exemple.fr/sitemap.xml", body), NOW)


NEWS = f"""<?xml version="1.0" encoding="UTF-8"?><urlset {NS}>
<url><loc> https://exemple.fr/a?x=1&amp;y=2 </loc><news:news><news:publication><news:name>Le Titre</news:name>
<news:language>fr</news:language></news:publication><news:publication_date>2026-03-16T10:00:00+01:00</news:publication_date>
<news:title>L&apos;impact &amp;amp; nous</news:title></news:news></url>
<url><loc>/b</loc><news:news><news:publication_date>2026-03-17</news:publication_date></news:news></url></urlset>"""


@pytest.mark.parametrize("body", [NEWS.encode(), gzip.compress(NEWS.encode())], ids=["plain", "gzip"])
def test_a_news_sitemap_gives_titles_and_dates_newest_first(body: bytes) -> None:
    second, first = read(body).found
    assert (second.url, second.hint.title) == ("https://exemple.fr/b", "")
    assert first.url == "https://exemple.fr/a?x=1&y=2"
    assert first.hint.title == "L'impact & nous"
    assert first.hint.published == datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
    assert first.hint.language == "fr"


def test_lastmod_orders_and_dates_nothing() -> None:
    rows = "".join(f"<url><loc>/{n}</loc><lastmod>2026-03-1{n}</lastmod></url>" for n in (1, 3, 2))
    reading = read(f"<urlset {NS}>{rows}<url><loc>/0</loc></url><url><priority>1</priority></url></urlset>")
    assert [found.url[-1] for found in reading.found] == ["3", "2", "1", "0"]
    assert {found.hint.published for found in reading.found} == {None}


def test_an_index_names_further_sitemaps_newest_first() -> None:
    rows = "<sitemap><loc>/vieux.xml</loc><lastmod>2020-01-01</lastmod></sitemap><sitemap><loc>/neuf.xml.gz</loc>"
    reading = read(f"<sitemapindex {NS}>{rows}<lastmod>2026-11-20</lastmod></sitemap></sitemapindex>")
    assert reading.more == ("https://exemple.fr/neuf.xml.gz", "https://exemple.fr/vieux.xml")
    assert reading.found == ()


def test_an_index_without_dates_is_read_from_its_last_numbers() -> None:
    names = ("articles-1", "articles-2", "articles-10", "actualites")
    rows = "".join(f"<sitemap><loc>http://127.0.0.1/{name}.xml</loc></sitemap>" for name in names)
    more = read(f"<sitemapindex {NS}>{rows}</sitemapindex>").more
    assert [url.split("/")[-1][:-4] for url in more] == ["actualites", "articles-10", "articles-2", "articles-1"]


def test_a_gzip_of_several_members_is_read_to_its_end() -> None:
    half = len(NEWS) // 2
    assert len(read(gzip.compress(NEWS[:half].encode()) + gzip.compress(NEWS[half:].encode())).found) == 2


@pytest.mark.parametrize(
    ("loc", "expected"),
    [
        ("/?id=1&page=2", "https://exemple.fr/?id=1&page=2"),
        ("/?id=1&amp;page=2&#38;x=é", "https://exemple.fr/?id=1&page=2&x=é"),
        ("<![CDATA[/?id=1&page=2]]>", "https://exemple.fr/?id=1&page=2"),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16"])
def test_addresses_are_read_as_they_were_meant(loc: str, expected: str, charset: str) -> None:
    """A15: ampersands not escaped, charsets that lie; a wrong address would be asked in vain, or never."""
    text = f'\n<?xml version="1.0" encoding="UTF-8"?><urlset {NS}><url><loc>{loc}</loc></url></urlset>'
    assert [found.url for found in read(text.encode(charset)).found] == [expected]


def test_the_address_cut_at_the_end_of_a_sitemap_is_not_asked() -> None:
    """A17."""
    reading = read(f"<urlset {NS}><url><loc>/entiere</loc></url><url><loc>/coup")
    assert [found.url for found in reading.found] == ["https://exemple.fr/entiere"]
    assert reading.lost == "le plan de site est coupé avant la fin"


def test_the_address_of_a_picture_is_not_the_page_s() -> None:
    url = "<url><loc>/page</loc><image:image><image:loc>/image.jpg</image:loc></image:image></url>"
    assert [found.url for found in read(f"<urlset {NS} {IMAGE}>{url}</urlset>").found] == ["https://exemple.fr/page"]
    first = "<url><image:image><image:loc>/image.jpg</image:loc></image:image><loc>/page</loc></url>"
    assert [found.url for found in read(f"<urlset {NS} {IMAGE}>{first}</urlset>").found] == ["https://exemple.fr/page"]


def test_an_empty_sitemap_is_no_failure() -> None:
    assert read(f"<urlset {NS}></urlset>") == Reading()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><body>Connexion</body></html>", "format"),
        (b"<rss version='2.0'/>", "format"),
        (b"rien", "format"),
        (b"", "format"),
        (gzip.compress(NEWS.encode())[:-20], "encoding"),
        (b"\x1f\x8b" + b"\0" * 20, "encoding"),
        (gzip.compress(b" " * 60_000_000), "size"),
    ],
)
def test_what_is_no_sitemap_is_a_named_failure(body: bytes, kind: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(body)
    assert caught.value.kind == kind


def test_entities_are_neither_fetched_nor_expanded(bounded: Bounded) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    subset = f'<!DOCTYPE urlset [<!ENTITY e0 "aaaaaaaaaa">{levels}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    with bounded():
        reading = read(f"{subset}<urlset {NS}><url><loc>/x&e11;&f;</loc></url></urlset>")
    assert [found.url for found in reading.found] == ["https://exemple.fr/x"]
