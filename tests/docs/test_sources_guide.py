"""The guide of sources, followed step by step: its commands and its blocks, on sites like those it speaks of."""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from demo import articles, pdf
from veille.config import load
from veille.new_source import slug_of

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "mainteneur-sources.md").read_text(encoding="utf-8")
HOSTS = {
    "gazette.example": "127.0.0.41",
    "collectif.example": "127.0.0.42",
    "donnees.example": "127.0.0.43",
    "inspection.example": "127.0.0.44",
}
NOW = datetime.now(UTC).replace(microsecond=0)
TITLES = ["Un contrat à impact social signé", "La piscine rouvre ses portes", "Le marché déménage en mars"]
TEXTS = [
    "Un contrat à impact social a été signé hier entre l'État, une association d'insertion et deux financeurs privés. "
    "Les paiements suivront les résultats, mesurés chaque année par un évaluateur indépendant, dit le communiqué. ",
    "Fermée depuis deux ans, la piscine municipale rouvre lundi après des travaux d'isolation et de filtration. "
    "Les horaires du soir changent, et les associations retrouvent leurs lignes d'eau dès la semaine prochaine. ",
    "Le marché couvert s'installe sur la place pendant la réfection de la halle, qui durera onze mois au moins. "
    "Les commerçants ont choisi leurs emplacements mardi, et la mairie promet un stationnement gratuit le matin. ",
]
HEAD = """\
[veille]
contact = "essai@example.org"
[crawl]
delay = 0.05
timeout = 10
allowed_private_hosts = {hosts}
[mail]
from = "Veille <veille@example.org>"
[[topic]]
slug = "impact-social"
name = "Impact social"
"""
Pages = dict[str, tuple[str, bytes]]


def html(title: str, body: str, head: str = "") -> tuple[str, bytes]:
    head = f'<meta charset="utf-8"><title>{title}</title>{head}'
    page = f'<!doctype html><html lang="fr"><head>{head}</head><body>{body}</body></html>'
    return "text/html; charset=utf-8", page.encode()


def day(number: int) -> datetime:
    return NOW - timedelta(days=number + 1)


def articles_at(path: str) -> Pages:
    return {
        f"{path}{n}": html(f"{title} | Site", f"<article><h1>{title}</h1><p>{text}</p></article>")
        for n, (title, text) in enumerate(zip(TITLES, TEXTS, strict=True))
    }


def gazette() -> Pages:
    items = "".join(
        f"<item><title>{title}</title><link>/article/{n}</link><pubDate>{format_datetime(day(n))}</pubDate></item>"
        for n, title in enumerate(TITLES)
    )
    rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>'
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    return {
        "/": html("La Gazette des rives", "<h1>À la une</h1>", link),
        "/rss.xml": ("application/rss+xml", rss.encode()),
        **articles_at("/article/"),
    }


def collectif() -> Pages:
    rows = "".join(
        f'<article><h2><a href="/billet/{n}">{title}</a></h2><p class="date">{day(n):%d/%m/%Y}</p></article>'
        for n, title in enumerate(TITLES)
    )
    return {"/actualites": html("Collectif d'exemple", f"<main>{rows}</main>"), **articles_at("/billet/")}


def donnees() -> Pages:
    rows = [
        {"url": f"/question/{n}", "titre": title, "texte": text * 2, "date_publication": f"{day(n):%Y-%m-%d}"}
        for n, (title, text) in enumerate(zip(TITLES, TEXTS, strict=True))
    ]
    return {
        "/questions?page=1": ("application/json", json.dumps({"results": rows}).encode()),
        "/questions?page=2": ("application/json", b'{"results": []}'),
    }


def inspection() -> Pages:
    reports = articles.load_site("institut-horizons-sociaux", NOW)[:3]
    rows = "".join(
        f'<li><a href="/rapport-{n}.pdf">{report.title}</a> ({report.published:%d/%m/%Y})</li>'
        for n, report in enumerate(reports)
    )
    shelf: Pages = {"/rapports": html("Inspection d'exemple", f"<ul>{rows}</ul>")}
    for n, report in enumerate(reports):
        shelf[f"/rapport-{n}.pdf"] = ("application/pdf", pdf.report(report, "Inspection", ["Un mot."]))
    return shelf


