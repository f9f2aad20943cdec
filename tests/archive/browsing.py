"""The site on a real socket, and a browser of a few lines that keeps cookies and shows what it got."""

from __future__ import annotations

import email
import http.client
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import lxml.html

from alerts import joining
from alerts.folder import FolderChannel
from alerts.render import MailRenderer
from alerts.settings import MailSettings
from alerts.sign_in import message
from archive.app import create_app
from archive.server import server
from core.drafts import Draft, Upcoming
from core.editions import Body, Edition, Period, SourceNotice
from core.errors import SendError
from core.sources import Source
from db.store import Store
from pipeline.digest import Watch, compose

MAIL = MailSettings("Veille d'essai", "Veille <veille@asso.example>", "veille@asso.example")


class Composing:
    """The Composer port over a store: the edition of the week of NOW, which leaves a week later."""

    def __init__(self, store: Store, sources: Sequence[Source], now: datetime) -> None:
        self._store, self._sources, self._now = store, {each.slug: each for each in sources}, now

    def upcoming(self) -> Upcoming:
        leaves = self._now + timedelta(days=7)
        period = Period("weekly", "2026-W49", self._now, leaves)
        draft = self._store.drafts.open("weekly") or Draft("weekly", period.key)
        return Upcoming(self._composed(period, self._now - timedelta(days=35)), draft, leaves)

    def body(self, edition: Edition) -> Body:
        return MailRenderer(MAIL).body(edition)

    def since(self, start: datetime) -> Edition:
        return self._composed(Period("reunion", "2026-11-01", start, self._now), start)

    def _composed(self, period: Period, since: datetime) -> Edition:
        told = self._store.editions.eligible(period.series, since, self._now)
        watch = Watch(3, (SourceNotice("La Lettre fermée", "le site est fermé"),))
        return compose(period, told, self._sources, watch, ("cis@3",), ("impact-social",), self._now)


class FolderPost:
    """The SignInPost port over the folder channel."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, address: str, link: str, at: datetime) -> None:
        FolderChannel(self.folder).send(message(link, MAIL, address, at))

    def mails(self) -> list[Any]:
        files = sorted(self.folder.glob("*.eml"), key=lambda path: path.name)
        return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]

    def links(self) -> list[str]:
        """The link of every mail, in the order of their files."""
        texts = [mail.get_body(("plain",)).get_content() for mail in self.mails()]
        return [re.findall(r"^https?://\S+/connexion/\S+", text, re.MULTILINE)[0] for text in texts]


class FolderJoin(FolderPost):
    """The JoinPost port over the folder channel; `broken` as when the relay does not answer."""

    broken = False

    def confirm(self, address: str, link: str, at: datetime) -> None:
        if self.broken:
            raise SendError("le serveur d'envoi ne répond pas")
        FolderChannel(self.folder).send(joining.confirmation(link, MAIL, address, at))

    def preferences(self, address: str, link: str, at: datetime) -> None:
        FolderChannel(self.folder).send(joining.preferences(link, MAIL, address, at))

    def links(self) -> list[str]:
        texts = [mail.get_body(("plain",)).get_content() for mail in self.mails()]
        return [re.findall(r"^https?://\S+/abonnement/\S+", text, re.MULTILINE)[0] for text in texts]


@contextmanager
def serving(ports: Any) -> Iterator[int]:
    """The port of the whole application, served on loopback."""
    running = server(create_app(ports), "127.0.0.1", 0)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    limit = time.monotonic() + 30
    while not running.started and time.monotonic() < limit:
        time.sleep(0.01)
    try:
        yield running.servers[0].sockets[0].getsockname()[1]
    finally:
        running.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def tree(self) -> Any:
        return lxml.html.document_fromstring(self.text)

    @property
    def main(self) -> str:
        """The words of the page, its frame aside."""
        return " ".join(self.tree.xpath("string(//main)").split())


@dataclass
class Browser:
    """Says where its forms come from, as browsers do, unless told otherwise."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = ""

    @property
    def origin(self) -> str:
        return f"http://{self.host or f'127.0.0.1:{self.port}'}"

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, "", headers)

    def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(form or {}), kind | {"Origin": self.origin} | headers)

    def ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.host:
            sent["Host"] = self.host
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body.encode(), sent)
        got = connection.getresponse()
        answer = Answer(got.status, got.headers, got.read())
        connection.close()
        for line in got.headers.get_all("set-cookie") or ():
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0].strip('"')
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer

    def token(self, path: str = "/moi") -> str:
        """What the forms of a page carry."""
        return str(self.get(path).tree.xpath("//input[@name='jeton']/@value")[0])

    def sign_in(self, address: str, post: FolderPost, suite: str = "") -> Answer:
        """Ask for a link, take it from the mail, press the button."""
        known = set(post.links())
        assert self.post("/connexion", {"adresse": address, "suite": suite}).status == 200
        link = wait_for_link(post, known)
        return self.post(urlsplit(link).path)


def wait_for_link(post: FolderPost, known: set[str]) -> str:
    """The mail leaves after the answer."""
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        if fresh := [link for link in post.links() if link not in known]:
            return fresh[0]
        time.sleep(0.01)
    raise AssertionError("no sign-in mail came")
