"""docs/couverture.md: what the shipped sources watch of the facts already known."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.sources import Source
from veille import config, coverage
from veille.coverage import Atlas, Fact, Publisher

ROOT = Path(__file__).parents[2]
SETTINGS = config.load(ROOT / "config.toml")
ATLAS = Atlas(SETTINGS.sources, coverage.publishers(coverage.REFERENCE))

OPEN = Source("open", "Ouverte", "presse", "https://www.open.example/", feeds=("https://flux.example/rss",))
OFF = Source("off", "Inactive", "presse", "https://off.example/", enabled=False)


def share(kind: str) -> float:
    facts = coverage.facts(coverage.REFERENCE, kind)
    return sum(bool(ATLAS.watching(fact)) for fact in facts) / len(facts)


def test_the_page_is_current() -> None:
    """When a source or a fact changes: make coverage."""
    shown = (ROOT / "docs" / "couverture.md").read_text(encoding="utf-8")
    assert coverage.page(SETTINGS, coverage.REFERENCE) == shown


def test_nine_events_in_ten_have_a_watched_source() -> None:
    assert share("events") >= 0.90


def test_nineteen_contracts_in_twenty_have_a_watched_source() -> None:
    assert share("contracts") >= 0.95


@pytest.mark.parametrize(("kind", "count"), [("events", 59), ("contracts", 31), ("key-documents", 25)])
def test_every_fact_has_a_label_and_an_address(kind: str, count: int) -> None:
    facts = coverage.facts(coverage.REFERENCE, kind)
    assert len(facts) == count
    for fact in facts:
        assert fact.label and fact.urls
        assert all(url.startswith(("http://", "https://")) for url in fact.urls)


def test_every_publisher_is_read_somewhere_and_decided() -> None:
    facts = [fact for kind in coverage.KINDS for fact in coverage.facts(coverage.REFERENCE, kind)]
    read = {url.split("://")[1].removeprefix("www.").replace("gouv.fr./", "gouv.fr/") for f in facts for url in f.urls}
    for publisher in coverage.publishers(coverage.REFERENCE):
        assert any(address.startswith(publisher.address) for address in read), publisher.address
        assert publisher.note and (publisher.verdict in {"copie", "ancien site", "même éditeur"}) == bool(
            publisher.source
        )


def test_the_expressions_of_listings_accept_the_articles_that_were_seen() -> None:
    rules = {coverage.site(s.listing.url): s.listing for s in SETTINGS.sources if s.listing and s.listing.link_regex}
    tried = set()
    for fact in (*coverage.facts(coverage.REFERENCE, "events"), *coverage.facts(coverage.REFERENCE, "contracts")):
        for url in fact.urls:
            if listing := rules.get(coverage.site(url)):
                assert re.search(listing.link_regex, url), url
                assert not re.search(listing.link_regex, listing.url)
                tried.add(coverage.site(url))
    assert tried >= {"avise.org", "finance-fair.org", "group.bnpparibas", "agefi.fr", "fonciere-chenelet.org"}


@pytest.mark.parametrize(
    ("url", "watched"),
    [
        ("https://open.example/article", True),
        ("http://WWW.open.example.:80/article?x=1", True),
        ("https://flux.example/", True),
        ("https://copies.example/doc/1", True),
        ("https://copies.example/other", False),
        ("https://off.example/article", False),
    ],
)
def test_an_address_is_watched_by_an_enabled_source_of_its_site_or_publisher(url: str, watched: bool) -> None:
    publishers = [
        Publisher("copies.example", "", "pas un éditeur", "des copies"),
        Publisher("copies.example/doc/", "open", "copie", "un document de la source ouverte"),
    ]
    atlas = Atlas([OFF, OPEN], publishers)
    assert bool(atlas.watching(Fact("x", (url,)))) == watched


def test_a_source_that_is_off_is_in_the_file_but_not_watching() -> None:
    atlas = Atlas([OFF], [])
    fact = Fact("x", ("https://off.example/article",))
    assert atlas.is_in_the_file(fact) and not atlas.watching(fact)


@pytest.fixture
def reference(tmp_path: Path) -> Callable[[str, str], Path]:
    """A copy of the facts, with one line more at the end of a file."""

    def write(name: str, line: str) -> Path:
        folder = tmp_path / "reference"
        shutil.copytree(coverage.REFERENCE, folder)
        with (folder / name).open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
        return folder

    return write


def test_a_site_about_which_nothing_was_decided_is_named(reference: Callable[[str, str], Path]) -> None:
    folder = reference("events.csv", "2026,Un fait nouveau,https://www.inconnu.example/page")
    with pytest.raises(ValueError, match=r"inconnu\.example : à mettre dans config\.toml"):
        coverage.page(SETTINGS, folder)


def test_a_fact_that_would_be_missed_is_shown_with_its_site(reference: Callable[[str, str], Path]) -> None:
    folder = reference("events.csv", "2026,Un fait de plus,https://theses.fr/2026X")
    missed = coverage.page(SETTINGS, folder).split("## Ce qui serait manqué")[1].split("## Les sites")[0]
    assert "| 2026 : Un fait de plus | `theses.fr` |" in missed
