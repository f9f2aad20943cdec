"""The mail of a member's alert: what it says, its way out, and names and queries that stay words."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.alert import AlertRenderer
from alerts.settings import MailSettings
from core.editions import Edition, Entry, Message, Period, Subscriber
from core.saved import SavedSearch, Wish

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TOKEN = "jetonDuneAlerte_22car-"
SETTINGS = MailSettings(
    "Veille d'essai", "Veille <veille@asso.example>", "contact@asso.example", "https://veille.asso.example/v"
)
WHO = Subscriber(12, "membre@asso.example", "alert", TOKEN, NOW)
SPACES = str.maketrans("\u00a0\u202f", "  ")
MakeEntry = Callable[..., Entry]


def renderer(name: str = "Les contrats", query: str = "contrat -vert", **settings: Any) -> AlertRenderer:
    wish = Wish(name, query, "daily", everything=True, synonyms=False)
    return AlertRenderer(replace(SETTINGS, **settings), SavedSearch(12, 1, wish, NOW, NOW, None, TOKEN))


def edition(*entries: Entry) -> Edition:
    day = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    return Edition(Period("alert-12", "2026-11-23", day, day + timedelta(days=1)), NOW, entries)


def read(message: Message) -> Any:
    return email.message_from_bytes(message.content, policy=email.policy.default)


def mail(made: AlertRenderer, *entries: Entry) -> Message:
    told = edition(*entries)
    return made.message(told, made.body(told), WHO)


def test_a_mail_tells_the_news_the_search_and_how_to_stop_it(make_entry: MakeEntry) -> None:
    message = mail(renderer(), make_entry(1), make_entry(2))
    got = read(message)
    assert got["Subject"].translate(SPACES) == "[Alerte] Les contrats : 2 nouveaux articles"
    assert (message.recipient, got["To"], got["Reply-To"]) == (WHO.address, WHO.address, "contact@asso.example")
    stop = f"https://veille.asso.example/v/alertes/{TOKEN}"
    assert got["List-Unsubscribe"] == f"<{stop}>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got["Auto-Submitted"] == "auto-generated"
    search = "https://veille.asso.example/v/recherche?q=contrat+-vert&tri=date&tous=1&syn=0"
    for kind in ("plain", "html"):
        shown = got.get_body((kind,)).get_content().replace("&amp;", "&").translate(SPACES)
        for expected in (stop, search, "contrat -vert", "Lundi 23 novembre 2026", "Pourquoi : ", "chaque jour"):
            assert expected in shown.replace("&nbsp;", " "), (kind, expected)
        assert "desabonnement" not in shown


def test_the_same_alert_makes_the_same_bytes(make_entry: MakeEntry) -> None:
    first, second = (mail(renderer(), make_entry(1)) for _ in range(2))
    assert first == second and first.message_id.startswith("<alert-12-2026-11-23.")
    assert all(len(line) <= 998 for line in first.content.split(b"\r\n"))


@pytest.mark.parametrize(("url", "lines"), [("http://veille.asso.example", ["List-Unsubscribe"]), ("", [])])
def test_one_click_is_promised_over_https_alone(make_entry: MakeEntry, url: str, lines: list[str]) -> None:
    got = read(mail(renderer(public_url=url), make_entry(1)))
    assert [name for name in got if name.startswith("List-")] == lines
    assert ("Arrêter cette alerte :" in got.get_body(("plain",)).get_content()) == bool(url)


def test_names_queries_and_titles_of_any_kind_stay_words(
    make_entry: MakeEntry, hostile_titles: tuple[str, ...]
) -> None:
    import lxml.html

    expected = None
    for title in hostile_titles:
        got = read(mail(renderer(title, title), make_entry(1, title=title, why=title)))
        expected = expected or got.keys()
        assert got.keys() == expected, "no header is added"
        page = lxml.html.document_fromstring(got.get_body(("html",)).get_content())
        assert not list(page.iter("script", "b", "iframe", "img", "form", "link"))
        assert not [name for node in page.iter() for name in node.attrib if name.startswith("on")]
        assert len(page.xpath(f"//a[contains(@href, '{TOKEN}')]")) == 1, "the footer is there, once"
        text = got.get_body(("plain",)).get_content()
        assert text.count(TOKEN) == 1 and not set("\x00\x1b\u202e\u2063") & set(text)


def test_what_does_not_fit_is_counted_and_linked(make_entry: MakeEntry) -> None:
    entries = [make_entry(number) for number in range(1, 31)]
    for settings, shown in (({"max_entries": 20}, 20), ({"max_html": 30_000}, None)):
        made = renderer(**settings)
        body = made.body(edition(*entries))
        count = body.html.count('class="item')
        assert count == shown if shown else 0 < count < 20
        assert f"Et {30 - count} autres articles" in body.text.translate(SPACES)
