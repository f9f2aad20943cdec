"""The entry points of sources, read over real HTTP: order and fallback, pages that follow, watched pages, manners."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from crawl_lab import Crawled, Lab, Reply, Seen, Site

from core.sources import ApiRules, ListingRules, PageRules

XML = "application/xml"
WORDPRESS = (
    b"<html><head><link rel=alternate type=application/rss+xml href=/feed/></head>"
    b"<body><script src=/wp-includes/x.js></script></body></html>"
)


def rss(*paths: str) -> Reply:
    items = "".join(f"<item><title>t</title><link>{path}</link></item>" for path in paths)
    return Reply(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), content_type=XML)


def rows(*names: str, after: str = "") -> Reply:
    """A listing page, in its template."""
    links = "".join(f"<li><a class=r href='/{name}'>Article {name}</a></li>" for name in names)
    return Reply(f"<html><body><ul>{links}</ul>{after}</body></html>".encode())


def articles(site: Site, *names: str) -> None:
    for name in names:
        site.routes.setdefault(f"/{name}", Reply(f"<p>{name}</p>".encode()))


def listings(lab: Lab) -> Site:
    site = lab.site()
    articles(site, *"abcdefgh")
    site.routes |= {"/n?page=0": rows("a", "b"), "/n?page=1": rows("c"), "/n?page=2": rows("c"), "/n?page=3": rows("d")}
    lab.watch("numeros", listing=ListingRules(f"{site.base}/n?page={{page}}", "a.r", first=0, pages=9))
    site.routes |= {"/f?p=1": rows("e"), "/f?p=2": rows("f"), "/v?p=1": rows("g"), "/v?p=2": rows()}
    lab.watch("fin", listing=ListingRules(f"{site.base}/f?p={{page}}", "a.r", pages=9))
    lab.watch("vide", listing=ListingRules(f"{site.base}/v?p={{page}}", "a.r", pages=9))

    def turning(_: Site, seen: Seen) -> Reply:
        turn = int(seen.path.rpartition("=")[2])
        return rows("h", after=f"<a class=n href='/t?session={turn + 1}'>Suite</a>")

    for turn in range(60):
        site.routes[f"/t?session={turn}"] = turning
    lab.watch("tourne", listing=ListingRules(f"{site.base}/t?session=0", "a.r", next="a.n", pages=50))
    return site


def feeds(lab: Lab) -> Site:
    site = lab.site()
    articles(site, "un", "deux", "rubrique", "tout", "ailleurs")
    site.routes |= {
        "/flux1": rss("/un"),
        "/flux3": rss("/deux"),
        "/sec/feed/": rss("/rubrique"),
        "/feed/": rss("/tout"),
    }
    lab.watch("trois", feeds=tuple(f"{site.base}/flux{n}" for n in (1, 2, 3)))
    site.routes |= {"/sec": Reply(WORDPRESS), "/sans": Reply(b"<html><body><p>rien</p></body></html>")}
    for slug, path in (("cherche", "/sec"), ("cherche-rien", "/sans")):
        lab.watch(slug, feeds=(f"{site.base}/mort",), discover=True)
        lab.sources[-1] = replace(lab.sources[-1], url=site.base + path)
    lab.watch("cherche-seul", discover=True)
    lab.sources[-1] = replace(lab.sources[-1], url=f"{site.base}/sec")
    lab.lies["sous.maison.example"] = ""
    site.routes["/mixte"] = rss("/ailleurs", "http://autre.example/x", "http://sous.maison.example/y")
    lab.watch("chez-soi", f"{site.base}/mixte", article_domains=(site.host, "maison.example"))
    many = [f"/long{n}" for n in range(5_000)]
    site.routes["/long"] = rss(*many)
    articles(site, "long0", "long1")
    lab.watch("long", f"{site.base}/long")
    news = (
        "<urlset xmlns:news='n'><url><loc>/paye</loc><news:news><news:title>Un contrat</news:title>"
        "<news:publication_date>2026-03-16T10:00:00Z</news:publication_date></news:news></url></urlset>"
    )
    site.routes["/news.xml"] = Reply(news.encode(), content_type=XML)
    lab.watch("payant", sitemaps=(f"{site.base}/news.xml",), fetch="never")
    return site


def pages(lab: Lab) -> Site:
    site = lab.site()

    def wiki(_: Site, seen: Seen) -> Reply:
        tag = {"ETag": '"w1"'}
        return (
            Reply(status=304, headers=tag)
            if seen.headers.get("if-none-match") == '"w1"'
            else Reply(b"<p>w", headers=tag)
        )

    site.routes |= {"/?Page11": wiki, "/?Page12": Reply(b"<p>deux"), "/?PageMorte": Reply(b"absente", 404)}
    urls = tuple(f"{site.base}/?Page{n}" for n in ("11", "12", "Morte"))
    lab.watch("wiki", pages=PageRules(urls, ".liste"))
    lab.watch("wiki-mort", pages=PageRules(urls[2:]))
    site.routes["/?Reservee"] = Reply(b"<p>r", headers={"tdm-reservation": "1"})
    lab.watch("wiki-reserve", pages=PageRules((f"{site.base}/?Reservee",)))
    return site


def apis(lab: Lab) -> Site:
    site = lab.site()
    articles(site, "o0", "o50", "avis-26%2F1")
    for offset in (0, 50):
        items = [{"u": f"/o{offset}"}]
        site.routes[f"/r?offset={offset}"] = Reply(json.dumps(items).encode(), content_type="application/json")
    site.routes["/r?offset=100"] = Reply(b'{"error": "offset too large"}', 400)
    lab.watch("decalage", api=ApiRules(f"{site.base}/r?offset={{offset}}", "u", step=50, pages=9))
    question = {"id": "26/1", "q": "La question.", "r": None}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("1.json", json.dumps(question))
        archive.writestr("remplissage.bin", bytes(6 * 1024 * 1024))
    site.routes["/dump.zip"] = Reply(stream.getvalue(), content_type="application/zip")
    rules = {"link": f"{site.base}/avis-{{id}}", "text": "[q, r]", "format": "json.zip"}
    lab.watch("dump", api=ApiRules(f"{site.base}/dump.zip", **rules))
    lab.watch("dump-gros", api=ApiRules(f"{site.base}/dump.zip", **rules, max_mib=5))
    return site


def slow(lab: Lab) -> Site:
    site = lab.site()
    lab.watch("lent", site.feed("/flux", "/a", "/b"), delay=0.3, fetch="excerpt")
    return site


class World:
    def __init__(self, lab: Lab) -> None:
        self.listings = listings(lab)
        self.feeds = feeds(lab)
        self.pages = pages(lab)
        self.apis = apis(lab)
        self.slow = slow(lab)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("entries"))
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def world(lab: Lab) -> World:
    return World(lab)


@pytest.fixture(scope="module")
def first(lab: Lab, world: World) -> Crawled:
    return lab.crawl(timeout=10.0, max_new=2)


def paths_of(site: Site, start: str) -> list[str]:
    return [path for path in site.paths if path.startswith(start)]


def test_numbered_pages_are_asked_until_one_says_nothing_new(world: World, first: Crawled) -> None:
    """A11."""
    assert paths_of(world.listings, "/n?") == ["/n?page=0", "/n?page=1", "/n?page=2"]
    assert first.failures("numeros") == []
    assert first.store.read["numeros"] == f"{world.listings.base}/n?page=0"


@pytest.mark.parametrize(("slug", "start", "asked"), [("fin", "/f?", 3), ("vide", "/v?", 2)])
def test_a_page_after_the_last_is_no_failure(world: World, first: Crawled, slug: str, start: str, asked: int) -> None:
    """It answers 404, or holds no link."""
    assert len(paths_of(world.listings, start)) == asked
    assert first.failures(slug) == []


def test_a_next_link_that_turns_round_under_new_addresses_is_left(world: World, first: Crawled) -> None:
    """A11."""
    assert paths_of(world.listings, "/t?") == ["/t?session=0", "/t?session=1"]
    assert f"{world.listings.base}/h" in first.pages


def test_one_dead_feed_among_three_is_named_while_the_others_are_read(world: World, first: Crawled) -> None:
    base = world.feeds.base
    assert first.failures("trois") == [(f"{base}/flux2", "http", False)]
    assert {f"{base}/un", f"{base}/deux"} <= set(first.pages)


def test_a_feed_is_sought_when_the_declared_one_is_dead(world: World, first: Crawled) -> None:
    """The feed of the section before that of the whole site, which its page declares."""
    base = world.feeds.base
    assert first.failures("cherche") == [(f"{base}/mort", "http", False)]
    assert first.store.read["cherche"] == first.store.read["cherche-seul"] == f"{base}/sec/feed/"
    assert f"{base}/rubrique" in first.pages
    assert "/feed/" not in world.feeds.paths


def test_a_page_without_feed_is_a_failure_that_says_so(first: Crawled) -> None:
    failure = first.failure("cherche-rien")
    assert (failure.kind, failure.entry) == ("http", True)
    assert "n'existe pas" in failure.reason
    assert "aucun flux n'a été trouvé" in failure.reason


def test_links_to_other_sites_are_left_without_a_failure(world: World, first: Crawled) -> None:
    asked = {url for url, _, _ in first.failures("chez-soi")} | set(first.pages)
    assert f"{world.feeds.base}/ailleurs" in first.pages
    assert not [url for url in asked if "autre.example" in url]
    assert [url for url in asked if "sous.maison.example" in url]


def test_of_a_feed_of_five_thousand_articles_no_more_than_allowed_are_asked(world: World, first: Crawled) -> None:
    """A31."""
    assert paths_of(world.feeds, "/long") == ["/long", "/long0", "/long1"]


def test_a_news_sitemap_gives_title_and_date_without_a_paid_page(world: World, first: Crawled) -> None:
    row = first.pages[f"{world.feeds.base}/paye"]
    assert json.loads(row.body)["date"] == "2026-03-16T10:00:00+00:00"
    assert (row.kind, json.loads(row.body)["title"]) == ("row", "Un contrat")
    assert "/paye" not in world.feeds.paths


def test_watched_pages_are_articles_under_their_query(world: World, first: Crawled) -> None:
    base = world.pages.base
    page = first.pages[f"{base}/?Page11"]
    assert (page.kind, page.hint.content, page.body) == ("watched", ".liste", b"<p>w")
    assert first.store.read["wiki"] == f"{base}/?Page11"
    assert first.failures("wiki") == [(f"{base}/?PageMorte", "http", False)]
    assert first.failures("wiki-mort") == [(f"{base}/?PageMorte", "http", True)]


def test_a_watched_page_whose_publisher_reserves_mining_is_not_kept(world: World, first: Crawled) -> None:
    """A26."""
    failure = first.failure("wiki-reserve")
    assert (failure.kind, failure.entry) == ("robots", True)
    assert f"{world.pages.base}/?Reservee" not in first.store.last


def test_offsets_are_followed_until_the_api_refuses_one(world: World, first: Crawled) -> None:
    assert paths_of(world.apis, "/r?") == ["/r?offset=0", "/r?offset=50", "/r?offset=100"]
    assert first.failures("decalage") == []


def test_a_dump_may_be_as_large_as_its_rules_say(world: World, first: Crawled) -> None:
    row = first.pages[f"{world.apis.base}/avis-26%2F1"]
    assert json.loads(row.body)["text"] == "La question."
    assert first.failure("dump-gros").reason == "la page dépasse 5 Mio"


def test_a_source_may_ask_for_a_longer_pause(world: World, first: Crawled) -> None:
    asked = [seen.at for seen in world.slow.seen if seen.path in ("/flux", "/a", "/b")]
    assert len(asked) == 3
    assert all(later - sooner >= 0.29 for sooner, later in pairwise(asked))


def test_pages_of_which_only_an_excerpt_may_be_kept_are_marked(world: World, first: Crawled) -> None:
    page = first.pages[f"{world.slow.base}/a"]
    assert (page.kind, page.hint.excerpt, page.hint.title) == ("article", True, "Titre 0")


def test_the_second_visit_asks_watched_pages_conditionally_and_sees_answers_that_came(
    lab: Lab, world: World, first: Crawled
) -> None:
    for site in (world.pages, world.apis):
        site.seen.clear()
    world.pages.routes["/?Page12"] = Reply(b"<p>deux et trois")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("1.json", json.dumps({"id": "26/1", "q": "La question.", "r": "La réponse."}))
    world.apis.routes["/dump.zip"] = Reply(stream.getvalue(), content_type="application/zip")
    chosen = [source for source in lab.sources if source.slug in ("wiki", "dump")]
    second = lab.crawl(chosen, timeout=10.0, recheck=True)
    by_path = {seen.path: seen for seen in world.pages.seen}
    assert by_path["/?Page11"].headers["if-none-match"] == '"w1"'
    assert [world.pages.count(f"/?Page{n}") for n in (11, 12)] == [1, 1]
    assert {page.url: page.kind for page in second.pages.values()} == {
        f"{world.pages.base}/?Page12": "watched",
        f"{world.apis.base}/avis-26%2F1": "row",
    }
    assert json.loads(second.pages[f"{world.apis.base}/avis-26%2F1"].body)["text"] == "La question.\nLa réponse."