def serve(address: str, port: int, pages: Pages) -> ThreadingHTTPServer:
    base = f"http://{address}:{port}".encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("text/plain", b""))
            body = body.replace(b'"url": "/', b'"url": "' + base + b"/")
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer((address, port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Four sites, on one port of four addresses."""
    with socket.create_server(("127.0.0.41", 0)) as probe:
        free = int(probe.getsockname()[1])
    makers = (gazette, collectif, donnees, inspection)
    servers = [serve(address, free, make()) for address, make in zip(HOSTS.values(), makers, strict=True)]
    yield free
    for server in servers:
        server.shutdown()
        server.server_close()


def here(text: str, port: int) -> str:
    """What the guide says, with the addresses of the test's sites in the place of its own."""
    for name, address in HOSTS.items():
        text = text.replace(f"https://{name}", f"http://{address}:{port}")
    return text


def config_of(folder: Path, port: int, blocks: str = "") -> Path:
    path = folder / "config.toml"
    hosts = json.dumps([f"{address}:{port}" for address in HOSTS.values()])
    path.write_text(HEAD.format(hosts=hosts) + blocks, encoding="utf-8")
    return path


def veille(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "veille", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=180, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert ran.returncode == 0, (arguments, ran.stdout, ran.stderr)
    return ran.stdout


def section(title: str) -> str:
    return GUIDE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def steps() -> list[str]:
    """The commands of « Les cinq minutes d'une source », in order."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", section("Les cinq minutes d'une source"), re.DOTALL | re.MULTILINE)
    return [line.strip() for block in blocks for line in block.splitlines()]


@pytest.mark.long
@pytest.mark.timeout(900)  # six commands, each of which starts the whole program
def test_the_five_minutes_are_followed_command_by_command(port: int, tmp_path: Path) -> None:
    commands = steps()
    assert [command.split()[1:3] for command in commands] == [
        ["source", "add"], ["run", "--source"], *[["source", "add"]] * 3, ["source", "try"],
    ]  # fmt: skip
    config = config_of(tmp_path, port)
    head = config.read_text(encoding="utf-8")
    assert slug_of("https://gazette.example/") == "gazette"
    said = []
    for command in commands:
        words = [slug_of(f"http://{HOSTS['gazette.example']}/") if word == "gazette" else word
                 for word in shlex.split(here(command, port))[1:]]  # fmt: skip
        said.append(veille(tmp_path, *words))
    sources = load(config).sources
    assert config.read_text(encoding="utf-8").startswith(head)
    kinds = [bool(s.feeds) * "feed" or bool(s.api) * "api" or (s.listing and s.listing.link) for s in sources]
    assert kinds == ["feed", "h2 a", "api", 'a[href$=".pdf"]']
    assert [source.name for source in sources[:3]] == [
        "La Gazette des rives",
        "Collectif d'exemple",
        "Questions d'exemple",
    ]
    assert "1 source lue" in said[1] and "3 nouveaux articles, dont 1 retenu" in said[1]
    for trial in (said[0], *said[2:]):
        assert "3 articles lus, tous datés" in trial
    for trial in (*said[2:4], said[5]):
        assert "cis, au centre : « contrat à impact social »" in trial


@pytest.mark.long
def test_the_blocks_written_by_hand_read_the_same_sites(port: int, tmp_path: Path) -> None:
    titles = ("Un flux", "Une liste", "Une API", "Des PDF")
    blocks = [re.findall(r"^```toml\n(.*?)^```", section(title), re.DOTALL | re.MULTILINE)[0] for title in titles]
    config_of(tmp_path, port, here("\n".join(blocks), port))
    report = json.loads(veille(tmp_path, "run", "--json"))
    assert (report["sources"], report["sources_failed"], report["failures"]) == (4, 0, [])
    assert report["articles"] == 12
