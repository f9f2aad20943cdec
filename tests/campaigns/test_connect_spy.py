"""What a real crawl child connects to, as the kernel saw it (strace), over hostile addresses and names (A1 to A5)."""

from __future__ import annotations

import ipaddress
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
RESOLVER = ("UDP", "127.0.0.1", 53)
PUBLIC = {"93.184.216.34", "2606:2800:220:1::1"}
"""The only public addresses that our resolver gives."""
DOORS = ("flux", "lien", "saut", "robots", "plan", "liste")


def spied(folder: Path, addresses: int, names: int) -> dict[str, Any]:
    command = ["unshare", "-rmn", sys.executable, str(HERE / "spied_crawl.py"), str(folder)]
    done = subprocess.run(
        [*command, str(addresses), str(names)], capture_output=True, text=True, timeout=590, check=False
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["code"] == 0, seen["log"]
    assert seen["unread"] == [], "connections that this test did not understand"
    return seen


def allowed(seen: dict[str, Any], kind: str, address: str, port: int) -> bool:
    """Whether config.toml lets a connection through: its literal pairs, and public addresses on the web's ports."""
    if kind.startswith("TCP"):
        return f"{address}:{port}" in seen["allowed"] or (address in PUBLIC and port in (80, 443))
    # The C library connects UDP sockets to choose among several addresses (RFC 6724) and sends nothing: see `sent`.
    return kind.startswith("UDP")


def judge(seen: dict[str, Any], addresses: int, answers: int) -> None:
    outside = [tuple(each) for each in seen["connects"] if not allowed(seen, *each)]
    assert outside == []
    assert [way for way in seen["sent"] if not way.endswith("->127.0.0.1:53]")] == []
    assert list(RESOLVER) in seen["connects"]  # the spy sees what there is to see
    reached = {f"{address}:{port}" for kind, address, port in seen["connects"] if kind == "TCP"}
    assert set(seen["allowed"]) <= reached
    assert {address for address, _ in seen["served"]} <= set(seen["allowed"])
    assert len(seen["hostile"]) >= addresses
    assert seen["answers"] >= answers
    failures = [(source, kind) for source, _, kind, _ in seen["failures"]]
    assert "internal" not in {kind for _, kind in failures}
    for door in DOORS:
        assert sum(source == door for source, _ in failures) > 0, door
    assert not [url for _, url, _, reason in seen["failures"] if "Traceback" in reason]


@pytest.mark.isolation
@pytest.mark.strace
def test_a_crawl_connects_to_nothing_outside_what_the_configuration_allows(tmp_path: Path) -> None:
    judge(spied(tmp_path, 20, 24), 20, 24)


@pytest.mark.long
@pytest.mark.isolation
@pytest.mark.strace
@pytest.mark.timeout(600)
def test_over_every_hostile_address_and_two_hundred_rebinding_answers_too(tmp_path: Path) -> None:
    judge(spied(tmp_path, 1_000, 200), 120, 200)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_what_this_test_calls_public_is(address: str) -> None:
    assert ipaddress.ip_address(address).is_global
