"""A member signs in by mail, searches, saves the search with an alert, and deletes it, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import wait_for_link

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.mark.parametrize(("width", "scheme", "script"), [(1280, "light", False), (360, "dark", True)])
def test_a_search_becomes_an_alert_and_goes(web: Any, browser: Any, width: int, scheme: Any, script: bool) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 850}, color_scheme=scheme, locale="fr-FR", java_script_enabled=script
    )
    page = context.new_page()

    def check() -> None:
        """What needs script to be looked at is looked at with it; the pages themselves have none."""
        if not script:
            return
        from axe_playwright_python.sync_playwright import Axe

        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, (page.url, results.response["violations"])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    page.goto(f"http://127.0.0.1:{web.port}/connexion?suite=%2Frecherche")
    page.get_by_label("Votre adresse électronique").fill("member@asso.example")
    page.get_by_role("button", name="Recevoir le lien").click()
    page.goto(wait_for_link(web.post, set()))
    page.get_by_role("button", name="Me connecter").click()
    page.get_by_label("Chercher dans les archives").fill("contrat impact")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Enregistrer cette recherche").click()
    check()
    assert page.get_by_text("soit environ").count() + page.get_by_text("soit moins").count() == 1
    page.get_by_label("Nom").fill("Les contrats")
    page.get_by_label("chaque jour, le matin").check()
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/moi/recherches#recherche-*")
    check()
    assert page.get_by_text("alerte chaque jour").count() == 1
    page.get_by_role("link", name="Changer Les contrats").click()
    check()
    page.get_by_label("chaque semaine").check()
    page.get_by_role("button", name="Enregistrer les changements").click()
    assert page.get_by_text("alerte chaque semaine").count() == 1
    (saved,) = web.archive.store.searches.alerts()
    page.goto(f"http://127.0.0.1:{web.port}/alertes/{saved.token}")
    check()
    page.get_by_role("button", name="Arrêter l’alerte").click()
    check()
    page.get_by_role("link", name="vos recherches").click()
    assert page.get_by_text("sans alerte").count() == 1
    page.get_by_role("button", name="Supprimer Les contrats").click()
    page.get_by_text("Vous n’en gardez aucune").wait_for()
    check()
    context.close()


def test_a_search_too_broad_says_why_and_a_narrower_one_is_a_click_away(web: Any, browser: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": 1280, "height": 850}, locale="fr-FR")
    context.add_cookies([{"name": "veille", "value": web.as_("member").cookies["veille"],
                          "url": f"http://127.0.0.1:{web.port}"}])  # fmt: skip
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{web.port}/moi/recherches/nouvelle")
    assert page.get_by_label("chaque semaine").is_disabled()
    assert Axe().run(page, options=RULES).violations_count == 0
    page.locator(".notice a").first.click()
    page.get_by_label("chaque semaine").check()
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/moi/recherches#recherche-*")
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
def test_a_note_is_shared_and_found_by_its_keyword(web: Any, browser: Any, width: int, scheme: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 850}, color_scheme=scheme, locale="fr-FR")
    base = f"http://127.0.0.1:{web.port}"
    context.add_cookies([{"name": "veille", "value": web.as_("member").cookies["veille"], "url": base}])
    page = context.new_page()

    def check() -> None:
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, (page.url, results.response["violations"])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    page.goto(f"{base}/article/{web.archive.id('/appel-logement')}")
    page.get_by_role("button", name="Garder").click()
    page.get_by_role("link", name="Mes lectures").click()
    page.get_by_text("Écrire une note, des mots-clés").click()
    page.get_by_label("Note").fill("À citer mardi.")
    page.get_by_label("Mots-clés").fill("logement, réunion de mars")
    page.get_by_label("Les montrer aux membres du groupe").check()
    check()
    page.get_by_role("button", name="Noter").click()
    page.get_by_role("link", name="réunion de mars").click()
    check()
    page.get_by_role("link", name="Celles du groupe").click()
    assert page.get_by_text("À citer mardi.").count() == 1
    check()
    page.get_by_role("link", name="un deuxième appel à projets").click()
    page.get_by_role("heading", name="Notes du groupe").wait_for()
    check()
    context.close()
