"""What comes from the web or from the address bar is shown, never obeyed (threats A33, A34, A41, A45, C21)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient

from archive.marks import pieces, web_link
from archive.ports import ArchivePorts
from core.articles import ArticleVersion, Match, StoredArticle, Tag
from core.search import Excerpt, Hit, SearchResult, Span
from core.sources import SourceState
from core.visits import Visit

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TRAP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}\u202e\ud800"


def hostile_article(url: str) -> StoredArticle:
    card = Match(TRAP, TRAP, TRAP, TRAP, TRAP, "text", TRAP, -3, 10**9, TRAP, 0, 0.9, 0.5, True, 3, (TRAP,), (TRAP,))
    refused = replace(card, accepted=False, sentence_start=7)
    return StoredArticle(
        1, 1, "source<b>", url, TRAP, f"{TRAP}\n{TRAP}", TRAP, 'fr" onload="x', None, False, TRAP, NOW, False, NOW,
        True, "pdf", 2, (0,), (Tag("t", TRAP[:-1], True, 1.0),), (card, refused),
    )  # fmt: skip


class Hostile:
    """Stores whose every field is a trap."""

    def __init__(self, url: str) -> None:
        self.url = url

    def search(self, query: Any, now: Any) -> SearchResult:
        hit = Hit(1, 1, self.url, TRAP, TRAP, None, NOW, (TRAP[:-1],), False, Excerpt(TRAP, (Span(-9, 10**6),)),
                  (Span(5, 2),), 1.0, 3)  # fmt: skip
        return SearchResult(1, (hit,), ())

    def similar(self, article_id: int, limit: int) -> tuple[Hit, ...]:
        return self.search(None, NOW).hits

    def article(self, number: int) -> StoredArticle:
        return hostile_article(self.url)

    def versions(self, number: int) -> list[ArticleVersion]:
        return [ArticleVersion(1, TRAP + "ancien", TRAP, NOW), ArticleVersion(2, TRAP, TRAP + " nouveau", NOW)]

    def copies(self, number: int) -> list[StoredArticle]:
        return [hostile_article(self.url)]

    def states(self, counted: bool = False) -> dict[str, SourceState]:
        broken = SourceState("collectif-des-haies", failures=2, last_error_reason=TRAP, entry_used=self.url, articles=1,
                             condition="failing", condition_reason=TRAP, moved_to=self.url, mining=TRAP)  # fmt: skip
        return {"collectif-des-haies": broken}

    def latest_visits(self, most: int) -> dict[str, tuple[Visit, ...]]:
        return {"collectif-des-haies": (Visit(NOW, False, TRAP, self.url, 9, 9, 9, 9, 9, TRAP, TRAP, TRAP),)}

    def last_finished(self) -> datetime:
        return NOW


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", 'https://x.example/"><script>alert(3)</script>']
)
def test_a_trap_in_every_field_stays_text_a33_a34(
    archive: Any, open_over: Callable[[ArchivePorts], TestClient], url: str
) -> None:
    traps: Any = Hostile(url)
    client = open_over(replace(archive.ports, index=traps, articles=traps, runs=traps))
    for path in ("/", "/recherche?q=x", "/article/1", "/sources", "/flux.atom?q=x"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        if path.startswith("/flux"):
            continue
        page = lxml.html.document_fromstring(answer.text)
        assert not page.xpath("//@*[starts-with(name(), 'on')] | //script | //img"), path
        assert not page.xpath("//a[starts-with(@href, 'javascript') or starts-with(@href, 'data')]"), path
        assert "49" not in page.xpath("//h1")[0].text_content()


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/b?c=d#e", True),
        ("http://[2001:db8::1]:8080/", True),
        ("https://é.example/ü", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("ftp://a.example/", False),
        ("//a.example/", False),
        ("/article/1", False),
        ("https://", False),
        ("https://u:p@a.example/", False),
        ("https://a.example/\n", False),
        ("https://a.example/\u202e", False),
        ("https://a.example/ b", False),
        ("https://[bad/", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links_a34(url: str, kept: bool) -> None:
    assert web_link(url) == (url if kept else "")


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [("abcdef", False)]),
        ([(1, 3)], [("a", False), ("bc", True), ("def", False)]),
        ([(3, 4), (1, 3)], [("a", False), ("bc", True), ("d", True), ("ef", False)]),
        ([(0, 4), (2, 6)], [("abcd", True), ("ef", True)]),
        ([(-5, 2), (5, 99), (4, 4), (5, 2)], [("ab", True), ("cde", False), ("f", True)]),
    ],
)
def test_pieces_give_the_whole_text_whatever_the_spans(spans: list[tuple[int, int]], expected: Any) -> None:
    found = pieces("abcdef", [Span(*span) for span in spans])
    assert [(piece.text, piece.marked) for piece in found] == expected
    assert "".join(piece.text for piece in found) == "abcdef"


QUERIES = (
    "", " ", '"', '""', "-", "--", "(", "NEAR(", "a AND", "OU OU", "OR", "*", "^", ":", "tag:", "tag:'", "source:\"",
    "l'élection", "aujourd'hui", "C++", "%", "_", "\x00", "a\x00b", "\ud800", "\u202eabc", "😀",
    "<script>alert(1)</script>", "{{7*7}}",
    "'; DROP TABLE article; --", "x" * 10_000, "é " * 5_000, '"' * 10_000, "-a " * 3_000, "tag:x " * 2_000,
    "apres:9999-99-99",
    "annee:0", "mois:2026-13", "../../etc/passwd", "a\r\nSet-Cookie: x=1",
)  # fmt: skip


@pytest.mark.parametrize("path", ["/recherche", "/flux.atom"])
def test_no_query_is_an_error_a41(archive: Any, path: str) -> None:
    for query in QUERIES:
        parameters = {"q": query.encode("utf-8", "replace"), "tri": query[:9].encode("utf-8", "replace"), "page": "x"}
        answer = archive.client.get(path, params=parameters)
        assert answer.status_code == 200, query[:40]
        assert "set-cookie" not in answer.headers
        assert "<script" not in answer.text
        assert "\x00" not in answer.text


def test_no_random_query_is_an_error_a41(archive: Any) -> None:
    chars = "aé 'l\"-:()*^~ORNEAR tag:source:\u00a0\u200b\u0301😀ﬁß\t\n\x01"
    chance = random.Random(2026)
    for _ in range(150):
        query = "".join(chance.choice(chars) for _ in range(chance.randrange(40)))
        assert archive.client.get("/recherche", params={"q": query, "tous": "1"}).status_code == 200, repr(query)


def test_raw_bytes_in_the_address_are_no_error(archive: Any) -> None:
    for raw in ("q=%ff%fe", "q=%00", "q=%ed%a0%80", "q", "q=a&q=b", "&&&=", "q[]=1", "page=%C2%B2", "tous=1&tous=0"):
        assert archive.client.get(f"/recherche?{raw}").status_code == 200, raw


def test_what_a_proxy_claims_is_not_believed_c21(archive: Any) -> None:
    claims = {"x-forwarded-for": "10.0.0.1", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https",
              "x-forwarded-prefix": "/evil", "host": "evil.example"}  # fmt: skip
    number = archive.id("/appel-logement")
    for path in ("/", f"/article/{number}", "/flux.atom"):
        assert "evil" not in archive.client.get(path, headers=claims).text
