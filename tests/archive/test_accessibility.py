"""Every page in a real browser: axe finds nothing, in light and dark, on a desk and a phone; nothing sticks out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from archive.app import create_app
from archive.server import server

PATHS = (
    "/", "/recherche?q=contrat+tag%3Acis", "/sources", "/edition/weekly/2026-W47", "/editions", "/sujet", "/rien",
    "/mentions", "/api", "/recherche?q=%22rien+de+tel%22", "/recherche?q=impact&tous=1&tri=date",
    "/desabonnement/0123456789abcdef", "/alertes/0123456789abcdef", "/statistiques", "/statistiques?q=tag%3Acis",
    "/source/agence-des-toits", "/source/lettre-fermee",
)  # fmt: skip
ARTICLES = (
    "/appel-logement",
    "rapport-finance-utile.pdf",
    "associations-investisseurs-412.html",
    "bilan-2025",
    "usine-398.html",
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Browsing:
    browser: Any
    base: str
    paths: tuple[str, ...]


@pytest.fixture(scope="module")
def browsing(archive: Any, browser: Any) -> Iterator[Browsing]:
    running = server(create_app(archive.ports), "127.0.0.1", 0)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    limit = time.monotonic() + 10
    while not running.started and time.monotonic() < limit:
        time.sleep(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    paths = (*PATHS, *(f"/article/{archive.id(path)}" for path in ARTICLES))
    yield Browsing(browser, f"http://127.0.0.1:{port}", paths)
    running.should_exit = True
    thread.join(10)


def open_page(browsing: Browsing, width: int, scheme: Any) -> Any:
    context = browsing.browser.new_context(
        viewport={"width": width, "height": 850}, color_scheme=scheme, locale="fr-FR"
    )
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(browsing: Browsing, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(browsing, width, scheme)
    axe = Axe()
    for path in browsing.paths:
        page.goto(browsing.base + path)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        results = axe.run(page, options=RULES)
        assert results.violations_count == 0, (path, results.generate_snapshot(), results.response["violations"])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    faults = [text for text in page.said if "404" not in text]
    assert not faults, "no resource refused by the content security policy"


def test_contrast_holds_in_the_other_scheme_of_each_width(browsing: Browsing) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for width, scheme in ((1280, "dark"), (390, "light")):
        page = open_page(browsing, width, scheme)
        for path in (*browsing.paths[:4], browsing.paths[-3]):
            page.goto(browsing.base + path)
            results = Axe().run(page, options={"runOnly": ["color-contrast"], "resultTypes": ["violations"]})
            assert results.violations_count == 0, (path, scheme, results.response["violations"])


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_every_link_of_the_header_is_in_sight(browsing: Browsing, width: int) -> None:
    page = open_page(browsing, width, "light")
    page.goto(browsing.base + "/sources")
    seen = """() => [...document.querySelectorAll('.top a')].map(each => {
        const box = each.getBoundingClientRect()
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
        return [each.textContent, box.left >= 0 && box.right <= window.innerWidth && each.contains(top)] })"""
    links = page.evaluate(seen)
    assert {"Recherche", "Statistiques", "Le sujet"} <= {name for name, _ in links}
    assert [name for name, there in links if not there] == []


def test_controls_are_large_enough_for_a_thumb(browsing: Browsing) -> None:
    page = open_page(browsing, 390, "light")
    script = """() => [...document.querySelectorAll(
        'button, input:not([type=hidden]), summary, a.button, a.account, nav a, .choices a, .chips a, a.tag, .check')]
        .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
        .map(each => each.outerHTML.slice(0, 120) + ' ' + each.getBoundingClientRect().height)"""
    for path in browsing.paths:
        page.goto(browsing.base + path)
        assert page.evaluate(script) == [], path


def test_a_keyboard_and_a_browser_without_javascript_are_enough(browsing: Browsing) -> None:
    context = browsing.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(browsing.base + "/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").text_content() == "Aller au contenu"
    page.get_by_label("Chercher dans les archives").fill("evenements tag:cis")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche?q=*")
    assert page.locator(".results > li").count() == 1
    page.get_by_role("link", name="Collectif des haies").first.click()
    assert "source%3Acollectif-des-haies" in page.url
    page.locator(".chips a").last.click()
    assert "source" not in page.url
    page.locator(".results h3 a").first.click()
    assert page.locator("h1").text_content().startswith("Journée de formation")


@pytest.mark.parametrize("script", [False, True])
def test_a_search_is_narrowed_read_and_taken_home_with_and_without_script(browsing: Browsing, script: bool) -> None:
    page = browsing.browser.new_context(java_script_enabled=script, accept_downloads=True).new_page()
    page.goto(browsing.base + "/recherche?q=impact")
    everything = page.locator(".results > li").count()
    page.locator('.facets a[href*="tag%3Acis"]').first.click()
    narrowed = page.locator(".results > li").count()
    assert 0 < narrowed < everything
    for name, beginning in (("CSV", b"\xef\xbb\xbf"), ("BibTeX", b"% Veille"), ("LibreOffice", b"PK")):
        if not page.locator(".exports[open]").count():
            page.get_by_text("Exporter").click()
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).first.click()
        content = waiting.value.path().read_bytes()
        assert content.startswith(beginning), (name, content[:40])
    page.locator(".results h3 a").first.click()
    assert "/article/" in page.url
    assert page.locator("mark").count() > 0
