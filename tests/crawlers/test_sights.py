"""What a visit shows of a source, over real HTTP: every way to break that a server can show is seen and named."""

from __future__ import annotations

import pytest
from crawl_lab import Crawled, Lab, Reply, Site

from core.sources import ListingRules
from core.visits import Sight
from crawlers.walls import in_its_place, wall

CHALLENGE = b"<!doctype html><html><head><title>Just a moment...</title></head><body>Verifying</body></html>"
LOGIN = b'<!doctype html><html><form><input name="u"><input type="password" name="p"></form></html>'
RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Vide</title></channel></rss>'
ITEM = "<item><title>T</title><link>/%s</link>%s</item>"
DATED = "<pubDate>Mon, 16 Nov 2026 08:00:00 GMT</pubDate>"


def redirect(status: int, to: str) -> Reply:
    return Reply(b"", status, {"Location": to})


def feeds(lab: Lab, site: Site) -> None:
    items = ITEM % ("a", DATED) + ITEM % ("b", "") + ITEM % ("a", DATED)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{items}</channel></rss>'
    site.routes["/flux"] = Reply(body.encode(), content_type="application/rss+xml")
    site.routes["/vide"] = Reply(RSS, content_type="application/rss+xml")
    site.routes["/page"] = Reply(b"<!doctype html><html><body>Accueil</body></html>")
    site.routes["/connexion"] = Reply(LOGIN)
    site.routes["/verification"] = Reply(CHALLENGE)
    site.routes["/mur"] = Reply(CHALLENGE, 403, {"cf-mitigated": "challenge"})
    site.routes["/refus"] = Reply(b"non", 403)
    site.routes["/fini"] = Reply(b"", 410)
    site.routes["/pour-de-bon"] = redirect(301, "/etape")
    site.routes["/etape"] = redirect(308, "/flux")
    site.routes["/passager"] = redirect(302, "/flux")
    site.routes["/melange"] = redirect(301, "/passager")
    site.routes["/perdu"] = redirect(301, "/absent")
    site.routes["/refait"] = Reply(b"<html><div><a href='/a'>A</a></div></html>")


@pytest.fixture(scope="module")
def crawled(lab: Lab) -> tuple[Site, Crawled]:
    site = lab.site()
    feeds(lab, site)
    slow = lab.site()
    slow.routes["/lent"] = Reply(b"trop tard", wait=3)
    for path in (
        "flux", "vide", "page", "connexion", "verification", "mur", "refus", "fini", "pour-de-bon", "passager",
        "melange", "perdu",
    ):  # fmt: skip
        lab.watch(path, f"{site.base}/{path}")
    busy = lab.site()
    busy.routes["/plus-tard"] = Reply(b"", 429, {"Retry-After": "7200"})
    lab.watch("plus-tard", f"{busy.base}/plus-tard")
    lab.watch("lent", f"{slow.base}/lent")
    lab.watch("refait", listing=ListingRules(f"{site.base}/refait", link="h2 a"))
    lab.watch("secours", f"{site.base}/fini", sitemaps=(f"{site.base}/absent",),
              listing=ListingRules(f"{site.base}/refait", link="div a"))  # fmt: skip
    lab.lies = {"nulle-part.exemple.fr": ""}
    lab.watch("sans-nom", "http://nulle-part.exemple.fr/flux")
    return site, lab.crawl()


def seen(crawled: tuple[Site, Crawled], slug: str) -> Sight:
    return next(sight for sight in crawled[1].report.sights if sight.source == slug)


def test_a_good_visit_counts_what_is_announced_once_and_what_is_dated(crawled: tuple[Site, Crawled]) -> None:
    site, _ = crawled
    assert seen(crawled, "flux") == Sight("flux", "feed", f"{site.base}/flux", 2, 1)
    assert seen(crawled, "vide") == Sight("vide", "feed", f"{site.base}/vide")


def test_only_redirects_for_good_are_a_move(crawled: tuple[Site, Crawled]) -> None:
    """A19: never from 302, nor through one, nor to a page that is not there."""
    site, _ = crawled
    found = seen(crawled, "pour-de-bon")
    assert (found.moved_from, found.moved_to) == (f"{site.base}/pour-de-bon", f"{site.base}/flux")
    assert found.announced == 2
    assert [seen(crawled, slug).moved_to for slug in ("passager", "melange", "perdu")] == ["", "", ""]


def test_a_source_is_gone_only_when_each_of_its_entries_says_so(crawled: tuple[Site, Crawled]) -> None:
    """A20."""
    assert seen(crawled, "fini") == Sight("fini", gone=True)
    assert not seen(crawled, "refus").gone
    assert (seen(crawled, "secours").kind, seen(crawled, "secours").gone) == ("listing", False)


def test_a_pause_asked_for_beyond_the_run_is_told(crawled: tuple[Site, Crawled]) -> None:
    """A22."""
    assert 7100 < seen(crawled, "plus-tard").wait <= 7200
    assert seen(crawled, "lent").wait == 0


@pytest.mark.parametrize(
    ("slug", "kind", "said"),
    [
        ("page", "format", "une page HTML est reçue à la place du flux"),
        ("connexion", "format", "une page de connexion est reçue à la place du flux"),
        ("verification", "format", "une page de vérification contre les robots (Cloudflare) est reçue"),
        ("mur", "http", "la protection Cloudflare du site refuse les robots (code 403)"),
        ("refus", "http", "le serveur refuse l'accès (code 403)"),
        ("fini", "http", "(code 410)"),
        ("perdu", "http", "(code 404)"),
        ("refait", "empty", "aucun lien ne correspond au sélecteur"),
        ("sans-nom", "dns", "n'existe pas"),
        ("lent", "timeout", "le serveur n'a pas répondu en 1.5 s"),
    ],
)
def test_each_break_is_named(crawled: tuple[Site, Crawled], slug: str, kind: str, said: str) -> None:
    failures = [f for f in crawled[1].store.failures if f.source == slug and f.entry]
    assert [f.kind for f in failures] == [kind]
    assert said in failures[0].reason


@pytest.mark.parametrize(
    ("headers", "body", "owner"),
    [
        ((("CF-Mitigated", "challenge"),), b"", "Cloudflare"),
        ((("Server", "cloudflare"),), b"<h1>Forbidden</h1>", ""),
        ((("X-DataDome", "protected"),), b"", "DataDome"),
        ((), b"https://geo.captcha-delivery.com/captcha/", "DataDome"),
        ((("Server", "AkamaiGHost"),), b"Access Denied", "Akamai"),
        ((), b"Reference #18 https://errors.edgesuite.net/18", "Akamai"),
        ((("Server", "nginx"),), b"403 Forbidden", ""),
    ],
)
def test_a_wall_is_named_by_its_own_marks_alone(headers: tuple[tuple[str, str], ...], body: bytes, owner: str) -> None:
    """A50: told, never passed."""
    assert wall(headers, body) == owner


def test_an_ordinary_page_that_speaks_of_connecting_is_no_login_page() -> None:
    assert in_its_place("<html><title>Accueil</title><p>Connexion au réseau</p></html>") == "une page HTML"
    assert in_its_place("<html><title>Connexion | Intranet</title></html>") == "une page de connexion"
