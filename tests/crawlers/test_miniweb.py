"""The ten awkward sites of tests/web, crawled twice: every article once, nothing asked where nothing may be."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
import tomllib
from collections import Counter
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from crawl_lab import Crawled, Lab

from core.sources import ApiRules, ListingRules, Source
from core.urls import canonical

WEB = Path(__file__).parent.parent / "web"
ITEMS = 56
"""Articles of the corpus served: enough for seven on each site, few enough for the sites that ask to go slowly."""
CRAWL_DELAY = 0.3
"""Seconds, instead of the news site's own second."""


class TenSites:
    """The sites served in this process, on a free port."""

    def __init__(self, out: Path) -> None:
        spec = importlib.util.spec_from_file_location("miniweb", WEB / "miniweb.py")
        assert spec is not None
        assert spec.loader is not None
        miniweb: Any = importlib.util.module_from_spec(spec)
        sys.modules["miniweb"] = miniweb
        spec.loader.exec_module(miniweb)
        self.out = out
        rows = [json.loads(line) for line in (WEB / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
        control = ThreadingHTTPServer(("127.0.0.1", 0), self._placeholder)
        self.port = control.server_address[1]
        self.web = miniweb.Web(rows[:ITEMS], self.port, 0.25)
        handler = miniweb.make_handler(self.web, out)
        control.RequestHandlerClass = handler
        self.servers = [control, *(ThreadingHTTPServer((host, self.port), handler) for host in self.web.by_host)]
        for server in self.servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        articles = [path for path in self.web.by_host["127.0.0.9"].pages if path.endswith(".html")]
        self.busy = ("/rss", min(path for path in articles if path != "/lente.html"))
        self.publish(1)

    def _placeholder(self, *args: Any) -> None:
        raise AssertionError("nothing is asked before the sites are ready")

    def publish(self, number: int) -> None:
        """Start a round; the sites that ask to go slowly ask it less, for the test's sake."""
        self.web.round = number
        self.web.rebuild()
        for path, page in self.web.by_host["127.0.0.9"].pages.items():
            page.fail_first = page.fail_first if path in self.busy else 0
        robots = self.web.by_host["127.0.0.5"].pages["/robots.txt"]
        robots.body = robots.body.replace(b"Crawl-delay: 1", b"Crawl-delay: %g" % CRAWL_DELAY)
        self.web.write(self.out)
        self.web.log.clear()

    def sources(self) -> tuple[Source, ...]:
        tables = tomllib.loads((self.out / "sources.toml").read_text(encoding="utf-8"))["source"]
        return tuple(
            Source(
                **{key: table[key] for key in ("slug", "name", "category", "url")},
                feeds=(table["feed"],) if "feed" in table else (),
                sitemaps=(table["sitemap"],) if "sitemap" in table else (),
                listing=ListingRules(**table["listing"]) if "listing" in table else None,
                api=ApiRules(**table["api"]) if "api" in table else None,
            )
            for table in tables
        )

    def wanted(self, number: int) -> set[str]:
        """The articles to be found in a round that were not in the one before."""
        return {canonical(row["url"]) for row in self.web.truth() if row["fetchable"] and row["round"] == number}

    def log(self, host: str = "") -> list[dict[str, Any]]:
        return [row for row in self.web.log if not host or row["site"] == host]

    def close(self) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TenSites]:
    sites = TenSites(tmp_path_factory.mktemp("ten-sites"))
    yield sites
    sites.close()


def crawl(lab: Lab, sites: TenSites) -> Crawled:
    hosts = tuple(f"{host}:{sites.port}" for host in sites.web.by_host)
    return lab.crawl(sites.sources(), timeout=2.0, delay=0.02, allowed_private_hosts=hosts)


@pytest.fixture(scope="module")
def first(lab: Lab, sites: TenSites) -> tuple[Crawled, list[dict[str, Any]]]:
    return crawl(lab, sites), sites.log()


@pytest.fixture(scope="module")
def second(lab: Lab, sites: TenSites, first: Any) -> tuple[Crawled, list[dict[str, Any]]]:
    sites.publish(2)
    return crawl(lab, sites), sites.log()


def test_every_fetchable_article_is_saved_once(sites: TenSites, first: tuple[Crawled, list[dict[str, Any]]]) -> None:
    crawled, _ = first
    saved = Counter(page.url for page in crawled.store.saved if page.kind != "entry")
    assert set(saved) == sites.wanted(1)
    assert set(saved.values()) == {1}
    assert len(saved) > 40


def test_every_article_has_a_title_and_a_date_from_its_entry_point(first: tuple[Crawled, list[dict[str, Any]]]) -> None:
    crawled, _ = first
    bare = [url for url, page in crawled.pages.items() if not page.hint.title or page.hint.published is None]
    assert bare == []
    assert not [page.hint.title for page in crawled.pages.values() if "&" in page.hint.title.replace(" & ", "")]


def test_the_closed_site_is_asked_for_robots_only(first: tuple[Crawled, list[dict[str, Any]]]) -> None:
    crawled, log = first
    assert [row["path"] for row in log if row["site"] == "127.0.0.10"] == ["/robots.txt"]
    assert (crawled.failure("site-closed").kind, crawled.failure("site-closed").entry) == ("robots", True)


def test_the_control_server_is_never_asked(first: Any, second: Any) -> None:
    for _, log in (first, second):
        assert [row for row in log if row["site"] == "127.0.0.1"] == []


def test_the_hostile_site_gives_named_failures_and_its_one_article(
    sites: TenSites, first: tuple[Crawled, list[dict[str, Any]]]
) -> None:
    crawled, _ = first
    base = f"http://127.0.0.11:{sites.port}"
    kinds = {url.removeprefix(base): kind for url, kind, _ in crawled.failures("site-hostile")}
    assert kinds == {
        "/redirect-in": "guard", "/redirect-meta": "guard", "/bomb": "size", "/huge": "size", "/loop": "redirect",
        "file://etc/passwd": "guard", f"http://127.0.0.1:{sites.port}/secret": "guard",
    }  # fmt: skip
    title = crawled.pages[f"{base}/xss"].hint.title
    assert title == "Contrat à impact social Bcc: victime@example.org"


def test_the_flaky_site_is_read_after_its_retry_after(
    sites: TenSites, first: tuple[Crawled, list[dict[str, Any]]]
) -> None:
    crawled, log = first
    for path in sites.busy:
        rows = [row for row in log if row["site"] == "127.0.0.9" and row["path"] == path]
        assert [row["status"] for row in rows] == [503, 200]
        assert rows[1]["at"] - rows[0]["at"] >= 1
    assert crawled.failures("site-flaky") == [(f"http://127.0.0.9:{sites.port}/lente.html", "timeout", False)]


def test_crawl_delay_is_kept(first: tuple[Crawled, list[dict[str, Any]]]) -> None:
    _, log = first
    times = [row["at"] for row in log if row["site"] == "127.0.0.5"]
    assert min(after - before for before, after in pairwise(times)) >= CRAWL_DELAY - 0.01


def test_the_second_round_brings_what_is_new_and_downloads_nothing_again(
    sites: TenSites, first: Any, second: tuple[Crawled, list[dict[str, Any]]]
) -> None:
    crawled, log = second
    edited = {canonical(row["url"]) for row in sites.web.truth() if row["edited"]}
    assert set(crawled.pages) == sites.wanted(2) | edited
    assert len(edited) == 2
    known = [row for row in log if row["conditional"]]
    unchanged = [row for row in known if row["status"] == 304]
    changed = {
        "/feed/",
        "/feed",
        "/rss",
        "/feeds/atom.xml",
        "/atom.xml",
        "/actualites",
        "/publications",
        "/sitemap.xml",
    }
    again = [row["path"] for row in known if row["status"] == 200 and row["path"].split("?")[0] not in changed]
    entries = ("/spip.php?page=backend", "/api/questions", "/sitemap-news.xml.gz")
    articles = [path for path in again if not path.startswith(entries)]
    assert len(articles) == len(edited)
    assert len(unchanged) > 30


def test_deleted_articles_are_asked_twice_before_they_are_given_up(
    sites: TenSites, second: tuple[Crawled, list[dict[str, Any]]]
) -> None:
    crawled, _ = second
    deleted = [canonical(row["url"]) for row in sites.web.truth() if row["deleted"]]
    assert Counter(crawled.store.vanished) == {(url, 410): 2 for url in deleted}
    assert len(deleted) == 2
