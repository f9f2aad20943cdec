"""robots.txt over real HTTP: the status matrix of RFC 9309, and what is remembered from run to run (A23 to A25)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from crawl_lab import Crawled, Lab, Reply, Route, Seen, Site
from fake_store import MemoryStore

from core.clock import FixedClock
from core.sources import Source
from crawlers.fetcher import Answer
from crawlers.memory import FileMemory
from crawlers.mining import WELL_KNOWN

TIMEOUT = 1.5
TODAY = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
RULES = b"User-agent: *\nDisallow: /prive\n"
OPEN, CLOSED = b"User-agent: *\nAllow: /\n", b"User-agent: *\nDisallow: /\n"
HUGE = RULES + b"# remplissage\n" * 40_000 + b"User-agent: *\nDisallow: /\n"
"""560 kB: its last rule is beyond the 500 KiB that are parsed."""
LONGER_THAN_ANY = RULES + b"# remplissage\n" * 500_000
"""7 MB, more than any entry page may have."""


def to(place: str, status: int = 301) -> Reply:
    return Reply(status=status, headers={"Location": place})


def hops(count: int) -> dict[str, Route]:
    chain: dict[str, Route] = {"/robots.txt": to("/r1")}
    return chain | {f"/r{n}": to(f"/r{n + 1}") for n in range(1, count)} | {f"/r{count}": Reply(RULES)}


ALL, RULED, NOTHING = "all", "ruled", "nothing"
MATRIX: list[tuple[str, dict[str, Route], str]] = [
    # RFC 9309, section 2.3.1.1: successful access is parsed, whatever its type.
    ("200", {"/robots.txt": Reply(RULES)}, RULED),
    ("200-html", {"/robots.txt": Reply(b"<html><p>Bienvenue</p></html>")}, ALL),
    ("200-vide", {"/robots.txt": Reply(b"")}, ALL),
    ("200-binaire", {"/robots.txt": Reply(bytes(range(256)) * 40, content_type="image/png")}, ALL),
    ("200-long", {"/robots.txt": Reply(HUGE)}, RULED),
    ("200-sans-fin", {"/robots.txt": Reply(LONGER_THAN_ANY)}, RULED),
    # 2.3.1.2: five redirects at least are followed, across paths and hosts; more may count as no file.
    *((str(n), {"/robots.txt": to("/r1", n), "/r1": Reply(RULES)}, RULED) for n in (301, 302, 303, 307, 308)),
    ("5-redirections", hops(5), RULED),
    ("6-redirections", hops(6), ALL),
    ("boucle", {"/robots.txt": to("/robots.txt")}, ALL),
    # 2.3.1.3: « unavailable » allows everything.
    *((str(n), {"/robots.txt": Reply(CLOSED, n)}, ALL) for n in (400, 401, 403, 404, 410, 451)),
    # 2.3.1.4: « unreachable » refuses everything.
    *((str(n), {"/robots.txt": Reply(OPEN, n)}, NOTHING) for n in (500, 502, 503, 504, 599)),
    ("muet", {"/robots.txt": Reply(RULES, drip=0.5)}, NOTHING),
    ("coupe", {"/robots.txt": Reply(RULES, headers={"Content-Length": "1000"})}, NOTHING),
    # Stricter than the RFC, which lets it count among 4xx.
    ("429", {"/robots.txt": Reply(status=429, headers={"Retry-After": "600"})}, NOTHING),
]  # fmt: skip


@dataclass
class Matrix:
    sites: dict[str, Site]
    crawled: Crawled


@pytest.fixture(scope="module")
def matrix(lab: Lab) -> Matrix:
    """One crawl over all that needs no second one."""
    sites = {}
    for name, routes, _ in MATRIX:
        site = sites[name] = lab.site()
        lab.watch(name, site.feed("/flux", "/public", "/prive/1"))
        site.routes |= routes
    elsewhere, hosted = lab.site(), lab.site()
    sites["ailleurs"] = hosted
    elsewhere.robots("User-agent: *\nDisallow: /prive\n")
    hosted.routes["/robots.txt"] = to(f"{elsewhere.base}/robots.txt")
    lab.watch("ailleurs", hosted.feed("/flux", "/public", "/prive/1"))
    sites |= two_ports(lab) | hopping_sites(lab) | shared_site(lab)
    return Matrix(sites, lab.crawl(timeout=TIMEOUT))


def two_ports(lab: Lab) -> dict[str, Site]:
    one, other = lab.site(), Site(lab.sites[-1].host)
    lab.sites.append(other)
    one.robots("User-agent: *\nDisallow: /b\n")
    other.robots("User-agent: *\nDisallow: /a\n")
    for site in (one, other):
        site.routes |= {"/a": Reply(b"<p>a</p>"), "/b": Reply(b"<p>b</p>")}
    lab.watch("ports", one.feed("/f", "/a", "/b", f"{other.base}/a", f"{other.base}/b"))
    return {"port-1": one, "port-2": other}


def hopping_sites(lab: Lab) -> dict[str, Site]:
    here, there = lab.site(), lab.site()
    there.robots("User-agent: *\nDisallow: /ferme\n")
    here.routes |= {"/x": to(f"{there.base}/ferme/1"), "/y": to(f"{there.base}/ouvert/1")}
    there.routes["/ouvert/1"] = Reply(b"<p>ouvert</p>")
    lab.watch("sauts", here.feed("/flux", "/x", "/y"))
    return {"depart": here, "arrivee": there}


def shared_site(lab: Lab) -> dict[str, Site]:
    site = lab.site()
    site.robots("User-agent: *\nCrawl-delay: 0.2\n")
    lab.watch("vite", site.feed("/f1", "/a", "/b"))
    lab.watch("lent", site.feed("/f2", "/c"), delay=0.5)
    return {"partage": site}


@pytest.mark.parametrize(("name", "expected"), [*((name, what) for name, _, what in MATRIX), ("ailleurs", RULED)])
def test_each_status_of_robots_means_what_the_rfc_says(matrix: Matrix, name: str, expected: str) -> None:
    """A23."""
    site = matrix.sites[name]
    asked = {path for path in site.paths if path in ("/flux", "/public", "/prive/1")}
    expectations = {ALL: {"/flux", "/public", "/prive/1"}, RULED: {"/flux", "/public"}, NOTHING: set[str]()}
    assert asked == expectations[expected]
    assert site.count("/robots.txt") == 1
    kinds = {kind for _, kind, _ in matrix.crawled.failures(name)}
    assert kinds == {ALL: set(), RULED: {"robots"}, NOTHING: {"robots"}}[expected]


def test_two_ports_of_one_machine_have_rules_of_their_own(matrix: Matrix) -> None:
    """RFC 9309, section 2.3: rules are those of a scheme, host and port, and no other's."""
    one, other = matrix.sites["port-1"], matrix.sites["port-2"]
    assert (one.count("/a"), one.count("/b")) == (1, 0)
    assert (other.count("/a"), other.count("/b")) == (0, 1)


