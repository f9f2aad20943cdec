"""Role × source right × door: what each role reads of each source, on every page, in every file and in the mail."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from test_rights_of_exports import RIGHTS, TEXT, WORD, WORDS, opened_text

from alerts.render import MailRenderer
from alerts.settings import MailSettings
from core.editions import Edition, Period
from core.sources import Source
from pipeline.digest import entry

ROLES = ("visitor", "member", "editor", "maintainer")
PAGES = ("/article/{id}", "/recherche?q=contrat+source:{source}", "/source/{source}")
LEAVING = (
    "/flux.atom?q=source:{source}", "/flux.rss?q=source:{source}", "/recherche.csv?q=source:{source}",
    "/recherche.json?q=source:{source}", "/recherche.ods?q=source:{source}", "/recherche.bib?q=source:{source}",
    "/recherche.ris?q=source:{source}", "/recherche.csl.json?q=source:{source}", "/article/{id}/citation.bib",
    "/article/{id}/citation.ris", "/article/{id}/citation.csl.json", "/api/article/{id}",
    "/api/search?q=source:{source}",
)  # fmt: skip
"""Doors of what leaves the site: a signed-in member gets from them what a visitor does."""
READERS = {"public": ROLES, "members": ROLES[1:], "nobody": ()}
"""Who reads the full text of a source that opens it to these."""


@dataclass(frozen=True)
class House:
    clients: dict[str, Any]
    ids: dict[str, int]
    store: Any
    sources: dict[str, Source]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, trapped_archive: Any, keep_article: Any, open_over: Any) -> Any:
    for opened in trapped_archive(tmp_path_factory.mktemp("roles"), ()):
        now, ids, clients = opened.ports.clock.now(), {}, {}
        cards = [{"form": "contrat à impact social", "label": "cis", "concept": "c", "score": 0.9}]
        for name, (_, reserved) in RIGHTS.items():
            row = {"source": f"source-{name}", "path": f"/{name}", "title": f"Témoin {name}", "text": TEXT,
                   "seen": now, "tags": {"cis": True}, "cards": cards, "reserved": reserved}  # fmt: skip
            ids[name], _ = keep_article(opened.store, row)
        sources = {
            f"source-{name}": Source(f"source-{name}", name, "presse", "https://s.example/", rights=rights)
            for name, (rights, _) in RIGHTS.items()
            if rights
        }
        settings = replace(opened.ports.settings, public_url="")
        ports = replace(opened.ports, sources=tuple(sources.values()), settings=settings)
        for role in ROLES:
            clients[role] = open_over(ports)
            if role != "visitor":
                opened.store.members.add(f"{role}@asso.example", f"Essai {role}", role, now, "command")
                token = opened.store.sessions.invite(f"{role}@asso.example", "", now)
                clients[role].cookies["veille"] = opened.store.sessions.sign_in(token, "Firefox", now).token
        yield House(clients, ids, opened.store, sources)


def revealed(text: str) -> int:
    """Numbered words of the text."""
    return len(set(re.findall(r"mot\d{4}", text)))


def allowance(name: str) -> int:
    """Characters that may be quoted."""
    rights, reserved = RIGHTS[name]
    return 0 if reserved else min(rights.excerpt_chars, 200) if rights else 200


def reads_all(role: str, name: str) -> bool:
    rights, reserved = RIGHTS[name]
    return rights is not None and not reserved and role in READERS[rights.full_text]


@pytest.mark.parametrize("door", [*PAGES, *LEAVING])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", RIGHTS)
def test_each_role_gets_from_each_door_what_the_source_allows(house: House, name: str, role: str, door: str) -> None:
    answer = house.clients[role].get(door.format(id=house.ids[name], source=f"source-{name}"))
    assert answer.status_code == 200
    text = opened_text(answer.content)
    assert f"Témoin {name}" in text, "the door opens"
    whole = door == "/article/{id}" or (door == "/api/article/{id}" and reads_all("visitor", name))
    if whole and reads_all(role, name):
        assert revealed(text) == len(WORDS)
    else:
        assert revealed(text) * WORD <= allowance(name) + WORD
    assert bool(revealed(text)) == bool(allowance(name))


@pytest.mark.parametrize("name", RIGHTS)
def test_a_mail_quotes_no_more_than_the_source_allows(house: House, name: str) -> None:
    article = house.store.articles.article(house.ids[name])
    told = entry(article, (), house.sources, ("impact-social",))
    now = article.first_seen
    edition = Edition(Period("weekly", "2026-W47", now - timedelta(days=7), now), now, (told,), 1, (), id=1)
    body = MailRenderer(MailSettings("Veille", "Veille <veille@asso.example>", "veille@asso.example")).body(edition)
    for part in (body.text, body.html):
        assert f"Témoin {name}" in part
        assert revealed(part) * WORD <= allowance(name) + WORD
        assert bool(revealed(part)) == bool(allowance(name))
