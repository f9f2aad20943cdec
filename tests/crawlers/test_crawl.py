"""One crawl over many awkward sites, then a second round: what was asked, committed and named."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from certificates import Authority
from crawl_lab import Crawled, Lab, Reply, Seen, Site

from core.sources import ApiRules, ListingRules, Source
from crawlers.mining import WELL_KNOWN

TIMEOUT = 2.5


def plain_site(lab: Lab) -> Site:
    """A well-behaved site: conditional requests, cookies offered, a PDF larger than HTML may be."""
    site = lab.site()

    def article(_: Site, seen: Seen) -> Reply:
        if seen.headers.get("if-none-match") == '"v1"':
            return Reply(status=304, headers={"ETag": '"v1"'})
        return Reply(b"<p>Un article.</p>", headers={"ETag": '"v1"', "Set-Cookie": "pisteur=1"})

    def dated(_: Site, seen: Seen) -> Reply:
        stamp = "Mon, 16 Mar 2026 10:00:00 GMT"
        known = seen.headers.get("if-modified-since") == stamp
        return Reply(status=304) if known else Reply(b"<p>Date.</p>", headers={"Last-Modified": stamp})

    pdf = Reply(b"%PDF-1.7" + b"0" * 12_000_000, content_type="application/pdf")
    site.routes |= {"/a": article, "/date": dated, "/gros.pdf": pdf, "/grosse": Reply(b"a" * 11_000_000)}
    site.routes |= {"/image": Reply(b"GIF89a", content_type="image/gif"), "/vide": Reply(b" ")}
    packed = Reply(gzip.compress(b"<p>Compresse.</p>"), headers={"Content-Encoding": "gzip"})
    bomb = Reply(gzip.compress(b"\0" * 60_000_000), headers={"Content-Encoding": "gzip"})
    broken = Reply(b"\x1f\x8b\x08broken", headers={"Content-Encoding": "gzip"})
    site.routes |= {"/compresse": packed, "/bombe": bomb, "/abimee": broken}
    site.routes["/coupee"] = Reply(b"<p>Le debut", headers={"Content-Length": "1000"})
    links = (
        "/coupee",
        "/a",
        "/date",
        "/gros.pdf",
        "/grosse",
        "/image",
        "/vide",
        "/compresse",
        "/bombe",
        "/abimee",
        "/absente",
    )
    site.routes["/absente"] = Reply(b"absent", 404)
    lab.watch("simple", site.feed("/flux", *links))
    site.robots("User-agent: *\nDisallow: /prive\n\nUser-agent: veille-essai\nDisallow: /secret\n")
    site.routes["/vers-secret"] = Reply(status=302, headers={"Location": "/secret/1"})
    lab.watch("interdits", site.feed("/flux2", "/secret/2", "/vers-secret", "/prive/ouvert"))
    return site


def robots_sites(lab: Lab) -> dict[str, Site]:
    """RFC 9309, by status (threat A23)."""
    cases: dict[str, tuple[dict[str, Reply], str]] = {
        "robots-500": ({"/robots.txt": Reply(b"User-agent: *\nAllow: /", 500)}, "/flux"),
        "robots-403": ({"/robots.txt": Reply(b"User-agent: *\nDisallow: /", 403)}, "/flux"),
        "robots-loin": (
            {
                "/robots.txt": Reply(status=301, headers={"Location": "/r1"}),
                "/r1": Reply(status=302, headers={"Location": "/r2"}),
                "/r2": Reply(b"User-agent: *\nDisallow: /flux"),
            },
            "/flux",
        ),
        "robots-lent": ({"/robots.txt": Reply(b"User-agent: *\nAllow: /", drip=0.2)}, "/flux"),
        "robots-boucle": ({"/robots.txt": Reply(status=302, headers={"Location": "/robots.txt"})}, "/flux"),
    }
    sites = {}
    for slug, (routes, feed) in cases.items():
        site = sites[slug] = lab.site()
        lab.watch(slug, site.feed(feed, "/article"))
        site.routes |= routes
    return sites


def busy_sites(lab: Lab) -> dict[str, Site]:
    """Retry-After (threat A22)."""
    soon, date, late = lab.site(), lab.site(), lab.site()

    def once(wait: Callable[[], str], status: int) -> Callable[[Site, Seen], Reply]:
        def reply(site: Site, seen: Seen) -> Reply:
            if site.count(seen.path) == 1:
                return Reply(status=status, headers={"Retry-After": wait()})
            return Reply(b"<p>Servi.</p>")

        return reply

    lab.watch("bientot", soon.feed("/flux", "/a", "/b"))
    soon.routes["/a"] = once(lambda: "1", 503)
    lab.watch("date", date.feed("/flux", "/a", "/b"))
    date.routes["/a"] = once(lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True), 429)
    lab.watch("tard", late.feed("/flux", "/a", "/b", "/c"))
    late.routes["/a"] = Reply(status=503, headers={"Retry-After": "3600"})
    return {"bientot": soon, "date": date, "tard": late}


def hostile_site(lab: Lab) -> Site:
    """Addresses and redirects inward (threats A1–A6, A34), loops, endless bodies."""
    site = lab.site()
    links = [
        "http://2130706433/", "http://0x7f.1/", "http://①②⑦.⓪.⓪.①/", "http://[::1]/", "http://[::ffff:7f00:1]/",
        "http://rebond.example/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://exemple.fr/x",
        "http://moi:secret@exemple.fr/", "http://10.0.0.1/", f"http://127.0.1.250:{site.port}/", "http://vide..example/",
    ]  # fmt: skip
    targets = {"/vers-fichier": "file:///etc/passwd", "/vers-metadonnees": "http://169.254.169.254/latest/"}
    targets |= {"/vers-rien": "http://[::1", "/vers-vide": "http://vide..example/"}
    targets |= {f"/saut{n}": f"/saut{n + 1}" for n in range(9)} | {"/rond": "/rond2", "/rond2": "/rond"}
    for path, target in targets.items():
        site.routes[path] = Reply(status=307, headers={"Location": target})
    later = {"/rond2", *(f"/saut{n}" for n in range(1, 10))}
    site.routes["/goutte"] = Reply(b"x" * 200, drip=0.1)
    lab.watch("hostile", site.feed("/flux", *links, *(path for path in targets if path not in later), "/goutte"))
    lab.lies["rebond.example"] = "127.0.0.1"
    return site


def entry_sites(lab: Lab) -> dict[str, Site]:
    """Fallback from one kind of entry to the next, and each kind read."""
    many, none, api, never = lab.site(), lab.site(), lab.site(), lab.site()
    many.routes["/connexion"] = Reply(b"<!doctype html><html><form>Connexion</form></html>")
    rows = "".join(f"<div class=r><a href='/n{n}'>N{n}</a> <i>{n} mars 2026</i></div>" for n in (1, 2))
    many.routes["/liste"] = Reply(f"<main>{rows}<a class=n href='/liste?p=2'>suite</a></main>".encode())
    last = "<main><div class=r><a href='/n3'>N3</a></div><a class=n href='/liste'>suite</a></main>"
    many.routes["/liste?p=2"] = Reply(last.encode())
    many.routes |= {f"/n{n}": Reply(b"<p>n</p>") for n in (1, 2, 3)}
    listing = ListingRules(f"{many.base}/liste", ".r a", next="a.n", pages=20)
    lab.watch("repli", f"{many.base}/connexion", listing=listing)
    lab.watch("rien", f"{none.base}/absent", sitemaps=(f"{none.base}/absent.xml",))
    for number in range(1, 4):
        row = {"u": f"/q{number}", "t": f"Question {number}", "x": "Le texte." if number < 3 else ""}
        items = [row] if number < 3 else []
        api.routes[f"/api?page={number}"] = Reply(json.dumps({"r": items}).encode(), content_type="application/json")
    lab.watch("api", api=ApiRules(api.base + "/api?page={page}", "u", "r", "t", "x", pages=50))
    lab.watch("jamais", never.feed("/flux", "/p1", "/p2"), fetch="never")
    lab.watch("mots", never.feed("/flux-mots", "/m1", "/m2", "/m3"), keywords=("titre 1",))
    names = "".join(f"<sitemap><loc>/plan-{n}.xml</loc></sitemap>" for n in range(1, 31))
    many.routes["/index.xml"] = Reply(f"<sitemapindex>{names}</sitemapindex>".encode())
    news, old = (f"<url><loc>/s{year}</loc><lastmod>20{year}-03-01</lastmod></url>" for year in (26, 20))
    many.routes["/plan-30.xml"] = Reply(f"<urlset>{old}</urlset>".encode())
    many.routes["/plan-29.xml"] = Reply(f"<urlset>{news}</urlset>".encode())
    many.routes |= {"/s26": Reply(b"<p>neuf</p>"), "/s20": Reply(b"<p>vieux</p>")}
    lab.watch("plans", sitemaps=(f"{many.base}/index.xml",))
    nameless = "<rss version='2.0'><channel><item><title>Sans lien</title></item></channel></rss>"
    never.routes["/flux-sans"] = Reply(nameless.encode())
    lab.watch("sans-lien", f"{never.base}/flux-sans")
    lab.watch("double", never.feed("/flux-double", "/m2", "/m1", "/m2#ancre", "/m2?utm_source=x"))
    for reply in never.routes.values():
        reply.wait = 0.1
    return {"repli": many, "rien": none, "api": api, "jamais": never}


def secure_sites(lab: Lab, folder: Path) -> None:
    """Certificates (threat A28): one that nobody vouches for, and a good one, asked under its name and another."""
    unknown, known = Authority(), Authority()
    (folder / "authority.pem").write_bytes(known.certificate)
    lab.environment["SSL_CERT_FILE"] = str(folder / "authority.pem")
    for slug, authority, names in (("inconnu", unknown, ["inconnu"]), ("connu", known, ["connu", "autre"])):
        site = lab.site()
        site.feed("/flux", "/a")
        (folder / f"{slug}.pem").write_bytes(authority.vouch(f"{slug}.example"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / f"{slug}.pem")
        site.server.socket = context.wrap_socket(site.server.socket, server_side=True, do_handshake_on_connect=False)
        for name in names:
            lab.lies[f"{name}.example"] = site.host
            lab.watch(f"tls-{name}", f"https://{name}.example:{site.port}/flux")


def endless_headers(lab: Lab) -> socket.socket:
    """A server whose headers never end (threat A9)."""
    listener = socket.create_server(("127.0.1.200", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                try:
                    for number in range(100_000):
                        connection.sendall(b"X-%d: %s\r\n" % (number, b"y" * 1000))
                except OSError:
                    continue

    threading.Thread(target=serve, daemon=True).start()
    lab.watch("entetes", f"http://127.0.1.200:{listener.getsockname()[1]}/flux")
    return listener


class World:
    def __init__(self, lab: Lab, folder: Path) -> None:
        self.simple = plain_site(lab)
        self.robots = robots_sites(lab)
        self.busy = busy_sites(lab)
        self.hostile = hostile_site(lab)
        self.entries = entry_sites(lab)
        secure_sites(lab, folder)
        self.proxy = lab.site()
        lab.environment |= {"http_proxy": self.proxy.base, "https_proxy": self.proxy.base}
        self.headers = endless_headers(lab)
        with socket.create_server(("127.0.1.201", 0)) as nobody:
            self.nobody = nobody.getsockname()
        lab.watch("muet", f"http://127.0.1.201:{self.nobody[1]}/flux")
        lab.lies["nulle-part.invalid"] = ""
        lab.watch("inconnu", "http://nulle-part.invalid/flux")
        self.named = lab.site()
        self.named.feed("/flux", "/a")
        lab.lies["nomme.example"] = self.named.host
        lab.watch("nomme", f"http://nomme.example:{self.named.port}/flux")


@pytest.fixture(scope="module")
def world(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(lab, tmp_path_factory.mktemp("world"))
    yield world
    world.headers.close()


@pytest.fixture(scope="module")
def first(lab: Lab, world: World) -> Crawled:
    others = (f"{host}:{port}" for host, port in (world.headers.getsockname(), world.nobody))
    hosts = (*lab.settings().allowed_private_hosts, *others)
    return lab.crawl(timeout=TIMEOUT, allowed_private_hosts=hosts)


def test_articles_are_committed_raw_with_their_hints(world: World, first: Crawled) -> None:
    base = world.simple.base
    page = first.pages[f"{base}/a"]
    assert (page.kind, page.status, page.body, page.hint.title) == ("article", 200, b"<p>Un article.</p>", "Titre 1")
    assert first.pages[f"{base}/compresse"].body == b"<p>Compresse.</p>"
    assert {slug for slug, _ in first.report.entries_used} == set(first.report.sources_read)
    assert dict(first.report.entries_used)["simple"] == f"{base}/flux"


def test_a_pdf_may_be_larger_than_a_page(world: World, first: Crawled) -> None:
    assert len(first.pages[f"{world.simple.base}/gros.pdf"].body) > 12_000_000
    assert first.failure("simple", f"{world.simple.base}/grosse").reason == "la page dépasse 10 Mio"


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/bombe", "size", "dépasse 10 Mio"),  # A7
        ("/abimee", "encoding", "abîmée"),  # A17
        ("/coupee", "connection", "coupée avant la fin"),
        ("/image", "format", "image/gif"),
        ("/vide", "empty", "vide"),
        ("/absente", "http", "n'existe pas (code 404)"),
    ],
)
def test_what_cannot_be_kept_is_named(world: World, first: Crawled, path: str, kind: str, words: str) -> None:
    failure = first.failure("simple", world.simple.base + path)
    assert (failure.kind, failure.entry) == (kind, False)
    assert words in failure.reason


def test_requests_are_honest_and_carry_neither_cookie_nor_referer(world: World, first: Crawled) -> None:
    """A27, A50; `first` has been offered a cookie by /a, and followed links of a feed."""
    for site in (world.simple, world.hostile, world.named):
        for seen in site.seen:
            assert seen.headers["user-agent"].startswith("veille-essai/1.0 (+https://")
            assert not {"cookie", "referer", "authorization"} & set(seen.headers)
    assert all(name.lower() != "set-cookie" for name, _ in first.pages[f"{world.simple.base}/a"].headers)


def test_robots_are_asked_first_once_and_obeyed_under_our_own_name(world: World, first: Crawled) -> None:
    site = world.simple
    assert site.paths[0] == "/robots.txt"
    assert site.count("/robots.txt") == 1
    assert "/secret/2" not in site.paths
    assert "/prive/ouvert" in site.paths  # the group named after us replaces the group of all
    assert first.failure("interdits", f"{site.base}/secret/2").kind == "robots"


def test_each_hop_of_a_redirect_is_checked_against_robots(world: World, first: Crawled) -> None:
    assert "/secret/1" not in world.simple.paths
    assert first.failure("interdits", f"{world.simple.base}/vers-secret").kind == "robots"


@pytest.mark.parametrize("slug", ["robots-500", "robots-lent"])
def test_a_site_whose_robots_cannot_be_read_is_asked_nothing_else(world: World, first: Crawled, slug: str) -> None:
    """A23: 5xx and silence are a complete disallow (RFC 9309, section 2.3.1.4)."""
    assert set(world.robots[slug].paths) == {"/robots.txt"}
    failure = first.failure(slug)
    assert (failure.kind, failure.entry) == ("robots", True)
    assert "laissé tranquille" in failure.reason


@pytest.mark.parametrize("slug", ["robots-403", "robots-boucle"])
def test_a_site_without_robots_is_read(world: World, first: Crawled, slug: str) -> None:
    """A23: 4xx and redirects without end count as no robots.txt (RFC 9309, sections 2.3.1.2 and 2.3.1.3)."""
    assert f"{world.robots[slug].base}/article" in first.pages


def test_the_robots_of_a_redirect_are_obeyed(world: World, first: Crawled) -> None:
    assert world.robots["robots-loin"].paths == ["/robots.txt", "/r1", "/r2"]
    assert first.failure("robots-loin").kind == "robots"


@pytest.mark.parametrize("slug", ["bientot", "date"])
def test_retry_after_pauses_the_whole_host_then_the_page_is_asked_again(
    world: World, first: Crawled, slug: str
) -> None:
    """A22: seconds or an HTTP date (whose second may be cut)."""
    site = world.busy[slug]
    asked = [seen.at for seen in site.seen if seen.path == "/a"]
    assert len(asked) == 2
    assert asked[1] - asked[0] >= 0.95
    assert not [seen for seen in site.seen if asked[0] < seen.at < asked[1]]
    assert {f"{site.base}/a", f"{site.base}/b"} <= set(first.pages)


def test_a_host_that_asks_for_an_hour_is_left_alone(world: World, first: Crawled) -> None:
    assert world.busy["tard"].paths == ["/robots.txt", "/flux", WELL_KNOWN, "/a"]
    failure = first.failure("tard")
    assert (failure.kind, failure.entry) == ("http", False)
    assert "3600 s" in failure.reason


def test_private_addresses_are_refused_however_written(world: World, first: Crawled) -> None:
    """A1, A3 (a name that resolves inward), A4 (encoded addresses), A6 and A34 (schemes)."""
    named = {url: kind for url, kind, _ in first.failures("hostile")}
    written = (
        "2130706433", "0x7f.1", "①②⑦", "[::1]", "[::ffff:7f00:1]", "rebond.example", "file:", "javascript:", "data:",
        "ftp:", "moi:secret", "10.0.0.1", "127.0.1.250", "//vide..",
    )  # fmt: skip
    for part in written:
        assert [kind for url, kind in named.items() if part in url or (part == "①②⑦" and "127.0.0.1/" in url)] == [
            "guard"
        ], (part, named)


def test_a_redirect_inward_is_refused(world: World, first: Crawled) -> None:
    """A2."""
    base = world.hostile.base
    assert first.failure("hostile", f"{base}/vers-fichier").kind == "guard"
    failure = first.failure("hostile", f"{base}/vers-metadonnees")
    assert failure.reason == "l'adresse 169.254.169.254 n'est pas publique : connexion refusée"


@pytest.mark.parametrize(("path", "kind"), [("/vers-rien", "redirect"), ("/vers-vide", "guard")])
def test_a_redirect_to_no_address_costs_one_article_only(world: World, first: Crawled, path: str, kind: str) -> None:
    failure = first.failure("hostile", world.hostile.base + path)
    assert (failure.kind, failure.entry) == (kind, False)
    assert "mal formée" in failure.reason
    assert "/goutte" in world.hostile.paths  # announced after it


def test_redirects_end_after_five_and_loops_at_once(world: World, first: Crawled) -> None:
    """A10."""
    site = world.hostile
    assert "plus de 5" in first.failure("hostile", f"{site.base}/saut0").reason
    assert [path for path in site.paths if path.startswith("/saut")] == [f"/saut{n}" for n in range(6)]
    assert "sans fin" in first.failure("hostile", f"{site.base}/rond").reason
    assert site.count("/rond") == 1


def test_a_body_that_drips_does_not_outlive_the_deadline(world: World, first: Crawled) -> None:
    """A8: bytes keep coming, yet the whole response has `timeout` seconds."""
    failure = first.failure("hostile", f"{world.hostile.base}/goutte")
    assert (failure.kind, failure.reason) == ("timeout", "le serveur n'a pas répondu en 2.5 s")
    assert first.seconds < 30


def test_headers_without_end_are_cut(first: Crawled) -> None:
    """A9, on robots.txt, the first thing asked."""
    assert "en-têtes de la réponse dépassent 64 Kio" in first.failure("entetes").reason


@pytest.mark.parametrize("name", ["inconnu", "autre"])
def test_a_certificate_of_another_or_vouched_for_by_nobody_is_refused(first: Crawled, name: str) -> None:
    """A28."""
    failure = first.failure(f"tls-{name}")
    assert (failure.kind, failure.entry) == ("tls", True)
    assert failure.reason.startswith(f"le certificat de {name}.example n'est pas valable (")


def test_a_good_certificate_is_accepted(first: Crawled) -> None:
    assert [url for url in first.pages if url.startswith("https://connu.example:")]


def test_a_name_is_resolved_once_and_kept_in_the_host_header(world: World, first: Crawled) -> None:
    """A3."""
    assert first.pages[f"http://nomme.example:{world.named.port}/a"].status == 200
    assert {seen.headers["host"] for seen in world.named.seen} == {f"nomme.example:{world.named.port}"}


def test_a_site_that_is_not_there_is_named(first: Crawled) -> None:
    assert "127.0.1.201 refuse la connexion" in first.failure("muet").reason
    failure = first.failure("inconnu")
    assert (failure.kind, failure.entry) == ("dns", True)
    assert "nulle-part.invalid" in failure.reason


def test_no_proxy_is_taken_from_the_environment(world: World, first: Crawled) -> None:
    """A5; `first` ran with http_proxy set."""
    assert first.report.requests > 0
    assert world.proxy.seen == []


def test_a_login_page_instead_of_a_feed_is_named_and_the_listing_read(world: World, first: Crawled) -> None:
    """A16, and A11: the listing's last page points back to its first."""
    site = world.entries["repli"]
    failure = first.failure("repli")
    assert (failure.kind, failure.entry) == ("format", False)
    assert first.store.read["repli"] == f"{site.base}/liste"
    assert {f"{site.base}/n{n}" for n in (1, 2, 3)} <= set(first.pages)
    assert first.pages[f"{site.base}/n2"].hint.published == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert site.count("/liste") == 1


