"""The whole program on PostgreSQL: sources are read, the edition leaves, the archive is searched and opened."""

from __future__ import annotations

import html
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError

import pytest
from postgres_server import GUARDED, PASSWORD, PostgresServer

from alerts.catcher import Catcher
from demo.web import DemoWeb
from veille.wiring import House

pytestmark = pytest.mark.postgres


def _page(address: str, until: float) -> str:
    while True:
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return str(answer.read().decode())
        except URLError:
            assert time.monotonic() < until
            time.sleep(0.1)


def _config(text: str, url: str) -> str:
    """The same configuration, with its database on the server."""
    lines = [f"database = {json.dumps(url)}" if line.startswith("database = ") else line for line in text.splitlines()]
    return "\n".join(lines) + "\n"


@pytest.mark.long
def test_the_whole_job_is_done_on_postgresql(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEILLE_DATABASE_PASSWORD", PASSWORD)
    received = tmp_path / "mails"
    received.mkdir()
    with postgres.database() as name, DemoWeb(datetime.now(UTC)) as web, Catcher(received) as catcher:
        postgres.execute(f"ALTER DATABASE {name} OWNER TO {GUARDED}")
        path = tmp_path / "config.toml"
        path.write_text(_config(web.config(tmp_path, catcher.port), postgres.url(name, GUARDED)), encoding="utf-8")

        def veille(*arguments: str, code: int = 0, **environment: str) -> str:
            done = subprocess.run(
                [sys.executable, "-m", "veille", *arguments, "--config", str(path)],
                capture_output=True, text=True, timeout=200, check=False,
                env={**os.environ, **environment},
            )  # fmt: skip
            assert done.returncode == code, done.stderr
            assert PASSWORD not in done.stdout + done.stderr
            return done.stdout + done.stderr

        assert "mot de passe" in veille("search", "impact", code=1, VEILLE_DATABASE_PASSWORD="faux")
        veille("subscriber", "add", "abonnee@asso.example")
        assert "8 sources lues sur 10" in veille("run", code=4)
        assert "1 mail parti sur 1" in veille("digest", "--send")
        assert len(catcher.caught) == 1
        # What is said to the reader beside it, on stderr, comes after the object.
        found, _ = json.JSONDecoder().raw_decode(veille("search", "contrats à impact", "--json"))
        assert found["total"] >= 8
        assert "pg_dump" in veille("backup", str(tmp_path / "copie.db"), code=1)
        with House(path) as house:
            shown = house.store.articles.by_url(found["results"][0]["url"])
        assert shown is not None
        _archive_opens(path, shown.id, shown.title)
    assert list(tmp_path.glob("*.db")) == []


def _archive_opens(path: Path, number: int, title: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{probe.getsockname()[1]}"
    served = subprocess.Popen(
        [sys.executable, "-m", "veille", "web", "--listen", listen, "--config", str(path)],
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        assert "<mark>" in _page(f"http://{listen}/?q=contrats+%C3%A0+impact", until)
        assert title in html.unescape(_page(f"http://{listen}/article/{number}", until))
    finally:
        served.terminate()
        served.wait(timeout=30)
