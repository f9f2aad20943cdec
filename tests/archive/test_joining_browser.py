"""Subscribing, confirming, choosing and leaving in a real browser, script allowed or not, axe on each page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from browsing import serving, wait_for_link

from core.sources import Topic

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
ANA = "ana@exemple.fr"


@pytest.mark.parametrize(
    ("width", "scheme", "script"), [(1280, "light", True), (360, "dark", True), (360, "light", False)]
)
def test_a_person_subscribes_confirms_chooses_and_leaves(
    web: Any, browser: Any, width: int, scheme: Any, script: bool
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    topics = (Topic("impact-social", "Contrats à impact social et investissements à impact"), Topic("eau", "L’eau"))
    post, people = web.archive.ports.joining.post, web.archive.store.subscribers
    settings = replace(web.archive.ports.settings, public_url="")
    with serving(replace(web.archive.ports, topics=topics, settings=settings)) as port:
        context = browser.new_context(
            viewport={"width": width, "height": 850}, color_scheme=scheme, locale="fr-FR", java_script_enabled=script
        )
        page = context.new_page()

        def check(title: str) -> None:
            assert page.get_by_role("heading", level=1).inner_text() == title
            assert page.locator("html").bounding_box()["width"] <= width
            if script:  # axe is a script itself
                results = Axe().run(page, options=RULES)
                assert results.violations_count == 0, (page.url, results.response["violations"])
                assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("link", name="Recevoir la veille", exact=True).click()
        check("Recevoir la veille par courriel")
        page.get_by_label("Votre adresse électronique").fill(ANA)
        page.get_by_label("L’eau").uncheck()
        page.get_by_role("button", name="M’inscrire").click()
        assert post.mails() == [] and page.url.endswith("/abonnement"), "the browser asks for the box to be ticked"
        page.get_by_label("J’accepte").check()
        page.get_by_role("button", name="M’inscrire").click()
        check("Regardez votre courriel")
        link = wait_for_link(post, set())
        page.goto(link)
        check("Recevoir la veille")
        page.get_by_role("button", name="Confirmer mon inscription").click()
        check("C’est confirmé")
        page.get_by_role("link", name="Choisir ce que je reçois").click()
        check("Ce que je reçois")
        assert not page.get_by_label("L’eau").is_checked()
        page.get_by_label("Chaque mois").check()
        page.get_by_label("Jusqu’au jour indiqué ici").check()
        page.get_by_label("Les envois reprennent le").fill("2026-12-24")
        page.get_by_role("button", name="Enregistrer").click()
        assert page.get_by_role("status").inner_text() == "C’est enregistré."
        check("Ce que je reçois")
        assert people.find(ANA).wishes.frequency == "monthly" and people.find(ANA).wishes.topics == ("impact-social",)
        own = page.url
        page.goto(link)
        page.get_by_role("button", name="Confirmer mon inscription").click()
        check("Ce lien ne sert plus")
        page.get_by_role("link", name="Retrouver le lien de mes préférences").click()
        check("Retrouver le lien de mes préférences")
        page.get_by_label("L’adresse qui reçoit la veille").fill(ANA)
        page.get_by_role("button", name="Recevoir le lien").click()
        check("Regardez votre courriel")
        page.goto(own)
        page.get_by_role("button", name="Me désabonner").click()
        check("C’est fait")
        assert people.find(ANA) is None and context.cookies() == []
        page.goto(own)
        check("Ce lien ne mène à rien")
        context.close()
