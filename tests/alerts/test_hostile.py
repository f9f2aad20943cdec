"""Titles, passages and links of strangers stay words (threats A33, A34, A38, A45)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import lxml.html
import pytest

from alerts.render import MailRenderer
from core.editions import Copy, Edition, Entry, Message
from core.search import Excerpt, Span

MakeEntry = Callable[..., Entry]
MakeEdition = Callable[..., Edition]
Read = Callable[[Message], Any]
SPACES = str.maketrans("\u00a0\u202f", "  ")


@pytest.mark.parametrize("part", ["text", "html"])
def test_hostile_titles_stay_text(
    renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition, hostile_titles: tuple[str, ...], part: str
) -> None:
    """Threats A33, A38, A45."""
    for title in hostile_titles:
        entry = make_entry(1, title=title, source=title, why=title, excerpt=Excerpt(title, (Span(0, 3),)))
        entry = replace(entry, copies=(Copy(title, "https://b.fr/"),))
        edition = make_edition(entry)
        body = renderer.body(edition)
        if part == "text":
            shown = body.text.replace("\u2063\u2062", "").replace("\u2063\u2064", "")
            assert not set("\r\x00\x1b\u202e\u2066\u200b\ufeff\u2063") & set(shown)
            assert "7 * 7" in shown or "49" not in shown
            continue
        page = lxml.html.document_fromstring(body.html)
        assert not list(page.iter("script", "b", "iframe", "img", "form", "link"))
        assert not [name for node in page.iter() for name in node.attrib if name.startswith("on")]
        assert [str(node) for node in page.iter() if node.tag is lxml.etree.Comment] == [
            "<!--veille:haut-->",
            "<!--veille:pied-->",
        ]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://u:p@exemple.fr/",
        "https://a b.fr/",
        "https://a.fr/\r\nBcc:x",
        "https://",
        "http://[::1",
        "//a.fr/",
        "https://a.fr:port/",
        "https://a.fr/" + "x" * 2000,
        "https://a.fr/\ud800",
        "https://\ud800.fr/",
    ],
)
def test_a_doubtful_address_is_no_link_and_the_title_stays(
    renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition, url: str
) -> None:
    """Threat A34."""
    body = renderer.body(make_edition(make_entry(1, title="Titre", url=url, page=2, copies=(Copy("Copie", url),))))
    page = lxml.html.document_fromstring(body.html)
    (title,) = page.iter("h3")
    assert title.text_content().strip() == "Titre"
    assert not list(title.iter("a"))
    links = {link.get("href") for link in page.iter("a")}
    assert all(link.startswith(("https://veille.asso.example/", "mailto:contact@asso.example")) for link in links)
    assert "Copie" in body.text


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (
            "https://été.exemple.fr/l’été?q=à b".replace(" ", "+"),
            "https://xn--t-9fab.exemple.fr/l%E2%80%99%C3%A9t%C3%A9?q=%C3%A0+b",
        ),
        ("https://a.fr/?Page11", "https://a.fr/?Page11"),
        ("http://a.fr:8080/a%20b?x=1&y=2", "http://a.fr:8080/a%20b?x=1&y=2"),
        ('https://a.fr/"><script>', "https://a.fr/%22%3E%3Cscript%3E"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
    ],
)
def test_a_link_is_plain_ascii_and_keeps_its_meaning(
    renderer: MailRenderer, make_entry: MakeEntry, make_edition: MakeEdition, url: str, link: str
) -> None:
    body = renderer.body(make_edition(make_entry(1, url=url)))
    page = lxml.html.document_fromstring(body.html)
    assert next(page.iter("h3"))[0].get("href") == link
    assert link in body.text
