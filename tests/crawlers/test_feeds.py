"""Feeds of every age and shape, and what is none."""

from __future__ import annotations

import contextlib
import json
import tracemalloc
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import feeds
from crawlers.found import EntryPage, Found, Unreadable

Bounded = Callable[[], AbstractContextManager[None]]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://exemple.fr/flux/rss.xml"
ITEM = "<title>Un titre</title><link>https://exemple.fr/a</link>"


def read(text: str | bytes, content_type: str = "") -> tuple[Found, ...]:
    body = text.encode() if isinstance(text, str) else text
    return feeds.read(EntryPage(URL, body, content_type), NOW).found


def rss(items: str, version: str = "2.0", before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<rss version="{version}"><channel><title>t</title>{items}</channel></rss>'


@pytest.mark.parametrize(
    "text",
    [
        rss(f"<item>{ITEM}</item>", "0.91"),
        rss(f"<item>{ITEM}</item>", "0.92"),
        rss(f"<item>{ITEM}</item>"),
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f"<channel><title>t</title></channel><item rdf:about='x'>{ITEM}</item></rdf:RDF>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><title>Un titre</title>'
        '<link rel="self" href="/x"/><link rel="alternate" href="https://exemple.fr/a"/></entry></feed>',
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [{"id": "1", "url": "https://exemple.fr/a", "title": "Un titre"}],
            }
        ),
    ],
    ids=["RSS 0.91", "RSS 0.92", "RSS 2.0", "RDF", "Atom", "JSON Feed"],
)
def test_every_kind_of_feed_is_read(text: str) -> None:
    (found,) = read(text)
    assert (found.url, found.hint.title) == ("https://exemple.fr/a", "Un titre")


def test_an_item_gives_its_hints() -> None:
    item = (
        f"<item>{ITEM}<pubDate>Mon, 16 Mar 2026 10:00:00 +0100</pubDate><author>a@b.fr (Jeanne)</author>"
        "<description>&lt;p&gt;Un &amp;eacute;té.&lt;/p&gt;&lt;p&gt;Deux.&lt;/p&gt;</description></item>"
    )
    (found,) = read(rss(f"<language>fr-FR</language>{item}"))
    assert found.hint.published == datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
    assert found.hint.text == "Un été.\n\nDeux."
    assert "Jeanne" in found.hint.author
    assert found.hint.language.lower() == "fr-fr"


def test_the_whole_text_is_preferred_to_the_summary() -> None:
    content = (
        '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[<p>Tout le texte.</p>]]>'
    )
    (found,) = read(rss(f"<item>{ITEM}<description>Court</description>{content}</content:encoded></item>"))
    assert found.hint.text == "Tout le texte."


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/a", "https://exemple.fr/a"),
        ("b?x=1&amp;y=2", "https://exemple.fr/flux/b?x=1&y=2"),
        ("//autre.fr/c", "https://autre.fr/c"),
        (
            "\n  https://exemple.fr/feeds/detail/ID_42/(type)/instance \n",
            "https://exemple.fr/feeds/detail/ID_42/(type)/instance",
        ),
    ],
)
def test_relative_links_are_made_absolute(link: str, expected: str) -> None:
    (found,) = read(rss(f"<item><title>t</title><link>{link}</link></item>"))
    assert found.url == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<link></link><guid>https://exemple.fr/g</guid>", "https://exemple.fr/g"),
        ('<guid isPermaLink="false">https://exemple.fr/g</guid>', "https://exemple.fr/g"),
        (
            '<guid isPermaLink="false">42</guid><enclosure url="/r.pdf" type="application/pdf"/>',
            "https://exemple.fr/r.pdf",
        ),
        ("<guid>42</guid><link>/a</link>", "https://exemple.fr/a"),
    ],
)
def test_an_item_without_link_is_read_at_its_guid_or_its_document(item: str, expected: str) -> None:
    (found,) = read(rss(f"<item><title>t</title>{item}</item>"))
    assert found.url == expected


def test_an_item_of_a_json_feed_may_be_named_by_its_identity_alone() -> None:
    items = [{"id": "https://exemple.fr/i"}, {"id": "2", "url": "", "external_url": "/e"}]
    assert [found.url for found in read(json.dumps({"items": items}))] == [
        "https://exemple.fr/i",
        "https://exemple.fr/e",
    ]


def test_items_without_any_address_are_named() -> None:
    sound = '<enclosure url="https://exemple.fr/s.mp3" type="audio/mpeg"/>'
    items = f"<item>{ITEM}</item><item><title>Sans adresse</title></item><item><title>Un son</title>{sound}</item>"
    reading = feeds.read(EntryPage(URL, rss(items).encode()), NOW)
    assert len(reading.found) == 1
    assert reading.lost == "2 articles annoncés sans adresse, dont « Sans adresse »"