def test_a_source_without_any_entry_point_that_answers_has_one_failure(first: Crawled) -> None:
    failure = first.failure("rien")
    assert (failure.kind, failure.entry) == ("http", True)
    assert "rien" not in first.report.sources_read


def test_sitemaps_that_are_left_unread_are_named_and_are_not_the_newest(world: World, first: Crawled) -> None:
    """A11: twenty entry pages, the index among them."""
    site = world.entries["repli"]
    asked = [path for path in site.paths if path.startswith("/plan-")]
    assert asked == [f"/plan-{n}.xml" for n in range(30, 11, -1)]
    failure = first.failure("plans", f"{site.base}/plan-11.xml")
    assert failure.reason.startswith("11 plans de site n'ont pas été lus : 20 pages d'entrée au plus")
    assert {f"{site.base}/s26", f"{site.base}/s20"} <= set(first.pages)


def test_an_item_without_an_address_is_named(first: Crawled) -> None:
    failure = first.failure("sans-lien")
    assert (failure.kind, failure.entry) == ("format", False)
    assert failure.reason == "1 article annoncé sans adresse, dont « Sans lien »"


def test_api_rows_with_text_are_kept_whole_and_their_pages_not_asked(world: World, first: Crawled) -> None:
    site = world.entries["api"]
    row = first.pages[f"{site.base}/q1"]
    assert row.kind == "row"
    assert json.loads(row.body) == {"url": f"{site.base}/q1", "title": "Question 1", "text": "Le texte.", "date": None}
    assert site.paths == ["/robots.txt", "/api?page=1", "/api?page=2", "/api?page=3"]


