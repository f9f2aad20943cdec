"""Signing in, proposing and signing out in a real browser, whose own word on where a form comes from is believed."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import wait_for_link

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_a_member_signs_in_proposes_and_signs_out_without_script(
    web: Any, browser: Any, width: int, scheme: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 850}, color_scheme=scheme, locale="fr-FR")
    page = context.new_page()
    web.as_("editor")  # another device

    def check() -> None:
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, (page.url, results.response["violations"])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    page.goto(f"http://127.0.0.1:{web.port}/proposer?url=https%3A%2F%2Fx.fr%2Fa")
    check()
    page.get_by_label("Votre adresse électronique").fill("editor@asso.example")
    page.get_by_role("button", name="Recevoir le lien").click()
    check()
    page.goto(wait_for_link(web.post, set()))
    check()
    page.get_by_role("button", name="Me connecter").click()
    assert page.get_by_label("Adresse de la page").input_value() == "https://x.fr/a"
    check()
    page.get_by_role("button", name="Proposer", exact=True).click()
    page.wait_for_url("**/moi#propositions")
    check()
    assert page.get_by_text("en attente").count() == 1
    page.get_by_role("button", name="Déconnecter Firefox, Linux").click()
    assert page.get_by_role("button", name="Déconnecter Firefox, Linux").count() == 0
    page.get_by_role("button", name="Se déconnecter").click()
    assert page.get_by_role("link", name="Se connecter").count() == 1 and context.cookies() == []
    context.close()
