"""The sources that config.toml ships: complete, decided one by one, pleasant to read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from core.sources import Category, Source
from veille.config import load

CONFIG = Path(__file__).parents[2] / "config.toml"
TEXT = CONFIG.read_text(encoding="utf-8")
SOURCES = load(CONFIG).sources
BLOCK_RE = re.compile(r'\[\[source\]\]\nslug = "([^"]+)".*?(?=\n\n|\Z)', re.DOTALL)
BLOCKS = {match[1]: match[0] for match in BLOCK_RE.finditer(TEXT)}
"""Slug → the lines of its block, comments included."""
ONLY_HTTP = {"tsa", "alternatives-humanitaires", "ash", "ess-europe"}
"""Seen in http:// only; the others are asked in https://."""
INSTITUTIONS = {"oecd", "eib", "eif"}
PUBLISHERS = {"presse", "think-tank", "promoteur", "critique-allie", "international"}


def entries(source: Source) -> Iterator[str]:
    yield from (*source.feeds, *source.sitemaps)
    yield from (rules.url for rules in (source.listing, source.api) if rules is not None)
    yield from source.pages.urls if source.pages else ()


def known_by(source: Source) -> str:
    """The first word of the block's comment, without its endings: essay, relev or suppos."""
    found = re.search(r"^# (Essay|Relev|Suppos)ée?s?\b", BLOCKS[source.slug], re.MULTILINE)
    return found[1].lower() if found else ""


def test_the_whole_catalogue_is_shipped_and_most_of_it_is_asked() -> None:
    slugs = [table["slug"] for table in tomllib.loads(TEXT)["source"]]
    assert len(slugs) >= 140
    assert len(set(slugs)) == len(slugs) == len(SOURCES) == len(BLOCKS)
    assert {source.category for source in SOURCES} == set(get_args(Category))
    assert sum(source.enabled for source in SOURCES) >= 100


def test_an_enabled_source_has_an_entry() -> None:
    for source in (source for source in SOURCES if source.enabled):
        assert source.discover or list(entries(source)), source.slug
        assert not source.disabled_reason and not source.checked_on, source.slug


def test_a_disabled_source_says_why_and_since_when() -> None:
    for source in (source for source in SOURCES if not source.enabled):
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", source.checked_on), source.slug
        assert len(source.disabled_reason) >= 20, source.slug
        # It follows « désactivée : » in the pages.
        assert not source.disabled_reason[0].isupper() or source.disabled_reason[1].isupper(), source.slug


def test_the_block_of_a_source_says_how_its_address_is_known() -> None:
    assert [source.slug for source in SOURCES if not known_by(source)] == []


def test_a_deduced_address_never_stands_alone() -> None:
    """ADR 0012; the mirror of Légifrance and the Blogger site have pages of no other kind."""
    alone = {"legifrss", "cgt-anras"}
    for source in (source for source in SOURCES if source.enabled and known_by(source) == "suppos"):
        assert source.discover or source.listing is not None or source.slug in alone, source.slug


def test_addresses_are_secure_unless_only_http_was_seen() -> None:
    for source in SOURCES:
        schemes = {urlsplit(address).scheme for address in (source.url, *entries(source))}
        assert ("http" in schemes) == (source.slug in ONLY_HTTP), source.slug


def test_texts_of_publishers_are_shown_to_nobody_and_not_kept() -> None:
    """Product decision 9: the category decides, save for the publishers among the international sources."""
    publishers = [s for s in SOURCES if s.category in PUBLISHERS and s.slug not in INSTITUTIONS]
    assert len(publishers) >= 100
    for source in publishers:
        assert source.rights.full_text == "nobody", source.slug
        assert source.rights.keep_days is not None and source.rights.keep_days <= 90, source.slug


def test_a_newspaper_that_asks_for_an_agreement_is_neither_opened_nor_quoted() -> None:
    monde = next(source for source in SOURCES if source.slug == "le-monde")
    assert (monde.fetch, monde.rights.excerpt_chars) == ("never", 0)


def test_every_source_says_its_language() -> None:
    for source in SOURCES:
        assert source.expect.language == "fr" or (source.expect.language, source.category) in {
            ("en", "international"),
            ("en", "think-tank"),
        }, source.slug


def test_a_text_length_is_not_expected_where_only_a_beginning_is_read() -> None:
    for source in SOURCES:
        assert source.fetch == "full" or source.expect.text_min is None, source.slug


def test_no_entry_is_read_for_two_sources() -> None:
    seen: dict[str, str] = {}
    for source in SOURCES:
        for address in entries(source):
            assert seen.setdefault(address, source.slug) == source.slug, address


def test_its_lines_fit_a_screen() -> None:
    for line in TEXT[TEXT.index("# LES SOURCES") :].splitlines():
        assert len(line) <= 122, line
