"""The page of an article that people have judged: what they said, never who."""

from __future__ import annotations

from typing import Any

import lxml.html

from core.corrections import Correction


def say(archive: Any, path: str, opinion: Any, by: str) -> None:
    number = archive.id(path)
    judged = archive.store.corrections.judged(number)
    said = Correction(
        number, judged.text_hash, "impact-social", opinion, by, archive.ports.clock.now(), reason="secret"
    )
    archive.store.corrections.record([said])


def text_of(archive: Any, path: str) -> str:
    page = lxml.html.document_fromstring(archive.client.get(f"/article/{archive.id(path)}").text)
    return " ".join(page.text_content().replace("\u00a0", " ").replace("\u202f", " ").split())


def test_off_topic_is_told_with_the_tags_of_before_and_without_a_name(fresh: Any) -> None:
    assert "Corrigé" not in text_of(fresh, "/appel-logement")
    say(fresh, "/appel-logement", "hors-sujet", "Bertille")
    shown = text_of(fresh, "/appel-logement")
    assert "Corrigé : jugé hors sujet le 23 novembre 2026 par une personne du groupe." in shown
    assert "Sans étiquette" in shown and "Ce que les règles y avaient repéré" in shown
    assert "jusqu’au 23 novembre 2026 : une personne a corrigé" in shown
    assert "cis-contrat_impact_social@3" in shown
    assert "Bertille" not in shown and "secret" not in shown


def test_a_discussion_is_told_and_the_tags_of_the_rules_stay(fresh: Any) -> None:
    say(fresh, "/appel-logement", "hors-sujet", "Bertille")
    say(fresh, "/appel-logement", "pertinent", "Côme")
    shown = text_of(fresh, "/appel-logement")
    assert "En discussion." in shown and "sujet principal" in shown
    assert "Pourquoi cet article est ici" in shown
    assert "Bertille" not in shown and "Côme" not in shown