def test_fetch_never_keeps_the_feed_and_asks_no_page(world: World, first: Crawled) -> None:
    site = world.entries["jamais"]
    assert not {"/p1", "/p2"} & set(site.paths)
    assert first.pages[f"{site.base}/p1"].kind == "row"


def test_keywords_choose_and_one_article_is_asked_once(world: World, first: Crawled) -> None:
    """A29: /m2 comes from two sources, under three addresses; /m3 has not the keyword."""
    site = world.entries["jamais"]
    assert (site.count("/m2"), site.count("/m3"), site.count("/m1")) == (1, 0, 1)


def test_every_connection_goes_to_an_address_that_is_let_through(lab: Lab, world: World, first: Crawled) -> None:
    """Findings 2 and 3: a spy on the interpreter's own connect events sees one door, whatever asked for it."""
    allowed = {(site.host, site.port) for site in lab.sites} | {world.headers.getsockname(), world.nobody}
    assert first.store.connections <= allowed
    assert len(first.store.connections) >= 15
    assert (world.proxy.host, world.proxy.port) not in first.store.connections


def test_one_request_at_a_time_to_a_host(world: World, first: Crawled) -> None:
    """A25: three sources share this one, whose answers all take their time."""
    seen = world.entries["jamais"].seen
    assert len(seen) >= 6
    assert all(before.until <= after.at for before, after in pairwise(seen))


