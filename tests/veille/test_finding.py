"""From its home page alone, every site of the two small webs gives a way to its articles, wherever there is one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.urls import canonical
from demo import DemoWeb
from veille.trial import NEWEST, Finding, explore, find

pytestmark = pytest.mark.long
WEB = Path(__file__).parents[1] / "web"
CONFIG = """\
[veille]
contact = "essai@example.org"
[crawl]
delay = 0.05
timeout = 3
allowed_private_hosts = {hosts}
[mail]
from = "Veille <veille@example.org>"
[[topic]]
slug = "impact-social"
name = "Impact social"
"""
# Site → the kind of the entry to find, and where; the demonstration's are told by their own configuration.
AWKWARD = {
    "127.0.0.2": ("feed", "/feed/"),
    "127.0.0.3": ("feed", "/spip.php?page=backend"),
    "127.0.0.4": ("listing", "/actualites"),
    "127.0.0.5": ("sitemap", "/sitemap.xml"),
    "127.0.0.7": ("listing", "/publications"),
    "127.0.0.8": ("feed", "/atom.xml"),
    "127.0.0.9": ("feed", "/rss"),
    "127.0.0.11": ("feed", "/feed"),
}
CLOSED, LOGIN = ("127.0.0.10", "127.0.0.30"), "127.0.0.29"
# The API of the parliament of each web is nobody's link: one site has no list either, the other has one.
NO_WAY = "127.0.0.6"


@dataclass
class Webs:
    """The twenty sites, what each really holds, and what was found from their home pages."""

    config: Path
    port: int
    demo: DemoWeb
    truth: dict[str, set[str]]
    found: dict[str, Finding]

    def base(self, host: str) -> str:
        return next((site.base for site in self.demo.sites if site.host == host), f"http://{host}:{self.port}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def truth_of(port: int, demo: DemoWeb) -> dict[str, set[str]]:
    """Host → the addresses of its articles."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/truth", timeout=10) as answer:
        rows: list[dict[str, Any]] = json.loads(answer.read())
    urls = [row["url"] for row in rows] + [row.url for row in demo.truth()]
    held: dict[str, set[str]] = {}
    for url in urls:
        held.setdefault(url.split("/")[2].split(":")[0], set()).add(canonical(url))
    return held


@pytest.fixture(scope="module")
def webs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webs]:
    folder, port = tmp_path_factory.mktemp("vingt-sites"), free_port()
    command = [sys.executable, str(WEB / "miniweb.py"), "--corpus", str(WEB / "gold.jsonl"), "--port", str(port)]
    server = subprocess.Popen([*command, "--out", str(folder / "mini")], stdout=subprocess.PIPE)
    assert server.stdout is not None
    server.stdout.readline()
    try:
        with DemoWeb(datetime.now(UTC)) as demo:
            hosts = [f"127.0.0.{last}" for last in range(2, 12)]
            addresses = [f"http://{host}:{port}/" for host in hosts] + [f"{site.base}/" for site in demo.sites]
            config = folder / "config.toml"
            private = [f"{host}:{port}" for host in hosts] + [site.address for site in demo.sites]
            config.write_text(CONFIG.format(hosts=json.dumps(private)), encoding="utf-8")
            found = {
                finding.discovery.asked.split("/")[2].split(":")[0]: finding for finding in find(config, addresses)
            }
            yield Webs(config, port, demo, truth_of(port, demo), found)
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


def entry_of(finding: Finding) -> tuple[str, str]:
    chosen = finding.chosen
    assert chosen is not None, finding.discovery
    return chosen.kind, "/" + chosen.url.split("/", 3)[3]


@pytest.mark.parametrize("host", AWKWARD)
def test_the_entry_of_an_awkward_site_is_found(webs: Webs, host: str) -> None:
    assert entry_of(webs.found[host]) == AWKWARD[host]


def test_the_entries_of_the_demonstration_are_found(webs: Webs) -> None:
    for site in webs.demo.sites:
        if site.host not in (*CLOSED, LOGIN):
            expected = ("feed", site.feed) if site.feed else ("listing", site.section)
            kind, path = entry_of(webs.found[site.host])
            # A shelf of reports is the same on the home page.
            assert (kind, path) == expected, site.slug


def test_what_was_read_is_what_the_sites_hold(webs: Webs) -> None:
    for host, finding in webs.found.items():
        if finding.trial is None:
            assert host in (*CLOSED, LOGIN, NO_WAY), finding
            continue
        read = {article.url for article in finding.trial.articles}
        assert read <= webs.truth[host], host
        # One page of the slow site never comes.
        assert len(read) >= min(NEWEST, len(webs.truth[host])) - (host == "127.0.0.9"), host
        assert finding.trial.dated == len(read), host


def test_what_forbids_or_hides_its_articles_says_why(webs: Webs) -> None:
    for host in CLOSED:
        assert [refusal.kind for refusal in webs.found[host].discovery.refusals] == ["robots"]
        assert webs.found[host].chosen is None
    login = webs.found[LOGIN].discovery.refusals
    assert [(refusal.kind, refusal.url.endswith("/feed/")) for refusal in login] == [("format", True)]
    assert webs.found[NO_WAY].discovery.candidates == ()


def test_a_section_page_is_enough_too(webs: Webs) -> None:
    sections = {site.host: site.section for site in webs.demo.sites if site.host not in (*CLOSED, LOGIN)}
    sections |= {"127.0.0.4": "/actualites", "127.0.0.7": "/publications", NO_WAY: "/api/questions?page=1"}
    found = explore(webs.config, [webs.base(host) + path for host, path in sections.items()])
    for (host, path), discovery in zip(sections.items(), found, strict=True):
        best = discovery.candidates[0]
        if best.kind != "feed":
            assert best.url == webs.base(host) + path.replace("=1", "={page}")
        assert 0 < best.announced <= len(webs.truth[host])