def test_the_newest_items_of_a_long_feed_may_come_last() -> None:
    """A31."""
    items = [{"url": f"https://exemple.fr/{n}"} for n in range(5_000)]
    assert read(json.dumps({"items": items}))[-1].url == "https://exemple.fr/4999"


def test_xml_base_is_obeyed() -> None:
    (found,) = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.fr/x/"><title>t</title>'
        '<entry><title>t</title><link href="a"/></entry></feed>'
    )
    assert found.url == "https://base.fr/x/a"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("L&amp;#x27;impact &amp;amp; nous", "L'impact & nous"),
        ("&lt;b&gt;Gras&lt;/b&gt;", "Gras"),
        ("&amp;lt;b&amp;gt;Gras&amp;lt;/b&amp;gt;", "Gras"),
        ("<![CDATA[Été &eacute;t&eacute;]]>", "Été été"),
        ("Deux\n  lignes", "Deux lignes"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Contrat\r\nBcc: x@y.fr", "Contrat Bcc: x@y.fr"),
        ("=?utf-8?q?a=0aBcc:_x?=", "=?utf-8?q?a=0aBcc:_x?="),
        ("1 &amp;lt; 2", "1 < 2"),
    ],
)
def test_titles_are_plain_text_on_one_line(raw: str, shown: str) -> None:
    """A33, A35: escaped once or twice, tags and scripts out."""
    (found,) = read(rss(f"<item><title>{raw}</title><link>https://exemple.fr/a</link></item>"))
    assert found.hint.title == shown


def test_a_bare_ampersand_does_not_lose_the_feed() -> None:
    """A14."""
    found = read(rss("<title>Actualités & dossiers</title>" + f"<item>{ITEM}</item>" * 3))
    assert len(found) == 3


@pytest.mark.parametrize("real", ["utf-8", "cp1252"])
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-15", "us-ascii"])
def test_charsets_that_lie_do_no_harm(real: str, declared: str) -> None:
    """A15."""
    text = rss("<item><title>L’été</title><link>/é</link></item>").replace("?>", f' encoding="{declared}"?>', 1)
    (found,) = read(text.encode(real), f"text/xml; charset={declared}")
    assert found.hint.title == "L’été"


def test_an_empty_feed_is_no_failure() -> None:
    assert read(rss("")) == ()
    assert read('{"version": "https://jsonfeed.org/version/1", "items": []}') == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!DOCTYPE html><html><body>Connexion</body></html>", "page HTML"),
        ("\n <!-- a --><!-- b --><html lang='fr'>", "page HTML"),
        ("<!doctype HTML PUBLIC '-//W3C//DTD'>", "page HTML"),
        ("Access denied", "pas un flux"),
        ("<urlset><url><loc>x</loc></url></urlset>", "pas un flux"),
        ("{}", "pas un flux"),
        ('{"items": ', "mal formé"),
        ("[" * 100_000, "pas un flux"),
        ("<!DOCTYPE r [<!ENTITY a 'b'>", "pas un flux"),
        ("\x00\x01\x02", "pas un flux"),
    ],
)
def test_what_is_no_feed_is_a_named_failure(body: str, words: str) -> None:
    """A16."""
    with pytest.raises(Unreadable, match=words) as caught:
        read(body)
    assert caught.value.kind == "format"


def test_entities_are_neither_fetched_nor_expanded(bounded: Bounded) -> None:
    """A12, A13."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    subset = f'<!DOCTYPE rss [<!ENTITY e0 "aaaaaaaaaa">{levels}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    item = "<item><title>T &e11; &f;</title><link>/a</link><description>&e11;&f;</description></item>"
    tracemalloc.start()
    with bounded():
        (found,) = read(rss(item, before=subset))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 * 1024 * 1024
    assert "root:" not in found.hint.text
    assert "aaaa" not in found.hint.title + found.hint.text


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE a [" * 100_000,
        "<!---->" * 100_000,
        rss("<item><title>t</title><link>/a</link><description>" + "<p" * 150_000 + "</description></item>"),
        rss(
            "<item><title>t</title><link>/a</link><description><![CDATA[" + "<p" * 150_000 + "]]></description></item>"
        ),
        rss("<item><title>" + "<![CDATA[" + "<script" * 30_000 + "]]></title><link>/a</link></item>"),
    ],
    ids=["doctypes", "comments", "tags", "tags in CDATA", "scripts"],
)
def test_hostile_markup_does_not_run_away(bounded: Bounded, body: str) -> None:
    """A40, A43."""
    with bounded(), contextlib.suppress(Unreadable):
        assert len(read(body)) <= 1


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(read(body), tuple)
