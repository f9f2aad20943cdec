"""docs/threats.md: every threat has its tests, which exist, or its written reason; one door leads outwards (A5)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("core", "crawlers", "classifiers", "pipeline", "alerts", "db", "archive", "veille", "demo")
CLIENTS = {
    "urllib.request", "http.client", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "socket", "smtplib", "poplib",
    "imaplib", "xmlrpc",
}  # fmt: skip
MAY = {
    "alerts/smtp.py": {"smtplib", "socket"},  # to the configured relay
    "demo/web.py": {"socket"},  # listens
    "veille/demonstration.py": {"socket"},  # looks for a free port
}


def rows() -> dict[str, str]:
    text = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| (A\d+) \|[^|]*\|[^|]*\|([^|]*)\|$", text, re.MULTILINE)
    assert len(found) == len(dict(found))
    return dict(found)


def test_every_threat_has_tests_that_exist_or_a_reason() -> None:
    named = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        named |= set(re.findall(r"^ *def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    table = rows()
    assert list(table) == [f"A{number}" for number in range(1, 51)]
    for threat, shown in table.items():
        tests = re.findall(r"`(test_\w+)`", shown)
        assert set(tests) <= named, threat
        assert tests or len(shown.split()) >= 8, threat


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_no_room_opens_a_connection_by_another_door() -> None:
    """A5: pages are asked by Scrapy in `crawlers`, mails leave by `alerts/smtp.py`, and nothing else leaves."""
    found = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            place = path.relative_to(ROOT).as_posix()
            if clients := imported(path) & CLIENTS:
                found[place] = clients
    assert found == MAY