def test_a_redirect_to_another_host_obeys_the_rules_found_there(matrix: Matrix) -> None:
    """A2, A23: each hop is asked to the robots.txt of its own host."""
    assert matrix.sites["arrivee"].paths == ["/robots.txt", "/ouvert/1", WELL_KNOWN]
    assert matrix.crawled.failure("sauts", f"{matrix.sites['depart'].base}/x").kind == "robots"


def test_the_longest_delay_asked_for_a_host_is_kept_by_all_its_sources(matrix: Matrix) -> None:
    """A25: two sources of one host, of which one has a `delay`."""
    seen = matrix.sites["partage"].seen
    assert len(seen) == 8
    assert all(after.at - before.until >= 0.45 for before, after in pairwise(seen))


# ------------------------------------------------------------------ from one run to the next


@dataclass
class Round:
    """What one site was asked in one crawl."""

    seen: list[Seen]
    failures: list[tuple[str, str, bool]]

    @property
    def paths(self) -> set[str]:
        return {seen.path for seen in self.seen} - {WELL_KNOWN}


MONTH = 30 * 24
MOMENTS = (0, 6, 25, MONTH - 24, MONTH + 2)
"""Hours after the first crawl at which the same sites are crawled."""


@pytest.fixture(scope="module")
def rounds(lab: Lab, matrix: Matrix) -> dict[tuple[str, int], Round]:
    before: dict[str, Route] = {
        "stable": versioned(RULES),
        "absent": Reply(b"absent", 404, {"ETag": '"absent"'}),
        "en-panne": Reply(RULES),
        "muet": Reply(RULES),
        "absent-puis-panne": Reply(b"absent", 404),
    }
    after: dict[str, Route] = {
        "absent": Reply(RULES),
        "en-panne": Reply(b"", 503),
        "muet": Reply(RULES, drip=0.5),
        "absent-puis-panne": Reply(b"", 500),
    }
    sites = {name: lab.site() for name in before}
    sources = []
    for name, site in sites.items():
        site.routes["/robots.txt"] = before[name]
        feed = site.feed("/flux", "/public", "/prive/1")
        sources.append(Source(f"fois-{name}", name, "presse", site.base, feeds=(feed,)))
    found = {}
    for hours in MOMENTS:
        for name, site in sites.items():
            site.seen.clear()
            if hours == 25:
                site.routes["/robots.txt"] = after.get(name, before[name])
        crawled = lab.crawl(sources, timeout=TIMEOUT, now=TODAY + timedelta(hours=hours), recheck=True)
        for name, site in sites.items():
            found[name, hours] = Round(list(site.seen), crawled.failures(f"fois-{name}"))
    return found


