"""One person's whole way through the real program: subscribes, receives, leaves by the header; nothing names them."""

from __future__ import annotations

import email
import http.client
import logging
import re
import threading
import time
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from core.articles import Article, Match, Signature, Tag, Verdict
from core.runs import RunReport
from core.urls import article_key
from veille import issuing
from veille.serving import server
from veille.wiring import House

MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+01:00")
ANA = "anastasia@asso.example"
TEXT = "Un contrat à impact social est signé."


def ask(port: int, path: str, form: dict[str, str] | None, host: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{host}", "Host": host}
    connection.request("GET" if form is None else "POST", path, urlencode(form or {}), headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def mails(folder: Path, count: int) -> list[Any]:
    limit = time.monotonic() + 30
    while len(files := sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)) < count:
        assert time.monotonic() < limit, "no mail came"
        time.sleep(0.02)
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


def tell(house: House) -> None:
    at = MONDAY - timedelta(hours=2)
    house.store.runs.start("passage", at)
    start = TEXT.index("contrat")
    card = Match(
        "impact-social", "cis", "1", "cis", "cis", "text", TEXT[start:26], start, 26, TEXT, 0, 1.0, 0.5, True
    )  # fmt: skip
    url = "https://exemple.fr/signature"
    article = Article(0, "muette", url, article_key(url), "Une signature", TEXT, at, language="fr")
    verdict = Verdict((Tag("impact-social", "cis", True, 1.0),), (card,))
    house.store.articles.keep(article, verdict, Signature(), None, False)
    house.store.runs.finish("passage", RunReport(), at)


def test_from_the_form_to_the_header_that_makes_leave(
    veille: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    host = "veille.asso.example"
    config = tmp_path / "config.toml"
    web = f'[web]\npublic_url = "https://{host}"\n[mail]\n'
    config.write_text(config.read_text("utf-8").replace("[mail]\n", web), encoding="utf-8")
    monkeypatch.setenv("VEILLE_NOW", MONDAY.isoformat())
    folder = tmp_path / "var" / "mail"
    pages = []
    with House(config) as house:
        running = server(house, "127.0.0.1:0")
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        limit = time.monotonic() + 60
        while not running.started and time.monotonic() < limit:
            time.sleep(0.02)
        port = running.servers[0].sockets[0].getsockname()[1]
        assert ask(port, "/abonnement", {"adresse": ANA, "accord": "oui"}, host)[0] == 200
        link = re.findall(r"https://\S+/confirmer/\S+", mails(folder, 1)[0].get_body(("plain",)).get_content())[0]
        pages += [ask(port, urlsplit(link).path, None, host), ask(port, urlsplit(link).path, {}, host)]
        tell(house)
        issuing._due(house, send=True, as_json=False)
        edition = mails(folder, 2)[1]
        text = edition.get_body(("plain",)).get_content()
        assert edition["To"] == ANA and "Une signature" in text
        assert "vous avez confirmé votre inscription le 23 novembre 2026" in " ".join(text.split())
        own = re.findall(rf"https://{host}(/abonnement/\S+)", text)[0]
        pages.append(ask(port, own, None, host))
        leave = re.findall(rf"<https://{host}(/desabonnement/[^>]+)>", edition["List-Unsubscribe"])[0]
        pages += [ask(port, leave, None, host), ask(port, leave, {"List-Unsubscribe": "One-Click"}, host)]
        assert house.store.subscribers.active() == []
        running.should_exit = True
        thread.join(20)
    assert [status for status, _ in pages] == [200] * 5
    said = caplog.text + "".join(capfd.readouterr()) + "".join(text for _, text in pages)
    assert "anastasia" not in said.lower()
    for token in (link, own, leave):
        assert token.rpartition("/")[2] not in caplog.text