def test_no_log_line_of_an_unexpected_error(first: Crawled) -> None:
    assert "Traceback" not in first.log


def test_the_second_round_asks_conditionally_and_deletes_carefully(lab: Lab, world: World, first: Crawled) -> None:
    """A18: 304, or the same body again; 410 is asked twice, 404 once."""
    site = world.simple
    site.routes["/gros.pdf"] = Reply(b"parti", 410)
    site.routes["/compresse"] = Reply(b"absent", 404)
    for known in [*world.entries.values(), site]:
        known.seen.clear()
    chosen = [source for source in lab.sources if source.slug in ("simple", "repli", "api", "jamais")]
    many = lab.site()
    items = "".join(
        f"<item><title>t</title><link>/{day}</link><pubDate>{day} Mar 2026 10:00:00 GMT</pubDate></item>"
        for day in (11, 14, 12, 15, 13)
    )
    many.routes["/flux"] = Reply(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    many.routes |= {f"/{day}": Reply(b"<p>jour</p>") for day in range(11, 16)}
    flood = Source("flot", "flot", "presse", many.base, feeds=(f"{many.base}/flux",))
    for year, path in (("2020", "/v1"), ("2020", "/v2"), ("2026", "/r")):
        many.routes[path] = Reply(b"<p>page</p>")
        row = f"<url><loc>{path}</loc><lastmod>{year}-03-01</lastmod></url>"
        many.routes[f"/plan{path}"] = Reply(f"<urlset>{row}</urlset>".encode())
    maps = Source(
        "plan", "plan", "presse", many.base, sitemaps=tuple(f"{many.base}/plan{n}" for n in ("/v1", "/v2", "/r"))
    )
    second = lab.crawl([*chosen, flood, maps], timeout=TIMEOUT, max_new=2, recheck=True)
    by_path = {seen.path: seen for seen in site.seen}
    assert by_path["/a"].headers["if-none-match"] == '"v1"'
    assert "if-modified-since" in by_path["/date"].headers
    assert {f"{site.base}/a", f"{site.base}/date", f"{site.base}/flux"} <= set(second.store.visits)
    assert sorted(second.store.vanished) == [
        (f"{site.base}/compresse", 404), (f"{site.base}/gros.pdf", 410), (f"{site.base}/gros.pdf", 410),
    ]  # fmt: skip
    taken = {f"{many.base}/{path}" for path in ("15", "14", "r", "v1")}
    assert set(second.pages) == taken  # A31: the two newest of each source, the rest next time
    assert {asked.year for asked in second.store.revisits_asked} == {9999}  # recheck: due or not
    assert world.entries["api"].paths == ["/api?page=1", "/api?page=2", "/api?page=3"]  # robots.txt is a day's
    assert not {"/q1", "/q2"} & set(world.entries["api"].paths)
    assert world.entries["repli"].count("/liste?p=2") == 1
    assert second.report.unchanged >= 8
