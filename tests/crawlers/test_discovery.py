"""What a page says of a site: its name, its sections, its sitemaps; and which entry is worth the most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.discovery import Candidate
from core.sources import ListingRules
from crawlers.discovery import name_of, ranked, sections, sitemaps_of

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
URL = "https://agence.example/"


def candidate(kind: str, url: str = URL, **fields: object) -> Candidate:
    return Candidate(kind, url, **({"announced": 5, "dated": 5, "titled": 5} | fields))  # type: ignore[arg-type]


def test_feeds_come_first_then_news_sitemaps_dated_lists_lists_and_whole_sitemaps() -> None:
    rules = ListingRules(URL, "a")
    order = [
        candidate("feed"),
        candidate("sitemap"),
        candidate("listing", listing=rules),
        candidate("listing", listing=rules, dated=0),
        candidate("sitemap", titled=0, announced=900),
    ]
    assert list(ranked(reversed(order), NOW)) == order


def test_a_feed_asleep_for_a_year_comes_after_a_live_list() -> None:
    asleep = candidate("feed", newest=NOW - timedelta(days=400))
    alive = candidate("listing", newest=NOW - timedelta(days=4), listing=ListingRules(URL, "a"))
    assert ranked([asleep, alive], NOW) == (alive, asleep)


def test_the_section_with_a_next_page_comes_before_the_home_page() -> None:
    home = candidate("listing", announced=9, listing=ListingRules(URL, "a"))
    plain = candidate("listing", f"{URL}actus", listing=ListingRules(f"{URL}actus", "a"))
    paged = candidate("listing", f"{URL}news", announced=4, listing=ListingRules(f"{URL}news", "a", next="a.next"))
    assert ranked([home, plain, paged], NOW) == (paged, plain, home)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<title>Accueil | Agence d'exemple</title>", "Agence d'exemple"),
        ("<title>Agence d'exemple</title>", "Agence d'exemple"),
        ("<title>Actualités - Agence - Accueil</title>", "Agence"),
        ("<title>Un titre</title><meta property='og:site_name' content='L’Agence'>", "L’Agence"),
        ("", ""),
    ],
)
def test_a_site_is_named_as_it_names_itself(head: str, name: str) -> None:
    assert name_of(f"<html><head>{head}</head><body></body></html>") == name


def test_sections_are_the_pages_called_news_of_the_same_site() -> None:
    page = """<nav><a href="/contact">Contact</a> <a href="/publications">Nos publications</a> <a href="/">Accueil</a>
    <a href="/actus">Actualités</a> <a href="https://ailleurs.example/news">News</a> <a href="/blog">Le coin</a>
    <a href="/x">Une association réunit cinquante bénévoles à la une du journal de demain</a></nav>"""
    assert sections(page, URL) == [f"{URL}actus", f"{URL}publications", f"{URL}blog"]


def test_sitemaps_of_robots_come_with_news_first_else_the_usual_one() -> None:
    robots = "User-agent: *\nSitemap: https://a.example/sitemap.xml\nsitemap: /sitemap-news.xml.gz\n"
    assert sitemaps_of(robots, URL) == [f"{URL}sitemap-news.xml.gz", "https://a.example/sitemap.xml"]
    assert sitemaps_of("User-agent: *", f"{URL}actus/") == [f"{URL}sitemap.xml"]
