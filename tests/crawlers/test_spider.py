"""The borders of a crawl: a fault in one source stays there, a store that keeps nothing stops all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from fake_store import MemoryStore
from scrapy import Request
from scrapy.http import Response

from core.clock import FixedClock
from core.pages import Failure, NewPage
from core.sources import CrawlSettings, Source
from crawlers.job import Job
from crawlers.spider import SourcesSpider

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><item><title>t</title><link>/a</link></item></channel></rss>"
SETTINGS = CrawlSettings("veille-essai/1.0", delay=0.0, allowed_private_hosts=("127.0.0.2:80", "127.0.0.3:80"))
SOURCES = tuple(
    Source(slug, slug, "presse", f"http://{host}/", feeds=(f"http://{host}/flux",))
    for slug, host in (("un", "127.0.0.2"), ("deux", "127.0.0.3"))
)


def crawled(store: MemoryStore, answer: Callable[[Request], Awaitable[Response]]) -> SourcesSpider:
    """A spider that has run over both sources, its downloads answered by a function."""
    spider = SourcesSpider(Job(SOURCES, SETTINGS, NOW), store, FixedClock(NOW))
    spider.crawler = SimpleNamespace(engine=SimpleNamespace(download_async=answer))

    async def run() -> list[object]:
        return [item async for item in spider.start()]

    assert asyncio.run(run()) == []
    return spider


async def serve(request: Request) -> Response:
    body = {"/robots.txt": b"", "/flux": FEED}.get(request.url[len("http://127.0.0.2") :], b"<p>page</p>")
    return Response(request.url, body=body)


def test_a_fault_of_ours_in_one_source_is_named_and_the_other_is_read(caplog: pytest.LogCaptureFixture) -> None:
    """C9."""

    class Faulty(MemoryStore):
        def unknown(self, urls: object) -> set[str]:
            if "127.0.0.2" in str(urls):
                raise ZeroDivisionError("panne")
            return super().unknown(urls)  # type: ignore[arg-type]

    store = Faulty()
    spider = crawled(store, serve)
    assert spider.fault is None
    assert [(failure.source, failure.kind, failure.entry) for failure in store.failures] == [("un", "internal", False)]
    assert "http://127.0.0.3/a" in store.last
    assert "panne" in caplog.text


def test_a_store_that_keeps_nothing_stops_the_crawl(caplog: pytest.LogCaptureFixture) -> None:
    """C3: the disk is full."""

    class Full(MemoryStore):
        def save(self, page: NewPage) -> bool:
            raise OSError(28, "No space left on device")

        def fail(self, failure: Failure, at: datetime) -> None:
            raise OSError(28, "No space left on device")

    spider = crawled(Full(), serve)
    assert isinstance(spider.fault, OSError)
    assert "No space left" in caplog.text


def test_an_unexpected_error_of_the_network_is_named(caplog: pytest.LogCaptureFixture) -> None:
    async def break_down(request: Request) -> Response:
        raise KeyError("inattendu")

    store = MemoryStore()
    crawled(store, break_down)
    assert [failure.kind for failure in store.failures] == ["robots", "robots"]
    assert all("erreur inattendue : KeyError" in failure.reason for failure in store.failures)
