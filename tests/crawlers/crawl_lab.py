"""Scripted sites, each a real server on a loopback address of its own, and crawls over them in a child process."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from core.pages import CrawlReport, Failure, NewPage
from core.sources import CrawlSettings, Source
from crawlers.job import Job, report_from_json

HERE = Path(__file__).parent


@dataclass
class Seen:
    """One request that a server received."""

    path: str
    headers: dict[str, str]
    at: float
    until: float = float("inf")
    """When the answer began."""


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    wait: float = 0.0
    """Seconds before anything is answered."""
    drip: float = 0.0
    """Seconds between two bytes of the body."""


Route = Reply | Callable[["Site", Seen], Reply]


class Site:
    """A scripted site: path → reply; unknown paths answer 404, robots.txt too unless it is scripted."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.routes: dict[str, Route] = {}
        self.seen: list[Seen] = []
        self.server = ThreadingHTTPServer((host, 0), self._handler())
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]
        self.base = f"http://{host}:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def count(self, path: str) -> int:
        return self.paths.count(path)

    def feed(self, path: str, *links: str) -> str:
        """Script an RSS feed of these links (absolute, or paths of this site) and a page for each path; its URL."""
        items = "".join(f"<item><title>Titre {n}</title><link>{link}</link></item>" for n, link in enumerate(links))
        xml = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Flux</title>{items}</channel></rss>'
        self.routes[path] = Reply(xml.encode(), content_type="application/rss+xml")
        for link in links:
            if link.startswith("/"):
                self.routes.setdefault(link, Reply(f"<html><p>Page {link}</p></html>".encode()))
        return self.base + path

    def robots(self, text: str) -> None:
        self.routes["/robots.txt"] = Reply(text.encode(), content_type="text/plain")

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None:
                pass

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    self.close_connection = True  # the crawler hung up, as it should on what is too long

            def do_GET(self) -> None:
                seen = Seen(self.path, {key.lower(): value for key, value in self.headers.items()}, time.monotonic())
                site.seen.append(seen)
                route = site.routes.get(self.path, Reply(b"absent", 404))
                reply = route(site, seen) if callable(route) else route
                time.sleep(reply.wait)
                seen.until = time.monotonic()
                self.send_response(reply.status)
                for name, value in ({"Content-Type": reply.content_type} | reply.headers).items():
                    self.send_header(name, value)
                if "Content-Length" in reply.headers:
                    self.close_connection = True  # a length that lies can only be followed by the end
                else:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                if reply.drip:
                    for byte in reply.body:
                        self.wfile.write(bytes([byte]))
                        time.sleep(reply.drip)
                else:
                    self.wfile.write(reply.body)

        return Handler


@dataclass
class Crawled:
    """What a crawl reported and committed."""

    report: CrawlReport
    store: Any
    log: str
    seconds: float

    @property
    def pages(self) -> dict[str, NewPage]:
        """The articles and rows of this round, by URL."""
        return {page.url: page for page in self.store.saved if page.kind != "entry"}

    def failures(self, source: str) -> list[tuple[str, str, bool]]:
        return [(found.url, found.kind, found.entry) for found in self.store.failures if found.source == source]

    def failure(self, source: str, url: str = "") -> Failure:
        """The only failure of a source, or of a URL of it."""
        found = [f for f in self.store.failures if f.source == source and (not url or f.url == url)]
        assert len(found) == 1, found
        return found[0]


class Lab:
    """Sites to be crawled together in one child, one round after another."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "store.pickle"
        self.sites: list[Site] = []
        self.sources: list[Source] = []
        self.lies: dict[str, str] = {}
        self.environment: dict[str, str] = {}

    def site(self) -> Site:
        self.sites.append(Site(f"127.0.1.{len(self.sites) + 1}"))
        return self.sites[-1]

    def watch(self, slug: str, feed: str = "", **fields: Any) -> None:
        feeds = (feed,) if feed else ()
        self.sources.append(Source(slug, slug, "presse", "http://exemple.fr/", **({"feeds": feeds} | fields)))

    def settings(self, **changes: Any) -> CrawlSettings:
        hosts = tuple(f"{site.host}:{site.port}" for site in self.sites)
        fields: dict[str, Any] = {"delay": 0.0, "timeout": 1.5, "allowed_private_hosts": hosts} | changes
        return CrawlSettings("veille-essai/1.0 (+https://veille.example.org; contact@example.org)", **fields)

    def crawl(
        self, sources: Sequence[Source] = (), max_seconds: float = 0.0, now: datetime | None = None, **changes: Any
    ) -> Crawled:
        job = Job(tuple(sources or self.sources), self.settings(**changes), now or datetime.now(UTC), max_seconds)
        lies = [f"{name}={address}" for name, address in self.lies.items()]
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-W", "error", str(HERE / "crawl_here.py"), str(self.state), *lies],
            input=job.to_json().encode(),
            capture_output=True,
            timeout=60,
            env=os.environ | self.environment,
            check=False,
        )
        log = done.stderr.decode()
        assert done.returncode == 0, log
        lines = done.stdout.splitlines()
        assert len(lines) == 1, "a crawl writes nothing on stdout"
        store = pickle.loads(self.state.read_bytes())
        return Crawled(report_from_json(lines[0]), store, log, time.monotonic() - started)

    def close(self) -> None:
        for site in self.sites:
            site.close()
