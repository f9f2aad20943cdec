"""A real crawl child under strace, in a network of its own, over hostile addresses by six doors; prints what it saw.

    unshare -rmn python spied_crawl.py FOLDER ADDRESSES NAMES

The namespace has no way out, a resolver of ours, and a server that answers on every address of 127.0.0.0/8.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import sqlite3
import struct
import subprocess
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

from hostile_addresses import addresses
from hostile_names import Names

from core.sources import CrawlSettings, ListingRules, Source
from crawlers.job import Job

SEED = 20_261_125
PORT = 8800
HUB = f"127.0.50.1:{PORT}"
"""Serves the feeds, sitemaps and listings that lead elsewhere."""
_CALLS = "connect,sendto,sendmsg,sendmmsg"
_CONNECT = re.compile(
    r"connect\(\d+<(?P<kind>\w+)[^>]*>?.*?sa_family=AF_INET6?, sin6?_port=htons\((?P<port>\d+)\).*?"
    r'(?:inet_addr\("(?P<v4>[^"]+)"\)|inet_pton\(AF_INET6, "(?P<v6>[^"]+)")'
)


class World:
    """What the server answers: everything leads to hostile addresses."""

    def __init__(self, hostile: list[str], names: int) -> None:
        self.hostile = hostile
        self.names = [f"http://r{number}.rebond.test/" for number in range(names)]
        self.robots = {f"127.0.{60 + n // 200}.{1 + n % 200}:{PORT}": url for n, url in enumerate(hostile)}
        """Where robots.txt leads elsewhere, by `address:port`."""

    @property
    def allowed(self) -> list[str]:
        return [HUB, *self.robots]

    def sources(self) -> list[Source]:
        def source(slug: str, **fields: Any) -> Source:
            return Source(slug, slug, "presse", f"http://{HUB}/", **fields)

        found = [
            source("flux", feeds=tuple(self.hostile)),
            source("lien", feeds=(f"http://{HUB}/liens",)),
            source("saut", feeds=(f"http://{HUB}/sauts",)),
            source("robots", feeds=tuple(f"http://{authority}/flux" for authority in self.robots)),
            source("plan", sitemaps=(f"http://{HUB}/index.xml",)),
            source("rebond", feeds=(f"http://{HUB}/rebonds",)),
            source("liste", listing=ListingRules(f"http://{HUB}/liste", "a.article", pages=2)),
        ]
        for number in range(len(self.hostile)):
            rules = ListingRules(f"http://{HUB}/suite/{number}", "a.article", next="a.suite", pages=2)
            found.append(source(f"suite-{number}", listing=rules))
        return found

    def answer(self, authority: str, path: str) -> tuple[int, dict[str, str], str]:
        if path == "/robots.txt":
            target = self.robots.get(authority)
            return (302, {"Location": _header(target)}, "") if target else (404, {}, "")
        kind, _, number = path.strip("/").partition("/")
        if kind == "saut":
            return 302, {"Location": _header(self.hostile[int(number)])}, ""
        if kind == "suite":
            link = escape(self.hostile[int(number)], {'"': "&quot;"})
            return 200, {}, f'<a class="article" href="/article">Un</a> <a class="suite" href="{link}">Suite</a>'
        pages = {
            "liens": _feed(self.hostile),
            "sauts": _feed([f"/saut/{n}" for n in range(len(self.hostile))]),
            "rebonds": _feed(self.names),
            "index.xml": f"<sitemapindex>{''.join(f'<sitemap><loc>{escape(u)}</loc></sitemap>' for u in self.hostile)}"
            "</sitemapindex>",
            "liste": "".join(
                f'<a class="article" href="{escape(u, {chr(34): "&quot;"})}">Un</a>' for u in self.hostile
            ),
        }
        return (200, {}, pages[kind]) if kind in pages else (404, {}, "")


def _header(value: str) -> str:
    """A header that a server could send: the bytes of the address, without the ends of line that would cut it."""
    return value.replace("\r", "").replace("\n", "").encode().decode("latin-1")


def _feed(links: list[str]) -> str:
    items = "".join(f"<item><title>t</title><link>{escape(link)}</link></item>" for link in links)
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


def serve(world: World, served: set[tuple[str, str]]) -> None:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            reached = f"{self.connection.getsockname()[0]}:{PORT}"
            served.add((reached, self.path))
            status, headers, body = world.answer(self.headers.get("Host", ""), self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

    server = ThreadingHTTPServer(("0.0.0.0", PORT), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()


def raise_loopback() -> None:
    """What `ip link set lo up` does (Linux ioctl SIOCSIFFLAGS with IFF_UP)."""
    with socket.socket() as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sh14x", b"lo", 1))


def use_our_resolver(folder: Path) -> None:
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:2 attempts:1\n")
    subprocess.run(["mount", "--bind", str(folder / "resolv.conf"), "/etc/resolv.conf"], check=True)


def main() -> None:
    folder, count, names = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    raise_loopback()
    use_our_resolver(folder)
    dns, served = Names(), set[tuple[str, str]]()
    world = World(addresses(count, SEED), names)
    serve(world, served)
    config = folder / "config.toml"
    config.write_text(
        f'[veille]\ncontact = "essai@example.org"\ndatabase = "sqlite:///{folder}/v.db"\ndata = "{folder}"\n'
        '[mail]\nfrom = "essai@example.org"\n[[topic]]\nslug = "impact-social"\nname = "x"\n'
    )
    settings = CrawlSettings(
        "veille-essai/1.0 (+https://veille.example.org)", 0.0, 5.0,
        allowed_private_hosts=tuple(world.allowed), max_pages=200, max_new=10_000,
    )  # fmt: skip
    job = Job(tuple(world.sources()), settings, datetime.now(UTC), 500.0)
    trace = folder / "trace"
    command = ["strace", "-f", "--seccomp-bpf", "-yy", "-e", f"trace={_CALLS}", "-o", str(trace)]
    command += [sys.executable, "-m", "veille.crawl_child", "--config", str(config)]
    done = subprocess.run(
        command, input=job.to_json().encode() + b"\n", capture_output=True, timeout=560, check=False,
        cwd=Path(__file__).parents[2], env=os.environ | {"http_proxy": "http://127.0.0.1:3128"},
    )  # fmt: skip
    with sqlite3.connect(folder / "v.db") as database:
        failures = database.execute("select source, url, kind, reason from failure").fetchall()
    lines = trace.read_text().splitlines()
    connects = sorted({_seen(found) for found in map(_CONNECT.search, lines) if found})
    asked = [line for line in lines if "connect(" in line and "sa_family=AF_INET" in line]
    unread = [line for line in asked if not _CONNECT.search(line)]
    sent = sorted({line.partition("<")[2].partition(">,")[0] for line in lines if re.search(r"send\w+\(\d+<UDP", line)})
    seen = {
        "code": done.returncode, "log": done.stderr.decode()[-4_000:],
        "connects": connects, "unread": unread, "sent": sent,
        "allowed": world.allowed, "served": sorted(served), "failures": failures, "hostile": world.hostile,
        "names": world.names, "answers": dns.given,
    }  # fmt: skip
    print(json.dumps(seen))


def _seen(found: re.Match[str]) -> tuple[str, str, int]:
    return found["kind"], found["v4"] or found["v6"], int(found["port"])


if __name__ == "__main__":
    main()
