"""The site behind a real socket."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from archive.app import create_app
from archive.server import server


@pytest.fixture
def address(fresh: Any) -> Iterator[tuple[str, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = server(create_app(fresh.ports), "127.0.0.1", port)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    limit = time.monotonic() + 10
    while not running.started and time.monotonic() < limit:
        time.sleep(0.02)
    assert running.started
    yield "127.0.0.1", port
    running.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


def ask(
    address: tuple[str, int], method: str, path: str, body: bytes = b"", **headers: str
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.content = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def test_a_mail_provider_s_one_click_works_over_http_and_is_not_logged(
    address: tuple[str, int], fresh: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "uvicorn")
    path = f"/desabonnement/{fresh.token}"
    assert ask(address, "GET", path).status == 200
    assert len(fresh.store.subscribers.active()) == 2
    form = {"Content_Type": "application/x-www-form-urlencoded", "X_Forwarded_For": "203.0.113.9"}
    answer = ask(address, "POST", path, b"List-Unsubscribe=One-Click", **form)
    assert (answer.status, answer.headers["location"], answer.headers["set-cookie"]) == (200, None, None)
    assert [each.kind for each in fresh.store.subscribers.active()] == ["list"]
    assert fresh.token not in caplog.text
    assert "203.0.113.9" not in caplog.text


def test_pages_sheet_and_errors_come_over_http(address: tuple[str, int]) -> None:
    for path, status in (("/", 200), ("/recherche?q=contrat", 200), ("/static/style.css", 200), ("/rien", 404),
                         ("/static/..%2fapp.py", 404), ("/%ff%fe", 404), ("/article/%C0%80", 404)):  # fmt: skip
        answer = ask(address, "GET", path)
        assert answer.status == status, path
        assert answer.headers["content-security-policy"]
        assert answer.headers["server"] is None
    assert ask(address, "HEAD", "/").status == 200
    assert ask(address, "POST", "/desabonnement/aaaaaaaaaaaa", b"x" * 100_000).status == 413
    packed = ask(address, "GET", "/recherche", Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
