"""Preparing an edition, « hors sujet » and a meeting sheet in a real browser: axe finds nothing."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SMALL = """() => [...document.querySelectorAll('main button, main .button, main input, main textarea')]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
    .map(each => each.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_an_editor_prepares_an_edition_and_prints_a_sheet(web: Any, browser: Any, width: int, scheme: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    base = f"http://127.0.0.1:{web.port}"
    context = browser.new_context(
        viewport={"width": width, "height": 850}, color_scheme=scheme, locale="fr-FR", java_script_enabled=True
    )
    context.add_cookies([{"name": "veille", "value": web.as_("editor").cookies["veille"], "url": base}])
    page = context.new_page()

    def check() -> None:
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, (page.url, results.response["violations"])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        assert width > 1_000 or page.evaluate(SMALL) == [], page.url

    page.goto(f"{base}/editions")
    page.get_by_role("link", name="Préparer la prochaine édition").click()
    page.get_by_label("Introduction").fill("Trois nouvelles cette semaine.")
    page.get_by_role("button", name="Enregistrer l’introduction").click()
    page.get_by_role("button", name="Épingler").last.click()
    page.wait_for_url("**/preparation#article-*")
    page.get_by_role("button", name="Retirer").last.click()
    page.wait_for_url("**/preparation#retires")
    check()
    page.goto(f"{base}/preparation/apercu.html")
    assert page.get_by_text("Trois nouvelles cette semaine.").count() == 1
    assert page.locator("h2").first.text_content() == "À la une"
    for path in (f"/hors-sujet/{web.archive.id('/appel-logement')}", "/reunion?depuis=2026-10-01"):
        page.goto(base + path)
        check()
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Montrer").is_visible()
    context.close()
