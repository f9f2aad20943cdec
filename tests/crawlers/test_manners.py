"""Retry-After, the pause between two requests, and robots.txt by RFC 9309 (threats A22 to A25)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from crawlers.found import Unreadable
from crawlers.manners import DAY, Host, Hosts, retry_after
from crawlers.robots import ALLOW_ALL, product_token, rules_after, rules_of

Bounded = Callable[[], AbstractContextManager[None]]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0.0), ("120", 120.0), ("000000000000120", 120.0), (" 7 ", 7.0), ("315360000", DAY), ("9" * 500, DAY),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60.0), ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("Thu, 22 Nov 2046 12:00:00 GMT", DAY), ("Sunday, 22-Nov-26 12:01:00 GMT", 60.0),
        ("", None), ("-1", None), ("1.5", None), ("bientôt", None), ("Mon, 99 Foo 2026", None),
        ("٣", None), ("1e9", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_a_date_or_unreadable(value: str, expected: float | None) -> None:
    assert retry_after(value, NOW) == expected


@pytest.mark.parametrize(
    ("url", "delay", "expected"),
    [
        ("http://127.0.0.2:8800/a", 0.0, 0.0),
        ("http://127.0.0.2:8801/a", 0.0, 2.0),
        ("http://127.0.0.4/a", 0.5, 0.5),
        ("https://exemple.fr/a", 0.0, 2.0),
        ("https://exemple.fr/a", 3.0, 3.0),
    ],
)
def test_a_host_that_is_not_ours_is_given_two_seconds_at_least(url: str, delay: float, expected: float) -> None:
    """A25."""
    hosts = Hosts(delay, ("127.0.0.2:8800", "127.0.0.4:80"))
    assert hosts.of(url).delay == expected


def test_two_ports_and_schemes_of_one_machine_share_a_queue() -> None:
    hosts = Hosts(0, ())
    assert hosts.of("https://exemple.fr/a") is hosts.of("http://exemple.fr:8080/b")
    assert hosts.of("https://exemple.fr/a") is not hosts.of("https://www.exemple.fr/a")


def test_crawl_delay_raises_the_delay_within_a_minute() -> None:
    host = Host(2.0)
    for asked, expected in ((1.0, 2.0), (10.0, 10.0), (86_400.0, 60.0)):
        host.slow_down(asked)
        assert host.delay == expected


def test_turns_are_taken_one_by_one_with_the_delay_after_each() -> None:
    spans: list[tuple[float, float]] = []

    async def visit(host: Host) -> None:
        async with host.turn():
            started = time.monotonic()
            await asyncio.sleep(0.02)
            spans.append((started, time.monotonic()))

    async def all_visits() -> None:
        host = Host(0.05)
        await asyncio.gather(*(visit(host) for _ in range(4)))

    asyncio.run(all_visits())
    gaps = [after[0] - before[1] for before, after in pairwise(spans)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.045


def test_a_host_that_does_not_answer_three_times_is_left_alone() -> None:
    host = Host(0)
    for _ in range(2):
        host.silent()
    host.answered()
    for _ in range(2):
        host.silent()
    assert host.closed() is None
    host.silent()
    refusal = host.closed()
    assert refusal is not None
    assert refusal.kind == "connection"


def test_a_long_pause_closes_the_host_to_those_who_wait() -> None:
    async def visit() -> None:
        host = Host(0)
        host.pause(500)
        async with host.turn():
            pass

    with pytest.raises(Unreadable, match="demande d'attendre encore 500 s"):
        asyncio.run(visit())


@dataclass
class Said:
    status: int
    body: bytes = b"User-agent: *\nDisallow: /prive\nCrawl-delay: 7\n"


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 451])
def test_robots_that_are_not_there_allow_all(status: int) -> None:
    """A23."""
    assert rules_of(Said(status)) == ALLOW_ALL


@pytest.mark.parametrize("status", [429, 500, 502, 503, 599])
def test_robots_in_trouble_refuse_all(status: int) -> None:
    rules = rules_of(Said(status))
    assert rules.kind == "robots"
    assert str(status) in rules.reason


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("timeout", "robots"),
        ("connection", "robots"),
        ("size", "robots"),
        ("http", "robots"),
        ("dns", "dns"),
        ("tls", "tls"),
        ("guard", "guard"),
    ],
)
def test_robots_out_of_reach_refuse_all_with_the_reason(kind: str, expected: str) -> None:
    rules = rules_after(Unreadable(kind, "la raison"))  # type: ignore[arg-type]
    assert rules.kind == expected
    assert "la raison" in rules.reason


def allowed(text: str, path: str, name: str = "veille") -> bool:
    rules = rules_of(Said(200, text.encode()))
    assert rules.parsed is not None
    return bool(rules.parsed.can_fetch(f"https://exemple.fr{path}", name))


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: autre\nDisallow: /", "/a", True),
        ("User-agent: Veille\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: veille\nDisallow: /x", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("User-agent: *\nDisallow: /été", "/%C3%A9t%C3%A9", False),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("<html><body>Page d'accueil</body></html>", "/a", True),
        ("", "/a", True),
        ("# " + "x" * 600_000 + "\nUser-agent: *\nDisallow: /", "/a", True),  # beyond 500 KiB
        ("User-agent: *\nDisallow: /" + "*a" * 2_000 + "b", "/" + "a" * 2_000, True),
    ],
)
def test_robots_rules_mean_what_the_rfc_says(bounded: Bounded, text: str, path: str, expected: bool) -> None:
    """A24; the last is a pattern made to be slow."""
    with bounded():
        assert allowed(text, path) is expected


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("veille-asso/1.0 (+https://asso.example/robot; contact@asso.example)", "veille-asso"),
        ("veille", "veille"),
        ("42", "*"),
    ],
)
def test_our_product_token_opens_the_user_agent(agent: str, token: str) -> None:
    assert product_token(agent) == token
