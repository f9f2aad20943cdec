"""A loopback site of news-like pages, served by a process of its own that costs little beside what is measured."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections.abc import Iterator
from contextlib import contextmanager

HOST = "127.0.0.77"
WORDS = (
    "le la les un une des conseil municipal département région association habitants projet budget travaux école maire"
    " réunion semaine décision subvention logement emploi jeunesse culture sport transport santé quartier place marché"
    " ouverture fermeture enquête avis service public accueil dossier demande réponse calendrier chantier équipe année"
).split()
ON_TOPIC = (
    "Le département a signé un contrat à impact social (CIS) : des investisseurs avancent {n} euros,"
    " remboursés si les résultats sont atteints."
)
"""Three pages in a hundred speak of the topic, as in a watch of general sources."""


def sentence(draw: random.Random) -> str:
    return " ".join(draw.choice(WORDS) for _ in range(draw.randint(8, 22))).capitalize() + "."


def _link(number: int) -> str:
    marks = f'class="nav-link nav-link--{number % 7}" data-track="menu-{number}"'
    return f'<li class="item-{number}"><a href="/r/{number}" {marks}>Rubrique {number}</a></li>'


def _teaser(number: int, draw: random.Random) -> str:
    title = f'<h3><a href="/a/{number}">{sentence(draw)[:60]}</a></h3>'
    return f'<article class="teaser teaser--{number}">{title}<p>{sentence(draw)}</p></article>'


def page(number: int) -> bytes:
    """About 50 kB of HTML, of which 600 words are the article."""
    draw = random.Random(number)
    paragraphs = [" ".join(sentence(draw) for _ in range(4)) for _ in range(10)]
    if number % 33 == 0:
        paragraphs[3] += " " + ON_TOPIC.format(n=draw.randint(100_000, 900_000))
    title = sentence(draw)[:70]
    links = "".join(_link(i) for i in range(180))
    related = "".join(_teaser(i, draw) for i in range(40))
    style = "".join(f".c{i}{{margin:{i}px;padding:{i % 9}px;color:#{i:03x}}}" for i in range(250))
    text = "".join(f"<p>{p}</p>" for p in paragraphs)
    head = (
        f'<meta charset="utf-8"><title>{title}</title><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="2026-11-20T08:00:00+01:00"><style>{style}</style>'
    )
    html = (
        f'<!doctype html><html lang="fr"><head>{head}</head><body><header><nav><ul>{links}</ul></nav></header>'
        f'<main><article class="post"><h1>{title}</h1>{text}</article></main><aside class="related">'
        f"<h2>À lire aussi</h2>{related}</aside><footer><ul>{links[:4000]}</ul></footer></body></html>"
    )
    return html.encode()


def pages(count: int) -> dict[str, bytes]:
    return {f"/article/{number}.html": page(number) for number in range(count)}


def _answers(count: int, port: int) -> dict[bytes, bytes]:
    """Whole HTTP answers by path, made once."""
    found = {}
    documents = {path: ("text/html; charset=utf-8", body) for path, body in pages(count).items()}
    urls = "".join(
        f"<url><loc>http://{HOST}:{port}{path}</loc><lastmod>2026-11-20</lastmod></url>" for path in documents
    )
    sitemap = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    documents["/sitemap.xml"] = ("application/xml", sitemap.encode())
    documents["/robots.txt"] = ("text/plain", b"User-agent: *\nDisallow:\n")
    for path, (kind, body) in documents.items():
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        found[path.encode()] = head.encode() + body
    return found


class _Protocol(asyncio.Protocol):
    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self._answers, self._buffer = answers, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            answer = self._answers.get(head.split(b" ", 2)[1], b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            self._transport.write(answer)  # type: ignore[attr-defined]


def _serve(count: int, port: int, ready: multiprocessing.synchronize.Event) -> None:
    async def main() -> None:
        answers = _answers(count, port)
        server = await asyncio.get_running_loop().create_server(lambda: _Protocol(answers), HOST, port)
        ready.set()
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def serving(count: int, port: int = 8977) -> Iterator[str]:
    """The site's base URL, while its process lives."""
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_serve, args=(count, port, ready), daemon=True)
    process.start()
    if not ready.wait(60):
        raise TimeoutError("the benchmark's site did not start")
    try:
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.join()