def versioned(body: bytes) -> Callable[[Site, Seen], Reply]:
    def reply(_: Site, seen: Seen) -> Reply:
        known = seen.headers.get("if-none-match") == '"r1"'
        return Reply(b"" if known else body, 304 if known else 200, {"ETag": '"r1"'})

    return reply


Rounds = dict[tuple[str, int], Round]


def test_robots_are_asked_once_a_day_and_then_on_condition(rounds: Rounds) -> None:
    """A23: RFC 9309, section 2.4; of the four runs of a day, one asks."""
    asked = [hours for hours in MOMENTS if "/robots.txt" in rounds["stable", hours].paths]
    assert asked == [0, 25, MONTH - 24, MONTH + 2]
    assert rounds["stable", 25].seen[0].headers["if-none-match"] == '"r1"'
    assert "/public" in rounds["stable", 6].paths
    assert all("/prive/1" not in rounds["stable", hours].paths for hours in MOMENTS)


def test_the_absence_of_robots_is_remembered_for_a_day_too(rounds: Rounds) -> None:
    assert "/robots.txt" not in rounds["absent", 6].paths
    assert "/prive/1" in rounds["absent", 6].paths
    assert "if-none-match" not in rounds["absent", 25].seen[0].headers  # what was kept is no file
    assert "/prive/1" not in rounds["absent", 25].paths


@pytest.mark.parametrize("trouble", ["en-panne", "muet"])
def test_the_last_copy_is_obeyed_for_a_month_while_robots_cannot_be_reached(rounds: Rounds, trouble: str) -> None:
    """A23: RFC 9309, section 2.3.1.4: 5xx and silence; then nothing is asked any more."""
    for hours in (25, MONTH - 24):
        assert rounds[trouble, hours].paths == {"/robots.txt", "/flux", "/public"}
    late = rounds[trouble, MONTH + 2]
    assert late.paths == {"/robots.txt"}
    assert [(kind, entry) for _, kind, entry in late.failures] == [("robots", True)]


def test_a_clock_set_back_makes_no_copy_young() -> None:
    """C6."""
    store, url = MemoryStore(), "https://exemple.fr/robots.txt"
    FileMemory(store, FixedClock(TODAY)).keep(url, Answer(url, 200, (), RULES))
    assert FileMemory(store, FixedClock(TODAY + timedelta(hours=23))).recent(url) is not None
    assert FileMemory(store, FixedClock(TODAY - timedelta(hours=1))).recent(url) is None


def test_an_absence_that_was_remembered_is_no_copy(rounds: Rounds) -> None:
    assert rounds["absent-puis-panne", 25].paths == {"/robots.txt"}
