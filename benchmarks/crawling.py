"""The crawl alone: beside bare Scrapy on the same site, what a second run saves, and the memory of 200 sources polled.

    python -m benchmarks.crawling [PAGES]

Both sides take turns in one run, as whole processes, start-up included. Goals: 90 % of bytes saved on sites that have
not changed, less than 200 MiB for the crawl child over 200 sources.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path

from benchmarks.site import HOST, page, serving
from core.sources import CrawlSettings, Source
from crawlers.job import Job

PORT = 8978
SOURCES, ARTICLES = 200, 5
USER_AGENT = "veille-mesure/1.0 (+https://veille.example.org; mesure@example.org)"
CONFIG = """\
[veille]
contact = "mesure@example.org"
database = "sqlite:///{out}/veille.db"
data = "{out}"
[mail]
from = "mesure@example.org"
[[topic]]
slug = "impact-social"
name = "Impact social"
"""


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    cpu: float
    """Seconds of processor, user and system."""
    peak_mib: float
    """Largest resident set, which counts shared libraries whole."""


def cost(command: list[str], stdin: bytes = b"", **environment: str) -> Cost:
    """What one process costs, from the kernel's own account of it (wait4)."""
    with tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        started = time.perf_counter()
        child = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL, env=os.environ | environment)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, command
    return Cost(time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def crawl(folder: Path, sources: list[Source], allowed: list[str], now: datetime) -> Cost:
    """The real crawl child over some sources."""
    config = folder / "config.toml"
    config.write_text(CONFIG.format(out=folder), encoding="utf-8")
    settings = CrawlSettings(
        USER_AGENT, 0.0, revisit=(timedelta(0),), allowed_private_hosts=tuple(allowed), max_new=10_000
    )
    job = Job(tuple(sources), settings, now).to_json().encode() + b"\n"
    command = [sys.executable, "-m", "veille.crawl_child", "--config", str(config)]
    return cost(command, job, VEILLE_NOW=now.isoformat())


def beside_scrapy(pages: int) -> dict[str, float]:
    """The same pages of one host, asked by our crawl child, then by Scrapy that does nothing with them."""
    port = 8977
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder, serving(pages, port) as base:
        source = Source("site", "Site", "presse", base + "/", sitemaps=(base + "/sitemap.xml",))
        ours = crawl(Path(folder), [source], [f"{HOST}:{port}"], now)
        scrapy = cost([sys.executable, "-m", "benchmarks.scrapy_alone", base, str(pages)])
    return {
        "veille_requests_per_second": pages / ours.seconds,
        "scrapy_requests_per_second": pages / scrapy.seconds,
        "ratio_of_rates": scrapy.seconds / ours.seconds,
        "veille_cpu_ms_per_page": 1000 * ours.cpu / pages,
        "scrapy_cpu_ms_per_page": 1000 * scrapy.cpu / pages,
        "ratio_of_cpu": ours.cpu / scrapy.cpu,
    }


def second_run() -> dict[str, float]:
    """200 sources of five articles, crawled twice, six hours apart, nothing having changed."""
    now = datetime.now(UTC)
    hosts = [f"127.0.78.{number + 1}:{PORT}" for number in range(SOURCES)]
    sources = [
        Source(f"s{n}", f"S{n}", "presse", f"http://{h}/", feeds=(f"http://{h}/flux",)) for n, h in enumerate(hosts)
    ]
    with tempfile.TemporaryDirectory() as folder, many_sites() as counts:
        costs, seen = [], []
        for later in (0, 6, 12):
            before = list(counts)
            costs.append(crawl(Path(folder), sources, hosts, now + timedelta(hours=later)))
            seen.append([after - old for after, old in zip(counts, before, strict=True)])
    first, second, third = seen
    return {
        "first_run_requests": first[0],
        "second_run_requests": second[0],
        "third_run_requests": third[0],
        "bytes_saved_by_second_percent": 100 * (1 - second[1] / first[1]),
        "bytes_saved_by_third_percent": 100 * (1 - third[1] / first[1]),
        "requests_saved_by_third_percent": 100 * (1 - third[0] / first[0]),
        "first_run_peak_mib": costs[0].peak_mib,
        "polling_peak_mib": costs[2].peak_mib,
        "polling_seconds": costs[2].seconds,
    }


def _answer(head: str, host: str) -> bytes:
    """The whole HTTP answer to a request; every file has an ETag, and robots.txt and tdmrep.json are not there."""
    path = head.split(" ", 2)[1]
    if path == "/flux":
        links = "".join(
            f"<item><title>Titre {n}</title><link>http://{host}/a/{n}</link></item>" for n in range(ARTICLES)
        )
        kind, body = "application/rss+xml", f"<rss version='2.0'><channel>{links}</channel></rss>".encode()
    elif path.startswith("/a/"):
        kind, body = "text/html; charset=utf-8", page(int(path.removeprefix("/a/")))
    else:
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    if 'if-none-match: "v1"' in head.lower():
        return b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
    lines = f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n'
    return lines.encode() + body


def _serve(counts: SynchronizedArray[int], ready: multiprocessing.synchronize.Event) -> None:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                address = writer.get_extra_info("sockname")[0]
                answer = _answer(head.decode("latin-1"), f"{address}:{PORT}")
                counts[0] += 1
                counts[1] += len(answer)
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(one, "0.0.0.0", PORT)
        ready.set()
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def many_sites() -> Iterator[SynchronizedArray[int]]:
    """Sites on every loopback address; gives the counts of requests and of bytes answered."""
    context = multiprocessing.get_context("spawn")
    counts, ready = context.Array("q", 2), context.Event()
    process = context.Process(target=_serve, args=(counts, ready), daemon=True)
    process.start()
    if not ready.wait(60):
        raise TimeoutError("the benchmark's sites did not start")
    try:
        yield counts
    finally:
        process.terminate()
        process.join()


def run(pages: int) -> dict[str, float]:
    return beside_scrapy(pages) | second_run()


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else 1000).items():
        print(f"{name:32} {value:10.2f}")
