"""Links of articles on the topic are asked once a month, by the real program over real HTTP: dead ones are marked."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
ON_TOPIC = "Un contrat à impact social a été signé en Gironde ; les investisseurs attendent un rendement de 5 %."
OFF_TOPIC = "La fête des voisins a réuni deux cents personnes sur la place du village, sous un grand soleil."


class Town:
    """A site of two articles, whose pages carry an ETag and may go."""

    def __init__(self) -> None:
        self.pages = {"/contrat": ON_TOPIC, "/fete": OFF_TOPIC}
        self.answers: dict[str, int] = {}
        self.asked: list[tuple[str, bool]] = []
        """Path, and whether it was asked conditionally."""
        town = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                if self.path == "/flux":
                    self._give(200, "application/rss+xml", town.feed())
                elif self.path in town.pages:
                    town.asked.append((self.path, "If-None-Match" in self.headers))
                    status = town.answers.get(self.path, 304 if "If-None-Match" in self.headers else 200)
                    text = town.pages[self.path]
                    page = (
                        f"<html lang=fr><title>Nouvelle</title><article><h1>Nouvelle</h1><p>{text}</p></article></html>"
                    )
                    self._give(status, "text/html; charset=utf-8", page if status == 200 else "")
                else:
                    self._give(404, "text/plain", "absente")

            def _give(self, status: int, kind: str, body: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if self.path in town.pages and status < 400:
                    self.send_header("ETag", '"v1"')
                self.end_headers()
                if status != 304:
                    self.wfile.write(body.encode())

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def feed(self) -> str:
        day = "Mon, 02 Mar 2026 07:00:00 GMT"
        items = "".join(
            f"<item><title>Nouvelle {path}</title><link>http://{self.host}{path}</link><pubDate>{day}</pubDate></item>"
            for path in self.pages
        )
        return f"<rss version='2.0'><channel><title>Ville</title>{items}</channel></rss>"

    def taken(self) -> list[tuple[str, bool]]:
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return sorted(asked)


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town()
    yield town
    town.server.shutdown()
    town.server.server_close()


@pytest.fixture
def run(veille: Callable[..., Any], town: Town, tmp_path: Path) -> Callable[[float], list[tuple[str, bool]]]:
    """Runs on a day after START, and gives what was asked of the articles."""
    (tmp_path / "config.toml").write_text(
        f"""
[veille]
name = "Veille d'essai"
contact = "essai@example.org"
[crawl]
delay = 0.0
revisit = []
allowed_private_hosts = ["{town.host}"]
[mail]
from = "Veille <veille@example.org>"
[[topic]]
slug = "impact-social"
name = "Impact social"
[[source]]
slug = "ville"
name = "La ville"
category = "presse"
url = "http://{town.host}/"
feed = "http://{town.host}/flux"
""",
        encoding="utf-8",
    )

    def passed(days: float) -> list[tuple[str, bool]]:
        done = veille("run", VEILLE_NOW=(START + timedelta(days=days)).isoformat())
        assert done.returncode in (0, 4), done.stderr
        return town.taken()

    return passed


def dead_since(folder: Path) -> dict[str, str | None]:
    with sqlite3.connect(folder / "var" / "veille.db") as database:
        rows = database.execute("select url, date(deleted_at) from article").fetchall()
    return {url.rsplit("/", 1)[1]: day for url, day in rows}


@pytest.mark.long
def test_a_link_on_the_topic_is_asked_each_month_and_a_dead_one_is_marked_until_it_lives(
    run: Callable[[float], list[tuple[str, bool]]], town: Town, tmp_path: Path
) -> None:
    assert run(0) == [("/contrat", False), ("/fete", False)]
    assert run(31) == [("/contrat", True)], "what is off the topic is left alone; the question is conditional"
    town.answers["/contrat"] = 404
    assert run(62) == [("/contrat", True)]
    assert dead_since(tmp_path) == {"contrat": None, "fete": None}, "one answer is not enough"
    assert run(63) == [("/contrat", True)]
    assert dead_since(tmp_path) == {"contrat": "2026-05-04", "fete": None}
    town.answers["/contrat"] = 200
    town.pages["/contrat"] = ON_TOPIC + " Une phrase de plus."
    assert run(95) == [("/contrat", True)]
    assert dead_since(tmp_path)["contrat"] is None
    with sqlite3.connect(tmp_path / "var" / "veille.db") as database:
        pages = database.execute("select count(*) from page where url like '%/contrat'").fetchone()
    assert pages == (1,), "a page that is there is not read again because its link was asked"
