"""Correcting and keeping articles in a real browser, without script: axe finds nothing, nothing sticks out."""

from __future__ import annotations

from typing import Any

import pytest

from core.corrections import Correction

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SMALL = """() => [...document.querySelectorAll('main button, main summary, main label:has(input), main textarea')]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
    .map(each => each.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_an_editor_keeps_an_article_and_closes_a_doubt(web: Any, browser: Any, width: int, scheme: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    number, store = web.archive.id("/appel-logement"), web.archive.store
    judged, now = store.corrections.judged(number), web.archive.ports.clock.now()
    store.corrections.record([Correction(number, judged.text_hash, "impact-social", "doute", "Bertille", now)])
    store.corrections.record([Correction(number, judged.text_hash, "impact-social", "hors-sujet", "Côme", now)])
    base = f"http://127.0.0.1:{web.port}"
    context = browser.new_context(viewport={"width": width, "height": 850}, color_scheme=scheme, locale="fr-FR")
    context.add_cookies([{"name": "veille", "value": web.as_("editor").cookies["veille"], "url": base}])
    page = context.new_page()

    def check() -> None:
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, (page.url, results.response["violations"])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        assert width > 1_000 or page.evaluate(SMALL) == [], page.url

    page.goto(f"{base}/article/{number}")
    page.get_by_role("button", name="Garder").click()
    assert page.get_by_role("button", name="Retirer de mes lectures").count() == 1
    check()
    page.goto(f"{base}/moi/lectures")
    page.get_by_text("Écrire une note").click()
    page.get_by_label("Note").fill("pour mardi")
    page.get_by_role("button", name="Noter").click()
    page.wait_for_url("**/moi/lectures#article-*")
    assert page.locator(".note").text_content() == "pour mardi"
    check()
    page.goto(f"{base}/corrections")
    check()
    page.get_by_label("hors sujet").check()
    page.get_by_label("Pourquoi").fill("une caserne")
    page.get_by_role("button", name="Donner mon avis").click()
    page.wait_for_url("**/corrections")
    assert page.get_by_text("Rien n’est en discussion.").count() == 1
    check()
    page.goto(f"{base}/article/{number}")
    page.get_by_text("Changer mon avis").click()
    page.get_by_label("pertinent", exact=True).check()
    for box in page.locator(".opinion [type=checkbox]").all():
        box.uncheck()
    page.get_by_role("button", name="Donner mon avis").click()
    assert page.get_by_role("alert").text_content().startswith("Cochez au moins une étiquette")
    check()
    context.close()
