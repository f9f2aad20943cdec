"""Hostile servers beside good sources in one run: good ones complete, others are named, memory stays bounded."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from hostile_servers import DEEP, ENDLESS, HOSTILE, Server, calendar, feed, whole

MEMORY = 1.5 * 2**30
"""Bytes of the whole process tree (proportional set size)."""
TIMEOUT = 6
"""Seconds for a whole response."""
TAKEN = 64 * 2**20
"""Bytes that an endless answer may have sent before we hung up, the buffers of the system among them."""
ARTICLES = 3
FEW = (
    "bombe-gzip", "bombe-br", "goutte", "morceaux-sans-fin", "boucle", "en-tetes-sans-fin", "rires", "longueur-geante",
    "raccroche", "tls-lent",
)  # fmt: skip


def good(path: str, connection: Any, server: Server) -> None:
    text = "Le conseil a voté le budget des écoles, puis la séance a été levée dans le calme. " * 12
    page = f"<html><head><title>Page {path}</title></head><body><article><h1>Page {path}</h1><p>{text}</p>"
    kind = "application/rss+xml" if path == "/flux" else "text/html; charset=utf-8"
    body = feed(*(f"/{n}" for n in range(ARTICLES))) if path == "/flux" else page.encode()
    whole(body, kind)(path, connection, server)


def deep(path: str, connection: Any, server: Server) -> None:
    whole(feed("/profond") if path == "/flux" else DEEP + b"<p>Du texte.</p>", "text/html")(path, connection, server)


def flood(path: str, connection: Any, server: Server) -> None:
    whole(feed(*(f"/n{n}" for n in range(5_000))) if path == "/flux" else b"<p>x</p>")(path, connection, server)


@dataclass
class Trial:
    report: dict[str, Any]
    peak: int
    servers: dict[str, Server]
    articles: dict[str, int]


def block(slug: str, entry: str) -> str:
    return f'[[source]]\nslug = "{slug}"\nname = "{slug}"\ncategory = "presse"\nurl = "http://exemple.fr/"\n{entry}\n'


def run(folder: Path, hostile: Sequence[str], count: int) -> Trial:
    servers = {name: Server(f"127.0.70.{n + 1}", HOSTILE[name][0]) for n, name in enumerate(hostile)}
    servers |= {f"bon-{n}": Server(f"127.0.71.{n + 1}", good) for n in range(count)}
    servers |= {name: Server(f"127.0.72.{n + 1}", answer) for n, (name, answer) in enumerate(
        (("profond", deep), ("deluge", flood), ("agenda", calendar)))}  # fmt: skip
    blocks = [
        block(name, f'feed = "{server.base.replace("http", "https") if name == "tls-lent" else server.base}/flux"')
        for name, server in servers.items()
        if name != "agenda"
    ]
    listing = f'[source.listing]\nurl = "{servers["agenda"].base}/agenda"\nlink = "h2 a"\nnext = "a.next"\npages = 20'
    hosts = ", ".join(f'"{server.host}:{server.port}"' for server in servers.values())
    (folder / "config.toml").write_text(
        f'[veille]\ncontact = "essai@example.org"\ndatabase = "sqlite:///{folder}/v.db"\ndata = "{folder}"\n'
        f"[crawl]\ndelay = 0\ntimeout = {TIMEOUT}\nmax_new = 20\nallowed_private_hosts = [{hosts}]\n"
        '[mail]\nfrom = "essai@example.org"\n[[topic]]\nslug = "impact-social"\nname = "Impact social"\n'
        + "".join([*blocks, block("agenda", listing)]),
        encoding="utf-8",
    )
    try:
        report, peak = watched(folder)
    finally:
        for server in servers.values():
            server.close()
    with sqlite3.connect(folder / "v.db") as database:
        articles = dict(database.execute("select source, count(*) from article group by source").fetchall())
    return Trial(report, peak, servers, articles)


def watched(folder: Path) -> tuple[dict[str, Any], int]:
    """The report of `veille run --json`, and the most memory that it and its children held together, in bytes."""
    command = [sys.executable, "-m", "veille", "run", "--json", "--config", str(folder / "config.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        peaks, ended = [0], threading.Event()

        def watch() -> None:
            while not ended.wait(0.4):
                peaks.append(tree(child.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        out, err = child.communicate(timeout=280)
        ended.set()
        watcher.join()
    assert child.returncode == 4, err
    assert "Traceback" not in err
    return json.loads(out), max(peaks)


def tree(pid: int) -> int:
    total = 0
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            total += process.memory_full_info().pss
    except psutil.Error:
        pass  # a process that ended meanwhile
    return total


def judge(trial: Trial, hostile: Sequence[str], count: int) -> None:
    named = {each["source"]: each["kind"] for each in trial.report["failures"] if each["entry"]}
    assert set(named) <= set(hostile)
    kinds = {name: named.get(name, "") for name in hostile}
    assert {name: kind for name, kind in kinds.items() if kind not in HOSTILE[name][1]} == {}
    assert {name: trial.articles.get(f"bon-{n}") for n, name in enumerate(range(count))} == dict.fromkeys(
        range(count), ARTICLES
    )
    assert trial.peak < MEMORY
    sent = {name: trial.servers[name].sent for name in hostile}
    assert {name: size for name, size in sent.items() if size > TAKEN} == {}
    assert ENDLESS > TAKEN
    months = [path for path in trial.servers["agenda"].paths if path.startswith("/agenda")]
    assert len(months) == 20  # its `pages`, and no more (A11)
    asked = [path for path in trial.servers["deluge"].paths if path.startswith("/n")]
    assert len(asked) == 20  # max_new (A31)
    assert (
        trial.articles.get("profond", 0) + len([f for f in trial.report["failures"] if f["source"] == "profond"]) == 1
    )


def test_ten_hostile_servers_stop_none_of_ten_good_sources(tmp_path: Path) -> None:
    judge(run(tmp_path, FEW, 10), FEW, 10)


@pytest.mark.long
def test_twenty_five_hostile_servers_stop_none_of_fifty_good_sources(tmp_path: Path) -> None:
    assert len(HOSTILE) == 25
    judge(run(tmp_path, list(HOSTILE), 50), list(HOSTILE), 50)
