"""Every page, over an empty and a full archive, and what all of them must have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import lxml.html
import pytest
from starlette.testclient import TestClient

from archive.ports import ArchivePorts
from core.search import SearchResult

PAGES = (
    "/", "/recherche", "/recherche?q=contrat", "/recherche?q=zzzz", "/recherche?q=&tous=1&tri=date&page=1", "/editions",
    "/sources", "/sujet", "/mentions", "/api", "/desabonnement/0123456789abcdef",
)  # fmt: skip
FULL = ("/edition/weekly/2026-W47", "/edition/weekly/2026-W46", "/editions/weekly/2026-W47")
MISSING = (
    "/rien", "/article/999", "/article/0", "/article/-1", "/article/x", "/article/1.5", "/article/²", "/article/%00",
    "/article/99999999999999999999999", "/article/1%20OR%201", "/edition/weekly/1999-W01", "/edition/weekly/%00",
    "/edition/a%27b/x", "/edition/weekly", "/edition/alert-12/2026-W45", "/static/rien.css", "/static/../app.py",
    "/docs", "/openapi.json", "/desabonnement/",
)  # fmt: skip


def every_page(archive: Any) -> list[str]:
    return [*PAGES, *FULL, *(f"/article/{number}" for number in archive.ids.values())]


def tree(text: str) -> Any:
    return lxml.html.document_fromstring(text)


def test_every_route_answers_on_an_empty_archive(empty: TestClient) -> None:
    for path in PAGES:
        answer = empty.get(path)
        assert answer.status_code == 200, path
        assert "<h1" in answer.text, path
    assert "Aucune édition" in empty.get("/editions").text
    for path in ("/", "/recherche", "/recherche?q=contrat", "/recherche?tous=1"):
        text = empty.get(path).text
        assert "L’archive est encore vide" in text, path
        assert "<code>veille run</code>" in text, "what to do is said"
        assert "Rien ne répond" not in text


def test_articles_read_but_off_the_subject_are_no_empty_archive(archive: Any, open_over: Any) -> None:
    class Nothing:
        def search(self, query: Any, now: Any) -> SearchResult:
            return SearchResult(0, ())

    client = open_over(replace(archive.ports, index=Nothing()))
    for path in ("/", "/recherche"):
        text = client.get(path).text
        assert "Aucun article lu ne parle encore du sujet" in text, path
        assert "encore vide" not in text
        assert "/recherche?tous=1" in text


def test_every_route_answers_on_a_full_archive(archive: Any) -> None:
    for path in every_page(archive):
        assert archive.client.get(path).status_code == 200, path
        assert archive.client.head(path).status_code == 200, path


@pytest.mark.parametrize("path", MISSING)
def test_what_does_not_exist_is_a_french_404_and_never_a_422(archive: Any, path: str) -> None:
    answer = archive.client.get(path)
    assert answer.status_code == 404
    assert "Page introuvable" in answer.text
    assert answer.headers["content-security-policy"]


def test_a_fault_is_a_french_500_with_the_headers_and_no_detail(
    archive: Any, open_over: Callable[[ArchivePorts], TestClient]
) -> None:
    class Broken:
        def search(self, query: Any, now: Any) -> Any:
            raise RuntimeError("secret-de-la-base")

    answer = open_over(replace(archive.ports, index=Broken())).get("/recherche")
    assert answer.status_code == 500
    assert "Une erreur est survenue" in answer.text
    assert "secret-de-la-base" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_every_answer_has_the_security_headers_c20(archive: Any) -> None:
    for path in [*every_page(archive), "/sante", "/robots.txt", "/flux.atom", "/static/style.css", "/rien"]:
        headers = archive.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["permissions-policy"]
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert "set-cookie" not in headers
        assert headers["cache-control"]


def test_pages_hold_no_script_no_inline_style_and_nothing_from_elsewhere(archive: Any) -> None:
    for path in every_page(archive):
        page = tree(archive.client.get(path).text)
        assert not page.xpath("//script | //style | //iframe | //object | //embed | //img"), path
        assert not page.xpath("//@style | //@*[starts-with(name(), 'on')]"), path
        loaded = page.xpath("//link[@rel != 'canonical']/@href | //form/@action")
        assert all(address.startswith("/") and not address.startswith("//") for address in loaded), path
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex, nofollow"]


def test_every_page_has_one_title_landmarks_and_labelled_fields(archive: Any) -> None:
    for path in every_page(archive):
        page = tree(archive.client.get(path).text)
        assert page.get("lang") == "fr"
        assert len(page.xpath("//h1")) == 1, path
        assert len(page.xpath("//main")) == len(page.xpath("//footer")) == 1, path
        assert page.xpath("//a[@class='skip']/@href") == ["#contenu"]
        assert page.xpath("//main/@id") == ["contenu"]
        assert page.xpath("//title")[0].text_content().strip()
        for field in page.xpath("//input[@type != 'hidden'] | //select | //textarea"):
            assert page.xpath(f"//label[@for='{field.get('id')}']"), path
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        levels = [int(tag.tag[1]) for tag in page.xpath("//h1 | //h2 | //h3 | //h4")]
        assert levels[0] == 1, path
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), (path, levels)


def test_every_own_link_leads_somewhere(archive: Any) -> None:
    seen: set[str] = set()
    todo = ["/"]
    while todo and len(seen) < 90:
        path = todo.pop(0)
        seen.add(path)
        answer = archive.client.get(path)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            found = tree(answer.text).xpath("//a/@href | //link/@href")
            todo += sorted({link for link in found if link.startswith("/")} - seen - set(todo))
    assert {"/editions", "/sources", "/sujet", "/edition/weekly/2026-W47"} <= seen
    assert any(path.startswith("/recherche?q=") for path in seen)


def test_the_current_page_is_told_to_assistive_tools(archive: Any) -> None:
    for path, name in (("/sources", "Sources"), ("/editions", "Éditions"), ("/recherche", "Recherche")):
        assert tree(archive.client.get(path).text).xpath("//nav//a[@aria-current='page']/text()") == [name]


def test_no_reader_s_address_is_ever_shown(archive: Any) -> None:
    for path in [*every_page(archive), f"/desabonnement/{archive.token}", "/sante", "/flux.atom"]:
        text = archive.client.get(path).text
        assert "lectrice" not in text
        assert "listes.example" not in text


def test_our_own_french_keeps_its_no_break_spaces(archive: Any) -> None:
    paths = [*PAGES, "/edition/weekly/2026-W47", f"/article/{archive.id('/appel-logement')}", "/rien"]
    for path in paths:
        page = tree(archive.client.get(path).text)
        for quoted in page.xpath("//code | //*[@class='prose'] | //*[@class='text'] | //p[@class='diff'] | //head"):
            quoted.clear()
        wrong = re.findall(r".{12} [:;?!»].{4}|.{4}« .{12}", " ".join(page.text_content().split(" ")))
        assert not wrong, (path, wrong)


def test_the_public_url_s_path_prefixes_every_link(archive: Any) -> None:
    client = archive.with_settings(public_url="https://asso.example/veille/")
    for asked in ("/veille/", "/"):
        page = tree(client.get(asked).text)
        own = [link for link in page.xpath("//@href | //@action") if link.startswith("/")]
        assert own
        assert all(link.startswith("/veille/") for link in own)
    assert client.get("/veille/sources").status_code == 200
    sheet = tree(client.get("/veille/").text).xpath("//link[@rel='stylesheet']/@href")[0]
    assert client.get(sheet).headers["content-type"].startswith("text/css")


def test_the_sheet_is_small_and_kept_by_browsers_under_the_hash_of_its_content(archive: Any) -> None:
    link = tree(archive.client.get("/").text).xpath("//link[@rel='stylesheet']/@href")[0]
    answer = archive.client.get(link)
    assert re.search(r"\?v=[0-9a-f]{12}$", link)
    assert "immutable" in answer.headers["cache-control"]
    assert len(answer.content) < 26_000
    assert not re.search(r"url\(|@import|https?:", answer.text)


@pytest.mark.parametrize("path", ["/", "/recherche?q=contrat", "/flux.atom?q=contrat", "/edition/weekly/2026-W47"])
def test_what_has_not_changed_is_not_sent_again(archive: Any, path: str) -> None:
    first = archive.client.get(path)
    again = archive.client.get(path, headers={"If-None-Match": f'"autre", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"
    assert again.headers["content-security-policy"]
    assert archive.client.get(path, headers={"If-None-Match": 'W/"autre"'}).content == first.content
    assert archive.client.head(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_an_unsubscribing_page_is_never_kept(archive: Any) -> None:
    headers = archive.client.get("/desabonnement/0123456789abcdef").headers
    assert headers["cache-control"] == "no-store"
    assert "etag" not in headers


def test_robots_are_asked_to_stay_out_and_wrong_methods_are_refused(archive: Any) -> None:
    assert "Disallow: /" in archive.client.get("/robots.txt").text
    refused = archive.client.post("/recherche", data={"q": "x"})
    assert refused.status_code == 405
    assert refused.headers["allow"]
    assert "Demande impossible" in refused.text


def test_home_shows_the_latest_stories_the_latest_edition_and_what_is_read(archive: Any) -> None:
    text = tree(archive.client.get("/").text).text_content().replace("\u00a0", " ")
    assert "Journée de formation" in text
    assert "Fête des voisins" not in text, "only matched stories"
    assert "Semaine du 16 au 22 novembre 2026" in text
    assert "9 sources lues depuis le 14 octobre 2026" in text
    assert "La Lettre fermée" in text
    assert "Dernier passage il y a 3 heures" in text


def test_every_page_leads_to_its_rights_to_privacy_and_to_somebody(archive: Any) -> None:
    for path in (*every_page(archive), "/rien"):
        assert "/mentions" in tree(archive.client.get(path).text).xpath("//footer//a/@href"), path
    page = tree(archive.client.get("/mentions").text)
    publisher = page.xpath("//section[@aria-labelledby='editeur']//p/text()")
    assert "Éditeur : Association d'essai, 1 rue de l'Exemple." in publisher
    assert "Hébergeur : Machine d'essai <& Cie>." in publisher
    assert page.xpath("//h2/@id") == ["editeur", "droits", "robot", "vie-privee", "accessibilite"]
    assert page.xpath("//main//a[starts-with(@href, 'mailto:')]/@href") == ["mailto:veille@asso.example"] * 5
    closed = tree(archive.client.get(f"/article/{archive.id('associations-investisseurs-412.html')}").text)
    assert "/mentions#droits" in closed.xpath("//main//a/@href")


def test_the_topic_page_renders_the_definition_without_its_traps(archive: Any) -> None:
    page = tree(archive.client.get("/sujet").text)
    assert page.xpath("//h3/text()") == ["Ce que nous appelons contrat à impact social"]
    assert page.xpath("//section//strong/text()") == ["contrat à impact social"]
    assert "https://haies.example/contrats" in page.xpath("//section//a/@href")
    assert not page.xpath("//script | //a[starts-with(@href, 'javascript')]")
    assert "cis@3, iis@2" in page.text_content()
