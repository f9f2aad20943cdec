"""Twenty-five servers that answer in bad faith or in bad shape, each on a loopback address (A7 to A17, A43)."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import brotli

OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS = 2_000_000_000
"""Bytes after which an endless answer ends all the same."""


@dataclass
class Server:
    """One listener; `answer` writes whatever it wants on the connection for a path."""

    host: str
    answer: Callable[[str, socket.socket, Server], None]
    paths: list[str] = field(default_factory=list)
    sent: int = 0

    def __post_init__(self) -> None:
        self.listener = socket.create_server((self.host, 0), backlog=64)
        self.port: int = self.listener.getsockname()[1]
        self.base = f"http://{self.host}:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def write(self, connection: socket.socket, data: bytes) -> None:
        connection.sendall(data)
        self.sent += len(data)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(60)
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := connection.recv(65_536)):
                    return
                head += more
            path = head.split(b" ", 2)[1].decode("latin-1")
            self.paths.append(path)
            if path in ("/robots.txt", "/.well-known/tdmrep.json"):
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                self.answer(path, connection, self)
            # Read what the other side still says, so that closing does not reset what was sent.
            connection.shutdown(socket.SHUT_WR)
            connection.recv(65_536)


Answer = Callable[[str, socket.socket, Server], None]


def whole(body: bytes, kind: str = "application/rss+xml", *headers: str) -> Answer:
    head = OK + f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n".encode()
    head += "".join(f"{header}\r\n" for header in headers).encode() + b"\r\n"
    return lambda path, connection, server: server.write(connection, head + body)


def stream(head: bytes, pieces: Callable[[], Iterator[bytes]], pause: float = 0.0) -> Answer:
    def answer(path: str, connection: socket.socket, server: Server) -> None:
        server.write(connection, head)
        for piece in pieces():
            server.write(connection, piece)
            time.sleep(pause)
            if server.sent > ENDLESS:
                return

    return answer


def forever(piece: bytes) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        while True:
            yield piece

    return pieces


def feed(*links: str) -> bytes:
    items = "".join(f"<item><title>Titre {n}</title><link>{link}</link></item>" for n, link in enumerate(links))
    return f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss>".encode()


def redirects(path: str, connection: socket.socket, server: Server) -> None:
    number = int(path.rsplit("/", 1)[-1] or 0) if path[-1].isdigit() else 0
    place = f"Location: /saut/{number + 1}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    server.write(connection, b"HTTP/1.1 302 Found\r\n" + place.encode())


def loop(path: str, connection: socket.socket, server: Server) -> None:
    place = b"Location: /a\r\n" if path != "/a" else b"Location: /flux\r\n"
    server.write(connection, b"HTTP/1.1 301 Moved\r\n" + place + b"Content-Length: 0\r\nConnection: close\r\n\r\n")


def calendar(path: str, connection: socket.socket, server: Server) -> None:
    """A listing whose next page is always another month."""
    month = int(path.rpartition("=")[2]) if "=" in path else 0
    link = f'<h2><a href="/jour/{month}">Jour</a></h2>' if path.startswith("/agenda") else "<h1>Un jour</h1>"
    body = f'{link}<p><a class="next" href="/agenda?mois={month + 1}">Mois suivant</a></p>'.encode()
    whole(body, "text/html")(path, connection, server)


def silent(path: str, connection: socket.socket, server: Server) -> None:
    time.sleep(60)


def laughs() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]><rss><channel>&l11;</channel></rss>'.encode()
    )


def deflated(size: int) -> bytes:
    maker = zlib.compressobj(9)
    return b"".join(maker.compress(b"\0" * 2**20) for _ in range(size // 2**20)) + maker.flush()


def nested_gzip() -> bytes:
    return gzip.compress(gzip.compress(b"<rss/>" * 5_000_000))


CHUNKED = OK + b"Content-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
PLAIN = OK + b"Content-Type: application/rss+xml\r\nConnection: close\r\n\r\n"
DEEP = b"<div>" * 100_000
BOMB = 300 * 2**20

HOSTILE: dict[str, tuple[Answer, set[str]]] = {
    # name: (what it answers, the kinds of failure that may name it; an empty one: it may be read, as an empty feed)
    "bombe-gzip": (whole(gzip.compress(b"\0" * BOMB), "text/xml", "Content-Encoding: gzip"), {"size"}),
    "bombe-deflate": (whole(deflated(BOMB), "text/xml", "Content-Encoding: deflate"), {"size"}),
    "bombe-br": (
        whole(brotli.compress(b"\0" * BOMB, quality=5), "text/xml", "Content-Encoding: br"),
        {"size", "encoding"},
    ),
    "bombe-double": (whole(nested_gzip(), "text/xml", "Content-Encoding: gzip, gzip"), {"size", "format", "encoding"}),
    "goutte": (stream(PLAIN, forever(b"x"), 0.2), {"timeout"}),
    "sans-fin": (stream(PLAIN, forever(b"<item/>" * 10_000)), {"size", "timeout"}),
    "morceaux-sans-fin": (stream(CHUNKED, forever(b"2710\r\n" + b"x" * 10_000 + b"\r\n")), {"size", "timeout"}),
    "morceaux-casses": (
        stream(CHUNKED, lambda: iter([b"zz\r\nabc\r\n0\r\n\r\n"])),
        {"connection", "format", "internal"},
    ),
    "morceau-geant": (stream(CHUNKED, lambda: iter([b"ffffffffffffffff\r\nabc"])), {"connection", "timeout", "size"}),
    "boucle": (loop, {"redirect"}),
    "sauts": (redirects, {"redirect"}),
    "en-tetes-sans-fin": (stream(OK, forever(b"X-Vide: " + b"y" * 1_000 + b"\r\n")), {"size"}),
    "en-tete-geant": (stream(OK, forever(b"X" * 10_000)), {"size", "connection"}),
    "temoins": (stream(OK + b"Set-Cookie: a=b\r\n" * 10_000, lambda: iter([b"\r\n"])), {"size"}),
    "muet": (silent, {"timeout"}),
    "statut-faux": (lambda p, c, s: s.write(c, b"BONJOUR\r\n\r\nrien\r\n"), {"connection", "internal"}),
    "rires": (whole(laughs()), {"format", ""}),
    "type-menteur": (whole(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 500), {"format"}),
    "html-profond": (whole(DEEP, "text/html"), {"format"}),
    "longueur-courte": (stream(OK + b"Content-Length: 10\r\n\r\n", lambda: iter([feed("/a")])), {"format"}),
    "coupe": (
        stream(OK + b"Content-Length: 100000\r\nConnection: close\r\n\r\n", lambda: iter([b"<rss>"])),
        {"connection"},
    ),
    "longueur-geante": (stream(OK + b"Content-Length: 99999999999\r\n\r\n", forever(b"x" * 1_000)), {"size"}),
    "vide": (whole(b""), {"empty"}),
    "raccroche": (lambda p, c, s: None, {"connection"}),
    "tls-lent": (silent, {"robots", "timeout"}),
}
"""Every one of them serves this at its feed; the calendar and the flood are sources of their own, in the campaign."""
