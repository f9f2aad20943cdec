"""Text and data mining that a site or a page reserves: read, noted and obeyed (threat A26)."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from crawl_lab import Crawled, Lab, Reply, Site

from core.sources import Rights
from crawlers.fetcher import Answer
from crawlers.mining import WELL_KNOWN, matches, page_signals, reserved_by_file, rules_of

TODAY = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
SECRET = "Le texte entier, que personne ne doit lire."


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/", "/a/b", True), ("/*", "/a/b", True), ("/a", "/a/b", True), ("/b", "/a/b", False), ("/a/$", "/a/", True),
        ("/a/$", "/a/b", False), ("/*.pdf$", "/x/y.pdf", True), ("/*.pdf$", "/x/y.pdf?z", False), ("*", "/a", True),
        ("/a*a$", "/a", False), ("/a*b*c", "/a1b2c3", True), ("/a*c*b$", "/a1b2c3", False), ("", "/a", True),
    ],
)  # fmt: skip
def test_locations_are_paths_with_stars_and_an_end(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_a_location_made_to_be_slow_is_not(bounded: Callable[[], AbstractContextManager[None]]) -> None:
    """A40."""
    with bounded():
        assert not matches("/" + "*a" * 240 + "b", "/" + "a" * 4_000)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('[{"location": "/", "tdm-reservation": 1}]', True),
        ('[{"location": "/", "tdm-reservation": "1"}]', True),
        ('[{"location": "/", "tdm-reservation": 0}]', False),
        ('[{"location": "/libre", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', True),
        ('[{"location": "/art", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]', False),
        ('[{"location": "/", "tdm-reservation": 0}, {"location": "/article", "tdm-reservation": 1}]', True),
        ('[{"location": "/", "tdm-reservation": 1}, {"location": "/article", "tdm-reservation": 0}]', True),
        ('[{"location": "/"}, 7, {"location": 3, "tdm-reservation": 1}, {"tdm-reservation": 1}]', False),
        ('{"location": "/", "tdm-reservation": 1}', False),
        ("<html>Accueil</html>", False), ("", False), ("[" * 100_000, False), ("null", False),
    ],
)  # fmt: skip
def test_a_sites_file_reserves_what_its_rules_say(body: str, expected: bool) -> None:
    assert reserved_by_file(rules_of(body.encode()), "https://exemple.fr/article/1") is expected


def page(body: str = "", **headers: str) -> Answer:
    return Answer(
        "https://exemple.fr/", 200, tuple((name.replace("_", "-"), v) for name, v in headers.items()), body.encode()
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (page(TDM_Reservation="1"), ["header"]),
        (page(tdm_reservation="0"), []),
        (page(X_Robots_Tag="noindex, NoAI"), ["noai"]),
        (page(X_Robots_Tag="veille: noai"), ["noai"]),
        (page(X_Robots_Tag="autrebot: noai"), []),
        (page(X_Robots_Tag="noimageai"), []),
        (page(X_Robots_Tag="unavailable_after: 25 Jun 2030 15:00:00 PST"), []),
        (page('<meta name="tdm-reservation" content="1">'), ["meta"]),
        (page("<META CONTENT='1' NAME='TDM-Reservation'/>"), ["meta"]),
        (page("<meta name=tdm-reservation content=0>"), []),
        (page('<meta name="robots" content="noai, noimageai">'), ["noai"]),
        (page('<meta name="robots" content="max-image-preview:large, noimageai">'), []),
        (page('<meta name="autrebot" content="noai">'), []),
        (page("<p>La directive noai expliquée.</p>"), []),
        (page("<meta " * 50_000), []),
    ],
)
def test_a_page_reserves_by_header_or_meta(answer: Answer, expected: list[str]) -> None:
    assert page_signals(answer, "veille") == expected


@dataclass
class World:
    sites: dict[str, Site]
    crawled: Crawled


@pytest.fixture(scope="module")
def world(lab: Lab) -> World:
    sites = {
        name: lab.site() for name in ("tout", "partie", "page", "accord", "interdit", "libre", "detour", "sans-titre")
    }
    rule = [{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://exemple.fr/regles.json"}]
    everything = Reply(json.dumps(rule).encode(), content_type="application/json")
    for name, site in sites.items():
        lab.watch(name, site.feed("/flux", "/a", "/b"))
        site.routes |= {path: Reply(f"<title>Titre</title><p>{SECRET}</p>".encode()) for path in ("/a", "/b")}
    for name in ("tout", "accord", "interdit"):
        sites[name].routes[WELL_KNOWN] = everything
    sites["interdit"].robots(f"User-agent: *\nDisallow: {WELL_KNOWN}\n")
    partly = json.dumps([{"location": "/b", "tdm-reservation": 1}]).encode()
    sites["partie"].routes[WELL_KNOWN] = Reply(partly, content_type="application/json")
    sites["page"].routes["/a"] = Reply(SECRET.encode(), headers={"tdm-reservation": "1"})
    sites["page"].routes["/b"] = Reply(f'<meta name="robots" content="noai"><p>{SECRET}</p>'.encode())
    sites["detour"].routes["/a"] = Reply(status=301, headers={"Location": f"{sites['tout'].base}/ailleurs"})
    sites["tout"].routes["/ailleurs"] = Reply(SECRET.encode())
    bare = sites["sans-titre"]
    bare.routes[WELL_KNOWN] = everything
    bare.routes["/plan"] = Reply(b"<urlset><url><loc>/a</loc></url></urlset>", content_type="application/xml")
    sources = [source for source in lab.sources if source.slug not in ("accord", "sans-titre")]
    lab.sources = sources
    lab.watch("accord", f"{sites['accord'].base}/flux", rights=Rights(mining="authorised"))
    lab.watch("sans-titre", sitemaps=(f"{bare.base}/plan",))
    return World(sites, lab.crawl(now=TODAY))


def kept(world: World, name: str, path: str) -> tuple[str, bool, bool]:
    """Kind of what was committed, whether it is marked as reserved, whether the text is in it."""
    found = world.crawled.pages[world.sites[name].base + path]
    marked = found.kind == "row" and json.loads(found.body).get("reserved") is True
    return found.kind, marked, SECRET.encode() in found.body


def test_a_site_that_reserves_everything_is_asked_no_article(world: World) -> None:
    site = world.sites["tout"]
    assert [path for path in site.paths if path != "/ailleurs"] == ["/robots.txt", "/flux", WELL_KNOWN]
    assert kept(world, "tout", "/a") == ("row", True, False)
    row = json.loads(world.crawled.pages[f"{site.base}/a"].body)
    assert row["title"] == "Titre 0"
    assert world.crawled.store.reservations["tout"] == f"{WELL_KNOWN} réserve la fouille de textes"


def test_a_site_may_reserve_a_part(world: World) -> None:
    assert "/b" not in world.sites["partie"].paths
    assert kept(world, "partie", "/a") == ("article", False, True)
    assert kept(world, "partie", "/b") == ("row", True, False)


def test_the_text_of_a_page_that_reserves_itself_is_not_kept(world: World) -> None:
    assert kept(world, "page", "/a") == kept(world, "page", "/b") == ("row", True, False)
    assert "d'une page" in world.crawled.store.reservations["page"]


def test_the_reservation_is_that_of_the_place_where_a_redirect_leads(world: World) -> None:
    assert kept(world, "detour", "/a") == ("row", True, False)
    assert kept(world, "detour", "/b") == ("article", False, True)


def test_a_publisher_who_agreed_is_read_and_still_noted(world: World) -> None:
    assert kept(world, "accord", "/a") == ("article", False, True)
    assert "réserve" in world.crawled.store.reservations["accord"]


def test_the_file_is_not_asked_where_robots_forbid_it(world: World) -> None:
    assert WELL_KNOWN not in world.sites["interdit"].paths
    assert kept(world, "interdit", "/a") == ("article", False, True)


def test_a_site_without_the_file_reserves_nothing(world: World) -> None:
    assert world.sites["libre"].count(WELL_KNOWN) == 1
    assert kept(world, "libre", "/a") == ("article", False, True)
    assert world.crawled.store.reservations["libre"] == ""
    assert world.crawled.failures("libre") == []


def test_a_reserved_article_that_nothing_names_is_a_named_failure(world: World) -> None:
    assert world.sites["sans-titre"].paths == ["/robots.txt", "/plan", WELL_KNOWN]
    failure = world.crawled.failure("sans-titre")
    assert (failure.kind, failure.entry) == ("robots", False)
    assert "réserve la fouille" in failure.reason


def test_the_file_is_asked_once_a_day(lab: Lab, world: World) -> None:
    for site in world.sites.values():
        site.seen.clear()
    for name in ("tout", "libre"):
        world.sites[name].feed("/flux", "/a", "/b", "/c")
    lab.crawl(now=TODAY + timedelta(hours=6))
    assert world.sites["tout"].paths == ["/flux"]
    assert "/c" in world.sites["libre"].paths
    assert not [name for name, site in world.sites.items() if WELL_KNOWN in site.paths]
