"""A page watched for change, by the real program: what is added to it is an article that is tagged and mailed alone."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

STANDING = (
    "<p>Cette page recense ce que nous savons du financement de l'action sociale.</p>",
    "<ul><li>Nièvre, 2017 : mobilité rurale, avec une association du Morvan.</li></ul>",
    "<p>Merci de citer vos sources quand vous modifiez cette page.</p>",
)
ADDED = "<p>Gironde : un contrat à impact social a été signé, les investisseurs attendent un rendement de 5 %.</p>"


class Wiki:
    """A wiki whose pages are named by their query, as YesWiki's are."""

    def __init__(self) -> None:
        self.paragraphs = list(STANDING)
        self.asked: list[str] = []
        wiki = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                wiki.asked.append(self.path)
                found = self.path == "/?Page11"
                title = "<title>Les contrats en France</title>"
                part = f"<div class=page><h1>Les contrats en France</h1>{''.join(wiki.paragraphs)}</div>"
                body = f"<html lang=fr><head>{title}</head><body>{part}<p>{len(wiki.asked)} visites</p></body></html>"
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body.encode() if found else b"absente")

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def wiki() -> Iterator[Wiki]:
    wiki = Wiki()
    yield wiki
    wiki.server.shutdown()
    wiki.server.server_close()


def config(wiki: Wiki) -> str:
    return f"""
[veille]
name = "Veille d'essai"
contact = "essai@example.org"
[crawl]
delay = 0.0
allowed_private_hosts = ["{wiki.host}"]
[mail]
from = "Veille <veille@example.org>"
[[topic]]
slug = "impact-social"
name = "Impact social"
[[source]]
slug = "wiki"
name = "Le wiki"
category = "critique-allie"
url = "http://{wiki.host}/"
[source.page]
url = "http://{wiki.host}/?Page11"
content = ".page"
"""


def articles(folder: Path) -> list[tuple[Any, ...]]:
    """Address, title, version, backfilled, text and labels of every article, oldest first."""
    query = """
        select article.url, article.title, article.version, backfilled, text,
               (select group_concat(label) from tag where tag.article_id = article.id)
        from article join version on version.article_id = article.id and version.number = article.version
        order by article.id"""
    with sqlite3.connect(folder / "var" / "veille.db") as database:
        return database.execute(query).fetchall()


@pytest.mark.long
def test_what_is_added_to_a_watched_page_is_an_article_tagged_by_itself(
    veille: Callable[..., Any], wiki: Wiki, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(config(wiki), encoding="utf-8")
    assert veille("run").returncode == 0
    ((url, title, version, backfilled, text, labels),) = articles(tmp_path)
    assert (url, title, version, backfilled, labels) == (
        f"http://{wiki.host}/?Page11", "Les contrats en France", 1, True, None,
    )  # fmt: skip
    assert "visites" not in text
    wiki.paragraphs[1] = ADDED
    assert veille("run").returncode == 0
    (page, addition) = articles(tmp_path)
    assert (page[2], page[3]) == (2, True)
    assert addition[0].startswith(f"{url}#modification-")
    assert addition[1].startswith("Les contrats en France (page modifiée le ")
    assert (addition[2], addition[3], addition[5]) == (1, False, "cis")
    assert (
        addition[4]
        == "Gironde : un contrat à impact social a été signé, les investisseurs attendent un rendement de 5 %."
    )
