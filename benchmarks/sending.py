"""An edition to many subscribers: composed, rendered, handed over, beside a bare smtplib loop to the same receiver.

    python -m benchmarks.sending [SUBSCRIBERS]

Ours is everything `veille digest --send` does once the edition is chosen: body, outbox, one message for each person,
two durable commits a mail. The bare loop sends one ready-made mail of the same size over one connection. The receiver
is a process of its own that takes every mail. Goal: 0.6 of the bare loop, and memory that stays flat.
"""

from __future__ import annotations

import os
import smtplib
import socketserver
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.render import MailRenderer
from alerts.settings import ChannelSettings, MailSettings
from alerts.smtp import SmtpChannel
from core.clock import SystemClock
from core.editions import Edition, Entry, Period
from core.search import Excerpt, Span
from core.urls import article_key
from db.store import Store, open_store
from pipeline.deliver import Post, deliver, freeze

SUBSCRIBERS = 10_000
ENTRIES = 12
TEXT = "Le département signe un contrat à impact social avec une association de la région, pour quatre ans."
FORM = "contrat à impact social"


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


def sink() -> None:
    """Takes every mail and keeps none."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


def _resident() -> float:
    """MiB of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _edition(store: Store, now: datetime) -> Edition:
    from core.articles import Article, Signature, Tag, Verdict

    entries = []
    for number in range(ENTRIES):
        url, title = f"https://exemple.fr/{number}", f"Un contrat à impact signé dans la région, numéro {number}"
        article = Article(
            url=url, key=article_key(url), title=title, text=TEXT, fetched_at=now, page_id=0, source="s", language="fr"
        )
        kept = store.articles.keep(article, Verdict((Tag("t", "cis", True, 1.0),)), Signature(), None, False)
        start = TEXT.index(FORM)
        entries.append(
            Entry(
                kept.story_id,
                number,
                title,
                url,
                "La Gazette",
                "presse",
                now,
                now,
                ("cis",),
                True,
                Excerpt(TEXT, (Span(start, start + len(FORM)),)),
                f"« {FORM} » dans le texte",
                1.0,
            )
        )
    period = Period("weekly", "2026-W48", now - timedelta(days=7), now)
    return Edition(period, now, tuple(entries), sources_read=100)


def _subscribe(store: Store, count: int, now: datetime) -> None:
    """In one transaction: adding people is not what is measured."""
    from sqlalchemy import insert

    from db.ledger import SubscriberRow

    rows: list[dict[str, Any]] = []
    for number in range(count):
        address, token = f"personne{number}@domaine{number % 40}.example", f"jeton{number:017d}"
        known = {"address": address, "address_key": address, "token": token, "token_hash": token, "topics": []}
        rows.append({**known, "kind": "person", "since": now, "unsubscribe": "", "sender": ""})
    with store.subscribers._database.write() as connection:
        connection.execute(insert(SubscriberRow), rows)


def _ours(folder: Path, port: int, count: int) -> tuple[dict[str, float], bytes]:
    settings = MailSettings(
        name="Veille", sender="Veille <veille@asso.example>", contact="veille@asso.example",
        public_url="https://veille.asso.example", bounces="retours@asso.example", bounce_secret="x" * 32,
        topics=("Contrats à impact social",),
    )  # fmt: skip
    clock, renderer = SystemClock(), MailRenderer(settings)
    channel = SmtpChannel(ChannelSettings(host="127.0.0.1", port=port, tls="none", rate=0, helo="asso.example"))
    residents: list[float] = []

    def progress(done: int, due: int) -> None:
        if done % (count // 20 or 1) == 0:
            residents.append(_resident())

    with open_store(f"sqlite:///{folder}/veille.db", folder) as store:
        now = datetime.now(UTC)
        _subscribe(store, count, now)
        edition = _edition(store, now)
        post = Post(store.editions, store.subscribers, renderer, channel, clock, returns=store.returns)
        began = time.perf_counter()
        stored = freeze(edition, post)
        queued = time.perf_counter()
        report = deliver(stored, post, progress)
        ended = time.perf_counter()
        assert report.sent == count, report
        body = store.editions.body(stored.id or 0)
        assert body is not None
        message = renderer.message(stored, body, store.subscribers.active()[0])
    channel.close()
    found = {
        "mails_per_second": count / (ended - began),
        "freeze_seconds": queued - began,
        "peak_rss_mib": max(residents),
        "growth_mib": max(residents[len(residents) // 2 :]) - max(residents[: len(residents) // 2]),
        "size_kb": len(message.content) / 1000,
    }
    return found, message.content


def _rendered(content_count: int, folder: Path) -> float:
    """Messages made a second, none sent."""
    settings = MailSettings("Veille", "Veille <veille@asso.example>", "veille@asso.example", "https://v.example")
    renderer = MailRenderer(settings)
    with open_store(f"sqlite:///{folder}/autre.db", folder) as store:
        now = datetime.now(UTC)
        _subscribe(store, content_count, now)
        edition, people = _edition(store, now), store.subscribers.active()
    body = renderer.body(edition)
    began = time.perf_counter()
    for who in people:
        renderer.message(edition, body, who)
    return content_count / (time.perf_counter() - began)


def _bare(port: int, content: bytes, count: int) -> float:
    """Ready-made bytes by smtplib, one connection."""
    with smtplib.SMTP("127.0.0.1", port, "asso.example") as smtp:
        smtp.ehlo()
        began = time.perf_counter()
        for number in range(count):
            smtp.sendmail("veille@asso.example", [f"personne{number}@domaine.example"], content)
        return count / (time.perf_counter() - began)


def _synced(folder: Path) -> float:
    """How often a second this disk can hold two commits, of a page each: no mail that is held twice goes faster."""
    file, pairs = os.open(folder / "pages", os.O_WRONLY | os.O_CREAT), 100
    began = time.perf_counter()
    for _ in range(2 * pairs):
        os.write(file, b"x" * 4_096)
        os.fdatasync(file)
    os.close(file)
    return pairs / (time.perf_counter() - began)


def run(count: int) -> dict[str, float]:
    command = [sys.executable, "-c", "from benchmarks.sending import sink; sink()"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            found, content = _ours(Path(folder), port, count)
            found["bare_per_second"] = _bare(port, content, count)
            found["two_syncs_per_second"] = _synced(Path(folder))
            found["rendered_per_second"] = _rendered(min(count, 2_000), Path(folder))
        finally:
            process.kill()
    found["ratio"] = found["mails_per_second"] / found["bare_per_second"]
    return found


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else SUBSCRIBERS).items():
        print(f"{name}: {value:.2f}")
