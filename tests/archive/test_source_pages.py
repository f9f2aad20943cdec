"""One source has its page: state, visits, rights and curve in French; a source that left keeps one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import lxml.html
import pytest

from archive.source_view import source_view
from core.sources import Rights, Source

SOURCE = Source("s", "S", "presse", "https://s.example/")


def page_of(client: Any, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    return lxml.html.document_fromstring(answer.text)


def plain(node: Any) -> str:
    return " ".join(node.text_content().replace("\u00a0", " ").replace("\u202f", " ").split())


def test_every_configured_source_has_a_page_linked_from_the_list(archive: Any) -> None:
    links = page_of(archive.client, "/sources").xpath("//tbody//th/a/@href")
    assert len(links) == len(archive.ports.sources)
    for link in links:
        assert len(page_of(archive.client, link).xpath("//h1")) == 1


def test_it_tells_what_is_read_since_when_and_what_was_missed(archive: Any) -> None:
    text = plain(page_of(archive.client, "/source/agence-des-toits"))
    for said in (
        "Sources · Agences et opérateurs publics Agence des toits",
        "● Lue normalement.",
        "Lue depuis le 14 octobre 2026",
        "À son propre rythme, d’une à vingt-quatre heures entre deux lectures.",
        "Leur texte est montré à tout le monde.",
        "Leur texte est gardé sans limite de durée.",
        "Plus de sept jours sans lecture du 14 octobre 2026 au 22 novembre 2026",
        "1 nouvel article",
    ):
        assert said in text, said
    page = page_of(archive.client, "/source/agence-des-toits")
    assert "https://agence-des-toits.example/flux.xml" in page.xpath("//a/@href")
    assert page.xpath("//*[name()='svg' and @role='img']")
    assert page.xpath("//ol[@class='results']/li")


def test_a_source_in_trouble_says_why_in_french(archive: Any) -> None:
    text = plain(page_of(archive.client, "/source/lettre-fermee"))
    assert "▲ 3 lectures de suite sans succès : la page d'entrée répond 403 (accès refusé)." in text
    assert "Lue depuis jamais encore" in text
    stopped = plain(page_of(archive.client, "/source/gazette-des-landes"))
    assert "■ N’est plus lue : le site demande aux robots de ne pas le lire." in stopped


def test_an_article_leads_to_its_source(archive: Any) -> None:
    page = page_of(archive.client, f"/article/{archive.id('/appel-logement')}")
    link = page.xpath("//p[@class='kicker']/a/@href")[0]
    assert plain(page_of(archive.client, link).xpath("//h1")[0]) == "Ministère du Lien social"


def test_a_source_that_left_the_configuration_keeps_its_articles_and_an_unknown_one_is_404(
    archive: Any, open_over: Any
) -> None:
    fewer = tuple(each for each in archive.ports.sources if each.slug != "agence-des-toits")
    client = open_over(replace(archive.ports, sources=fewer))
    page = page_of(client, "/source/agence-des-toits")
    assert "■ Elle n’est plus dans la configuration de la veille." in plain(page)
    assert page.xpath("//ol[@class='results']/li")
    for slug in ("inconnue", "%2E%2E", "%00", "a" * 300, "%C3%A9"):
        assert client.get(f"/source/{slug}").status_code == 404


@pytest.mark.parametrize(
    ("rights", "said"),
    [
        (Rights(full_text="public"), "Leur texte est montré à tout le monde."),
        (Rights(), "Il en est montré 200 caractères au plus ; le texte entier, aux membres du groupe."),
        (Rights(full_text="nobody", excerpt_chars=0), "Rien n’en est montré que le titre et les mots repérés."),
        (Rights(keep_days=90), "Leur texte est gardé 90 jours ; ensuite, la fiche et l’index seuls."),
    ],
)  # fmt: skip
def test_rights_are_told_in_plain_french(rights: Rights, said: str) -> None:
    kept = source_view(replace(SOURCE, rights=rights), None, (), True).kept
    assert said in [each.replace("\u00a0", " ") for each in kept]


@pytest.mark.parametrize(
    ("every", "said"),
    [(1, "Toutes les heures."), (6, "Toutes les 6 heures."), (24, "Toutes les 24 heures."), (72, "Tous les 3 jours.")],
)
def test_a_chosen_rhythm_is_told(every: int, said: str) -> None:
    told = source_view(replace(SOURCE, every=timedelta(hours=every)), None, (), True).rhythm
    assert told.replace("\u00a0", " ") == said
