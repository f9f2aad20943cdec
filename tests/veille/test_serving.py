"""`veille watch`: one instance, real children, a clean end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.articles import Article, Signature, Verdict
from core.saved import Wish
from core.urls import article_key
from veille.serving import Watch
from veille.wiring import House


@pytest.fixture
def silent_site(veille, tmp_path: Path) -> Iterator[socket.socket]:
    """A site that takes connections and never answers, as the only source."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        config = tmp_path / "config.toml"
        text = config.read_text(encoding="utf-8").replace("127.0.0.1:9/", f"127.0.0.1:{server.getsockname()[1]}/")
        allowed = f'[crawl]\nallowed_private_hosts = ["127.0.0.1:{server.getsockname()[1]}"]\n'
        config.write_text(text.replace("[mail]\n", f"{allowed}[mail]\n"), encoding="utf-8")
        yield server


def test_the_watch_purges_once_a_day_what_has_had_its_time(veille, tmp_path: Path) -> None:
    url, seen = "https://exemple.fr/ancien", datetime.now(UTC) - timedelta(days=100)
    with House(tmp_path / "config.toml") as house:
        article = Article(0, "muette", url, article_key(url), "Un titre", "Un vieux texte.", seen)
        kept = house.store.articles.keep(article, Verdict(), Signature(), None, True)
        watch = Watch(house)
        watch.collect()
        found = house.store.articles.article(kept.article_id)
        assert found is not None
        assert (found.title, found.text) == ("Un titre", "")


def test_the_watch_sends_the_alerts_that_are_due(veille, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = datetime(2026, 11, 20, 12, tzinfo=UTC)
    monkeypatch.setenv("VEILLE_NOW", (made + timedelta(days=1)).isoformat())
    with House(tmp_path / "config.toml") as house:
        watch, url = Watch(house), "https://exemple.fr/neuf"
        member = house.store.members.add("membre@asso.example", "Membre", "member", made, "command")
        house.store.searches.save(member.id, Wish("Contrats", "contrat", "daily", everything=True), made)
        seen = made + timedelta(hours=1)
        article = Article(0, "muette", url, article_key(url), "Un titre", "Un contrat.", seen)
        house.store.articles.keep(article, Verdict(), Signature(), None, False)
        watch.tell()
    (mail,) = (tmp_path / "var" / "mail").rglob("*.eml")
    assert b"[Alerte] Contrats" in mail.read_bytes().replace(b"_", b" ")


def test_a_second_ask_does_not_make_the_first_child_forgotten(silent_site: socket.socket, tmp_path: Path) -> None:
    """A pass longer than the timer's ten minutes meets a second one, which exits 75; both must end with the watch."""
    with House(tmp_path / "config.toml") as house:
        watch = Watch(house)
        first = threading.Thread(target=watch.collect)
        first.start()
        connection, _ = silent_site.accept()
        with connection:
            watch.collect()
            assert first.is_alive()
            watch.end()
            first.join(5)
            assert not first.is_alive()


def test_a_second_watch_exits_75_with_one_sentence_and_the_first_ends_on_sigterm(
    silent_site: socket.socket, veille, tmp_path: Path
) -> None:
    """C5."""
    first = subprocess.Popen(
        [sys.executable, "-m", "veille", "watch"], cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    connection, _ = silent_site.accept()
    with connection:
        second = veille("watch")
        assert second.returncode == 75
        assert len(second.stderr.splitlines()) == 1
        assert "déjà en cours" in second.stderr
        first.send_signal(signal.SIGTERM)
        _, told = first.communicate(timeout=30)
    assert first.returncode == 0
    assert "Traceback" not in told
