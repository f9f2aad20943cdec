"""Walks back through the history of sources, over real sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawl_lab import Crawled, Lab, Reply, Seen, Site

from core.sources import ApiRules, ListingRules
from crawlers.backfill import numbered

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    opened = Lab(tmp_path)
    yield opened
    opened.close()


def articles(site: Site, *paths: str) -> None:
    for path in paths:
        site.routes[path] = Reply(f"<html><p>Page {path}</p></html>".encode())


def listing(*rows: tuple[str, str], following: str = "") -> Reply:
    """A listing page of (path, day); the page after it where one is named."""
    cards = "".join(
        f"<article><a href='{path}'>Titre</a> <time datetime='{day}'></time></article>" for path, day in rows
    )
    return Reply(f"<html><body>{cards}<a class='next' href='{following}'>Suite</a></body></html>".encode())


def walk(lab: Lab, budget: int = 100) -> Crawled:
    return lab.crawl(since=SINCE, max_new=budget)


def brought(crawled: Crawled) -> list[str]:
    """The paths of the articles committed."""
    urls = [page.url for page in crawled.store.saved if page.kind != "entry"]
    return sorted(url.split("/", 3)[3] for url in urls)


def test_a_listing_is_walked_beyond_its_pages_until_all_is_older(lab: Lab) -> None:
    site = lab.site()
    rules = ListingRules(f"{site.base}/liste?p={{page}}", link="article a", date="time", pages=1)
    days = {1: "2024-01-01", 2: "2022-01-01", 3: "2020-06-01", 4: "2019-01-01", 5: "2018-01-01"}
    for number, day in days.items():
        site.routes[f"/liste?p={number}"] = listing((f"/a{number}", day))
        articles(site, f"/a{number}")
    lab.watch("igas", listing=rules)
    done = walk(lab)
    assert brought(done) == ["a1", "a2", "a3"]
    assert site.count("/liste?p=4") == 1
    assert site.count("/liste?p=5") == site.count("/a4") == 0
    assert done.store.history.finished == {"igas"}
    assert done.store.read == {}  # nothing is said of how the source fares
    assert done.store.failures == []


def test_a_walk_ends_where_pages_say_nothing_new_or_are_not_there(lab: Lab) -> None:
    first, second = lab.site(), lab.site()
    for site in (first, second):
        articles(site, "/a1", "/a2")
        site.routes["/1"] = listing(("/a1", ""), following="/2")
        site.routes["/2"] = listing(("/a2", ""), following="/3")
    first.routes["/3"] = listing(("/a2", ""), following="/4")
    first.routes["/4"] = listing(("/a1", ""), following="/5")
    for slug, site in (("boucle", first), ("fin", second)):
        lab.watch(slug, listing=ListingRules(f"{site.base}/1", link="article a", next="a.next"))
    done = walk(lab)
    assert brought(done) == ["a1", "a1", "a2", "a2"]
    assert first.count("/4") == 0
    assert done.store.history.finished == {"boucle", "fin"}
    assert done.store.failures == []


def test_all_sitemaps_of_an_index_are_read_but_those_and_the_pages_that_are_surely_older(lab: Lab) -> None:
    site = lab.site()
    names = ("sitemap-2018-11.xml", "sitemap-2021-03.xml", "sitemap-2022-01.xml")
    index = "".join(f"<sitemap><loc>{site.base}/{name}</loc></sitemap>" for name in names)
    site.routes["/sitemap.xml"] = Reply(f"<sitemapindex>{index}</sitemapindex>".encode(), content_type="text/xml")
    for number, name in enumerate(names):
        rows = f"<url><loc>{site.base}/a{number}</loc></url>" + (
            f"<url><loc>{site.base}/vieux{number}</loc><lastmod>2017-01-01</lastmod></url>"
        )
        site.routes[f"/{name}"] = Reply(f"<urlset>{rows}</urlset>".encode(), content_type="text/xml")
        articles(site, f"/a{number}")
    lab.watch("igas", sitemaps=(f"{site.base}/sitemap.xml",))
    done = walk(lab)
    assert brought(done) == ["a1", "a2"]
    assert site.count("/sitemap-2018-11.xml") == 0
    assert done.store.history.finished == {"igas"}


def test_an_api_and_a_feed_are_walked_page_by_page(lab: Lab) -> None:
    api, blog = lab.site(), lab.site()
    for offset, path in ((0, "a1"), (10, "a2"), (20, "")):
        rows = f'[{{"url": "/{path}"}}]' if path else "[]"
        api.routes[f"/api?skip={offset}"] = Reply(rows.encode(), content_type="application/json")
    articles(api, "/a1", "/a2")
    for page, path in (("/feed/", "/b1"), ("/feed/?paged=2", "/b2")):
        blog.feed(page, path)
        reply = blog.routes[page]
        assert isinstance(reply, Reply)
        reply.body = reply.body.replace(b"<title>Flux", b"<generator>https://wordpress.org/</generator><title>Flux")
    lab.watch("parlement", api=ApiRules(f"{api.base}/api?skip={{offset}}", link="url", step=10, pages=1))
    lab.watch("blog", f"{blog.base}/feed/")
    done = walk(lab)
    assert brought(done) == ["a1", "a2", "b1", "b2"]
    assert done.store.history.finished == {"parlement", "blog"}


def test_a_call_takes_no_more_than_its_budget_and_the_next_goes_on_at_the_same_page(lab: Lab) -> None:
    site = lab.site()
    for number in (1, 2, 3):
        paths = [f"/a{number}{letter}" for letter in "xyz"]
        site.routes[f"/liste?p={number}"] = listing(*((path, "2024-01-01") for path in paths))
        articles(site, *paths)
    lab.watch("igas", listing=ListingRules(f"{site.base}/liste?p={{page}}", link="article a"))
    first = walk(lab, budget=4)
    assert brought(first) == ["a1x", "a1y", "a1z", "a2x"]
    cursor = first.store.history.cursors["igas"]
    assert (cursor.waiting, cursor.troubled) == ({"listing": [f"{site.base}/liste?p=2"]}, False)
    assert "4 articles" in cursor.stop
    assert first.store.history.finished == set()
    second = walk(lab)
    assert brought(second) == ["a2y", "a2z", "a3x", "a3y", "a3z"]
    assert site.count("/liste?p=1") == 1
    assert second.store.history.finished == {"igas"}


def test_a_site_in_trouble_is_left_where_it_stopped(lab: Lab) -> None:
    site = lab.site()
    answers: list[Callable[[], Reply]] = [lambda: Reply(b"panne", 500), lambda: listing(("/a2", ""))]

    def second(of: Site, seen: Seen) -> Reply:
        return answers.pop(0)()

    site.routes |= {"/liste?p=1": listing(("/a1", "")), "/liste?p=2": second}
    articles(site, "/a1", "/a2")
    lab.watch("igas", listing=ListingRules(f"{site.base}/liste?p={{page}}", link="article a"))
    first = walk(lab)
    assert first.store.history.cursors["igas"].troubled
    assert first.failures("igas") == [(f"{site.base}/liste?p=2", "http", True)]
    assert first.store.history.finished == set()
    assert brought(walk(lab)) == ["a2"]


def test_known_articles_are_neither_asked_again_nor_revisited(lab: Lab) -> None:
    site = lab.site()
    site.routes["/liste"] = listing(("/a1", ""), ("/a2", ""))
    articles(site, "/a1", "/a2")
    lab.watch("igas", listing=ListingRules(f"{site.base}/liste", link="article a"))
    lab.crawl(max_new=1)
    done = walk(lab)
    assert site.count("/a1") == site.count("/a2") == 1
    assert done.store.revisits_asked == set()


def test_robots_are_obeyed(lab: Lab) -> None:
    site = lab.site()
    site.robots("User-agent: *\nDisallow: /liste?p=2\nDisallow: /prive")
    site.routes |= {"/liste?p=1": listing(("/a1", ""), ("/prive/1", "")), "/liste?p=2": listing(("/a2", ""))}
    articles(site, "/a1", "/a2", "/prive/1")
    lab.watch("igas", listing=ListingRules(f"{site.base}/liste?p={{page}}", link="article a"))
    done = walk(lab)
    assert brought(done) == ["a1"]
    assert {kind for _, kind, _ in done.failures("igas")} == {"robots"}


def test_the_next_page_is_told_from_an_address_alone() -> None:
    assert numbered("https://a.fr/l?p={page}&x=1")("https://a.fr/l?p=9&x=1") == "https://a.fr/l?p=10&x=1"
    assert numbered("https://a.fr/l?o={offset}", 50)("https://a.fr/l?o=100") == "https://a.fr/l?o=150"
    assert numbered("https://a.fr/l")("https://a.fr/l") is None
    assert numbered("https://a.fr/l?p={page}")("https://b.fr/l?p=1") is None
