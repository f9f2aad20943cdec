"""Serves the demonstration's sites over real HTTP, each on its own loopback address, and remembers what was asked."""

import socket
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from demo.configuration import write_config
from demo.pages import Page, build
from demo.sites import SITES, Site, open_sites

ARCHIVE_URL = "http://127.0.0.1:8765"  # where the demonstration's archive is read
NOT_FOUND = b"<!doctype html><html lang='fr'><title>Page introuvable</title><h1>Page introuvable</h1></html>"


@dataclass(frozen=True, slots=True)
class Request:
    """One request that a site answered."""

    host: str
    path: str
    status: int
    conditional: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Truth:
    """What a reader would say of one article that is served."""

    url: str
    site: str
    title: str
    labels: tuple[str, ...]
    central: bool
    copy_of: str | None  # the address of the original
    old: bool  # filed in the archive on the first run, never mailed


class SiteServer(ThreadingHTTPServer):
    """The HTTP server of one site."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: Site, pages: dict[str, Page], log: list[Request]) -> None:
        super().__init__((site.host, site.port), SiteHandler)
        self.site, self.pages, self.log = site, pages, log

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that hangs up is nothing to report."""


class SiteHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the pages built in advance, conditional requests included."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "demo", ""
    timeout = 20

    def do_GET(self) -> None:
        """Answer with the page, with 304 when the reader already has it, else with 404."""
        page = cast(SiteServer, self.server).pages.get(self.path)
        if page is None:
            self.answer(404, NOT_FOUND, {"Content-Type": "text/html; charset=utf-8"})
            return
        headers = {"ETag": page.etag, "Last-Modified": http_date(page.modified), "Cache-Control": "no-cache"}
        if self.is_fresh(page):
            self.answer(304, b"", headers)
        else:
            self.answer(200, page.body, {"Content-Type": page.content_type, **headers})

    do_HEAD = do_GET

    def is_fresh(self, page: Page) -> bool:
        """Whether the reader's copy is still good: its ETag if it sent one, else its date."""
        if etags := self.headers.get("If-None-Match"):
            return page.etag in [tag.strip().removeprefix("W/") for tag in etags.split(",")]
        if since := self.headers.get("If-Modified-Since"):
            try:
                return page.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
            except (TypeError, ValueError):
                return False
        return False

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Send one answer and write it in the log."""
        server = cast(SiteServer, self.server)
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        server.log.append(Request(server.site.host, self.path, status, conditional, datetime.now(UTC)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


class DemoWeb:
    """The demonstration's sites, dated from a given moment; use it as a context manager."""

    def __init__(self, now: datetime, port: int = 0) -> None:
        if now.tzinfo is None:
            raise ValueError("now must have a time zone")
        self.sites = open_sites(now, port or free_port([site.host for site in SITES]))
        self.requests: list[Request] = []
        self._pages = {site.slug: build(site, now) for site in self.sites}
        self._servers: list[SiteServer] = []

    @property
    def addresses(self) -> tuple[str, ...]:
        """The literal address and port of each site."""
        return tuple(site.address for site in self.sites)

    def start(self) -> None:
        """Bind every address and serve from threads."""
        try:
            for site in self.sites:
                self._servers.append(SiteServer(site, self._pages[site.slug], self.requests))
        except OSError:
            self.close()
            raise
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True, name=server.site.slug).start()

    def stop(self) -> None:
        """Stop serving and free the addresses."""
        for server in self._servers:
            server.shutdown()
        self.close()

    def close(self) -> None:
        """Free the addresses of servers that do not serve any more, or never did."""
        for server in self._servers:
            server.server_close()
        self._servers.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def config(self, out: Path, smtp_port: int, public_url: str = ARCHIVE_URL) -> str:
        """A whole config.toml that reads these sites, keeps its data in `out` and mails to a local SMTP server."""
        return write_config(self.sites, out, smtp_port, public_url)

    def truth(self) -> list[Truth]:
        """The expected reading of every article served."""
        urls = {article.id: site.url_of(article) for site in self.sites for article in site.articles}
        return [
            Truth(
                url=urls[article.id],
                site=site.slug,
                title=article.title,
                labels=article.labels,
                central=article.central,
                copy_of=urls[article.copy_of] if article.copy_of else None,
                old=article.old,
            )
            for site in self.sites
            for article in site.articles
        ]


def http_date(when: datetime) -> str:
    """A date as HTTP headers write it."""
    return format_datetime(when.astimezone(UTC), usegmt=True)


def free_port(hosts: list[str]) -> int:
    """A port that is free on all these addresses."""
    for _ in range(50):
        with socket.create_server((hosts[0], 0)) as first:
            port = int(first.getsockname()[1])
            if all(is_free(host, port) for host in hosts[1:]):
                return port
    raise OSError("no port is free on all the demonstration's addresses")


def is_free(host: str, port: int) -> bool:
    """Whether an address can be bound."""
    try:
        socket.create_server((host, port)).close()
    except OSError:
        return False
    return True
