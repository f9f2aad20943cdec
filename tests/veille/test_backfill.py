"""`veille backfill` by the real program over a real site: searchable, resumable, never mailed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.articles import StoredArticle
from core.sources import SourceState
from pipeline import periods
from veille.telling import chosen_period, prepare
from veille.wiring import House

PROSE = (
    "Le contrat à impact social signé hier finance, pour le projet numéro {n}, un accompagnement de deux ans. "
    "Le contrat à impact social prévoit un remboursement par l'État si les objectifs sont atteints."
)
PAGES, PER_PAGE = 4, 5
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


class Past:
    """A site whose listing goes back page by page, and whose feed has its newest article only."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def day(self, n: int) -> str:
        """The first articles are of yesterday, one of them has no date, the others go back three months at a time."""
        return "" if n == 3 else (YESTERDAY - timedelta(days=90 * (n // PER_PAGE))).date().isoformat()

    def body(self, path: str) -> tuple[str, str]:
        if path == "/feed":
            day = f"<pubDate>{format_datetime(YESTERDAY)}</pubDate>"
            item = f"<item><title>Article 0</title><link>{self.base}/article/0</link>{day}</item>"
            return "application/rss+xml", f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>"
        if path.startswith("/liste?p=") and int(path[9:]) <= PAGES:
            first = (int(path[9:]) - 1) * PER_PAGE
            form = "<li><a href='/article/{0}'>Article {0}</a> <time datetime='{1}'></time></li>"
            rows = "".join(form.format(n, self.day(n)) for n in range(first, first + PER_PAGE))
            return "text/html", f"<html><body><ul>{rows}</ul></body></html>"
        if path.startswith("/article/"):
            n = int(path[9:])
            text = f"<article><h1>Article numéro {n}</h1><p>{PROSE.format(n=n)}</p></article>"
            return (
                "text/html",
                f"<html lang='fr'><head><title>Article numéro {n}</title></head><body>{text}</body></html>",
            )
        return "", ""

    def _handler(past) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                past.paths.append(self.path)
                kind, text = past.body(self.path)
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", f"{kind or 'text/plain'}; charset=utf-8")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

        return Handler


@pytest.fixture
def past(veille, tmp_path: Path) -> Iterator[Past]:
    site = Past()
    config = tmp_path / "config.toml"
    text = config.read_text(encoding="utf-8").replace("http://127.0.0.1:9/feed", f"{site.base}/feed")
    allowed = f'[crawl]\ndelay = 0\nallowed_private_hosts = ["{site.base.removeprefix("http://")}"]\n'
    rules = f'[source.listing]\nurl = "{site.base}/liste?p={{page}}"\nlink = "li a"\n'
    config.write_text(text.replace("[mail]\n", f"{allowed}[mail]\n") + rules, encoding="utf-8")
    yield site
    site.server.shutdown()
    site.server.server_close()


def stored(folder: Path) -> list[StoredArticle]:
    with House(folder / "config.toml") as house:
        found = [house.store.articles.article(each) for each in house.store.articles.all_ids()]
    return [article for article in found if article is not None]


def eligible(folder: Path) -> set[str]:
    """The articles of the edition as it would be composed now."""
    with House(folder / "config.toml") as house:
        edition = prepare(house, chosen_period(house, ""))
        assert edition.period.series == periods.WEEKLY
        return {entry.title for entry in edition.entries}


def state(folder: Path) -> SourceState | None:
    with House(folder / "config.toml") as house:
        return house.store.runs.states().get("muette")


@pytest.mark.long
def test_a_history_is_brought_over_several_calls_killed_or_not_and_no_edition_takes_it(
    veille, past: Past, tmp_path: Path
) -> None:
    ran = veille("run")
    assert ran.returncode == 0, ran.stderr
    before = state(tmp_path)
    told = veille("backfill", "muette", "--since", "2001", "--max", "7", "--dry-run")
    assert f"{past.base}/liste?p={{page}}" in told.stdout

    first = veille("backfill", "muette", "--since", "2001", "--max", "7", "--json")
    assert first.returncode == 0, first.stderr
    report = json.loads(first.stdout)
    assert (report["articles"], report["matched"], report["resumed"], report["finished"]) == (7, 7, False, False)
    command = [sys.executable, "-m", "veille", "backfill", "muette", "--since", "2001"]
    child = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)
    while child.poll() is None and "/article/11" not in past.paths:
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    with House(tmp_path / "config.toml") as house:
        assert house.store.check() == []

    last = veille("backfill", "muette", "--since", "2001")
    assert last.returncode == 0, last.stderr
    assert "Aucun ne partira par mail" in last.stdout
    assert "son historique compte 19 articles" in last.stdout
    assert "Tout ce que la source montre depuis le 01/01/2001 a été demandé." in last.stdout
    assert past.paths.count("/liste?p=1") == 1
    assert past.paths.count("/article/0") == 1

    articles = stored(tmp_path)
    assert len(articles) == PAGES * PER_PAGE
    assert [article.title for article in articles if not article.backfilled] == ["Article numéro 0"]
    assert (
        sum(article.day > YESTERDAY - timedelta(days=2) for article in articles) >= PER_PAGE
    )  # dated of yesterday too
    assert "Article numéro 17" in veille("search", "projet numéro 17").stdout
    after = state(tmp_path)
    assert before is not None
    assert after is not None
    for name in ("last_attempt", "last_success", "last_new", "first_run_at", "next_due", "failures", "entry_used"):
        assert getattr(after, name) == getattr(before, name), name

    assert eligible(tmp_path) == {"Article numéro 0"}
    veille("run", "--recheck")
    assert [article.title for article in stored(tmp_path) if not article.backfilled] == ["Article numéro 0"]
    assert eligible(tmp_path) == {"Article numéro 0"}


def test_what_cannot_be_asked_is_told_in_french(veille, past: Past) -> None:
    for arguments, code, said in (
        (("muette",), 2, "--since"),
        (("muette", "--since", "bientôt"), 2, "n'est pas une date"),
        (("muette", "--since", "2999"), 3, "pas encore passé"),
        (("inconnue", "--since", "2020"), 3, "inconnue"),
    ):
        ran = veille("backfill", *arguments)
        assert (ran.returncode, said in ran.stderr) == (code, True), ran.stderr
