"""Editions, sources, health, feed."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import lxml.etree
import lxml.html
import pytest
from starlette.testclient import TestClient

from archive.ports import ArchivePorts
from archive.source_page import source_line
from archive.wording import ERRORS, spaced
from core.clock import FixedClock
from core.errors import StoreError
from core.pages import FailureKind
from core.sources import ApiRules, Source, SourceState


def page_of(archive: Any, path: str) -> Any:
    return lxml.html.document_fromstring(archive.client.get(path).text)


def plain(node: Any) -> str:
    return " ".join(node.text_content().replace("\u00a0", " ").replace("\u202f", " ").split())


def test_editions_are_listed_by_year_and_a_person_s_alerts_are_not(archive: Any) -> None:
    page = page_of(archive, "/editions")
    assert page.xpath("//main//h2/text()") == ["2026"]
    lines = [plain(each) for each in page.xpath("//ul[@class='ledger']/li")]
    assert lines == ["Semaine du 16 au 22 novembre 2026 3 articles", "Semaine du 9 au 15 novembre 2026 rien à signaler"]


def test_an_edition_shows_its_frozen_entries_and_what_could_not_be_read(archive: Any) -> None:
    page = page_of(archive, "/edition/weekly/2026-W47")
    assert [plain(each) for each in page.xpath("//h1 | //h2")] == [
        "Semaine du 16 au 22 novembre 2026", "Contrats à impact social", "Investissements à impact",
        "Ce qui n’a pas pu être lu",
    ]  # fmt: skip
    text = plain(page)
    assert "html du courriel" not in text
    assert "Parce qu'on y lit « contrats à impact social » : c'est le sujet de la veille." in text
    assert "La Lettre fermée : la page d'entrée répond 403 (accès refusé)." in text
    assert "aussi dans : L’Écho des rivières" in text
    assert any(link.endswith(".pdf#page=2") for link in page.xpath("//a/@href"))
    assert "Rien à signaler" in plain(page_of(archive, "/edition/weekly/2026-W46"))


def test_a_source_tells_how_it_fares_in_french(archive: Any) -> None:
    rows = {"".join(plain(row.xpath("th")[0]).split(" ")[:2]): plain(row)
            for row in page_of(archive, "/sources").xpath("//tbody/tr[td]")}  # fmt: skip
    assert "● Lue normalement. Entrée : flux de Agence des toits" in rows["Agencedes"]
    assert "14 octobre 2026 à 10 h 00 : 1 nouvel article" in rows["Agencedes"]
    closed = "3 lectures de suite sans succès : la page d'entrée répond 403 (accès refusé)."
    assert f"{closed} Dernier essai il y a 3 heures." in rows["LaLettre"]
    assert "échec : la page d'entrée répond 403 (accès refusé)" in rows["LaLettre"]
    assert "La dernière lecture a échoué" in rows["FondsTremplin"]
    assert "N’est plus lue : le site demande aux robots de ne pas le lire." in rows["LaGazette"]
    assert "Pas encore lue." in rows["Officedes"]
    tally = [plain(each) for each in page_of(archive, "/sources").xpath("//ul[@class='tally']/li")]
    assert tally == ["8 lues normalement", "2 en difficulté", "1 en attente", "1 arrêtée"]


@pytest.mark.parametrize(
    ("condition", "health", "said"),
    [
        ("good", "fine", "Lue normalement."),
        ("quiet", "fine", "Lue normalement : rien de neuf depuis le 01/11/2026, ce qui lui arrive."),
        ("silent", "broken", "Muette depuis le 1er novembre 2026 : rien de neuf depuis le 01/11/2026."),
        ("gone", "broken", "Supprimée depuis le 1er novembre 2026 : son entrée a été supprimée."),
    ],
)
def test_the_last_diagnosis_is_what_is_told(condition: str, health: str, said: str) -> None:
    reasons = {
        "quiet": "rien de neuf depuis le 01/11/2026, ce qui lui arrive",
        "silent": "rien de neuf depuis le 01/11/2026",
        "gone": "son entrée a été supprimée",
    }
    since = datetime(2026, 11, 1, 9, tzinfo=UTC)
    state = SourceState(
        "s", condition=condition, condition_since=since, condition_reason=reasons.get(condition, ""), last_success=since
    )
    line = source_line(Source("s", "S", "presse", "https://s.example/"), state)
    assert (line.health, " ".join(line.status.replace("\u00a0", " ").split())) == (health, said)


@pytest.mark.parametrize("kind", FailureKind.__args__)
def test_every_kind_of_failure_has_its_french_words(kind: str) -> None:
    source = Source("s", "S", "presse", "https://s.example/")
    line = source_line(source, SourceState("s", failures=1, last_error_kind=kind))
    assert line.health == "broken"
    assert line.status == f"La dernière lecture a échoué\u00a0: {spaced(ERRORS[kind])}."


def test_a_past_error_is_told_apart_and_the_entry_is_named(archive: Any) -> None:
    now = archive.ports.clock.now()
    api = Source("s", "S", "parlement", "https://s.example/", api=ApiRules("https://s.example/api", "url"))
    state = SourceState("s", last_success=now, last_error_kind="timeout", entry_used="https://s.example/api?page=2")
    line = source_line(api, state)
    assert (line.health, line.past_error) == ("fine", "le site ne répond pas à temps")
    assert line.entry_kind == "données ouvertes"


def test_health_is_for_a_monitor_c16(
    archive: Any, empty: TestClient, open_over: Callable[[ArchivePorts], TestClient]
) -> None:
    good = archive.client.get("/sante")
    assert (good.status_code, good.json()["status"]) == (200, "ok")
    assert good.json()["age_seconds"] == 3 * 3600 - 120
    later = FixedClock(archive.ports.clock.now() + timedelta(days=4))
    late = open_over(replace(archive.ports, clock=later)).get("/sante")
    assert (late.status_code, late.json()["status"]) == (503, "late")
    never = empty.get("/sante")
    assert (never.status_code, never.json()["status"]) == (503, "never")

    class Down:
        def last_finished(self) -> None:
            raise StoreError("base fermée")

    runs: Any = Down()
    down = open_over(replace(archive.ports, runs=runs)).get("/sante")
    assert (down.status_code, down.json()["status"]) == (503, "down")


def test_any_search_is_a_feed_that_readers_understand(archive: Any) -> None:
    page = page_of(archive, "/recherche?q=contrat+tag:cis")
    path = page.xpath("//link[@type='application/atom+xml']/@href")[0]
    answer = archive.client.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(io.BytesIO(answer.content))
    assert not feed.bozo
    assert feed.feed.title == "Veille impact social\u00a0: contrat tag:cis"
    assert len(feed.entries) == len(page.xpath("//ol[@class='results']/li"))
    assert all(entry.link.startswith("https://veille.asso.example/article/") for entry in feed.entries)
    newest = [entry.published for entry in feed.entries]
    assert newest == sorted(newest, reverse=True)
    assert {tag.term for entry in feed.entries for tag in entry.tags} >= {"Contrats à impact social"}


def test_a_tag_quoted_in_a_text_stays_text_in_feed_readers_a33(fresh: Any, keep_article: Any) -> None:
    row = {"source": "collectif-des-haies", "path": "/code", "title": "La balise <img> expliquée"}
    text = "La lisière s'écrit <img src=x onerror=alert(1)> & <b>rien</b> d'autre."
    keep_article(fresh.store, row | {"text": text, "seen": fresh.ports.clock.now(), "tags": {"cis": True}})
    feed = lxml.etree.fromstring(fresh.client.get("/flux.atom?q=lisiere").content)
    summary = feed.find(".//{*}entry/{*}summary")
    assert summary.get("type") == "html"
    read = lxml.html.fragment_fromstring(summary.text, create_parent="div")
    assert len(read) == 0, "no element is made of what was a text"
    assert read.text == text
    assert feed.find(".//{*}entry/{*}title").text == "La balise <img> expliquée"


def test_a_feed_without_public_url_links_to_where_it_was_asked(archive: Any) -> None:
    feed = feedparser.parse(io.BytesIO(archive.with_settings(public_url="").get("/flux.atom").content))
    assert feed.entries[0].link.startswith("http://archive.test/article/")
