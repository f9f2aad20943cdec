"""`veille member`, `audit`, `forget`, `proposals`, and the mail of a sign-in link, by the real program."""

from __future__ import annotations

import email
import http.client
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from core.articles import Article, Match, Signature, Tag, Verdict
from core.editions import Copy, Edition
from core.pages import NewPage
from core.urls import article_key
from demo import DemoWeb
from veille import telling
from veille.serving import Watch, server
from veille.wiring import House

NOW = datetime.now(UTC)
ADDRESS = "claude@asso.example"


def said(ran: Any) -> dict[str, Any]:
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_members_are_added_listed_changed_and_removed(veille) -> None:
    dry = veille("member", "add", ADDRESS, "--name", "Claude", "--role", "editor", "--dry-run")
    assert dry.returncode == 0 and "Serait ajouté" in dry.stdout
    added = veille("member", "add", ADDRESS, "--name", "Claude", "--role", "editor")
    assert added.returncode == 0 and "Claude est membre (editor)" in added.stdout and "public_url" in added.stdout
    assert veille("member", "role", ADDRESS, "reader").stdout == "Claude : reader.\n"
    listed = said(veille("member", "list", "--json"))["members"]
    assert [(each["address"], each["role"]) for each in listed] == [(ADDRESS, "reader")]
    removed = veille("member", "remove", ADDRESS)
    assert removed.returncode == 0 and "effacés" in removed.stdout
    changes = said(veille("audit", "--json"))["changes"]
    assert [each["what"] for each in changes] == ["member.remove", "member.role", "member.add"]
    assert "claude" not in json.dumps(changes).lower()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("member", "add", "claude", "--name", "C"), 1, "arobase"),
        (("member", "add", ADDRESS, "--name", "C", "--role", "chef"), 1, "n'est pas un rôle"),
        (("member", "role", ADDRESS, "editor"), 3, "Aucun membre"),
        (("forget",), 2, "indiquez un article"),
        (("forget", "3"), 2, "dites pourquoi"),
        (("forget", "https://x.fr/rien", "--reason", "demande"), 3, "n'est pas dans l'archive"),
        (("forget", "--address", ADDRESS), 3, "ni celle d'un membre"),
    ],
)
def test_what_cannot_be_done_is_said_in_french(veille, arguments: tuple[str, ...], code: int, told: str) -> None:
    ran = veille(*arguments)
    assert ran.returncode == code and told in ran.stderr, ran.stderr
    assert "Traceback" not in ran.stderr


def keep(house: House, url: str, text: str) -> int:
    house.store.raw.save(NewPage("muette", "article", url, url, 200, (), text.encode(), NOW))
    page = house.store.queue.pending(1)[0].id
    form = "contrat à impact social"
    start = text.index(form)
    card = Match(
        "impact-social", "cis", "1", form, "cis", "text", form, start, start + len(form), text, 0, 0.9, 0.6, True
    )
    article = Article(page, "muette", url, article_key(url), "Clôture du fonds", text, NOW, published=NOW)
    verdict = Verdict((Tag("impact-social", "cis", True, 0.9),), (card,))
    return house.store.articles.keep(article, verdict, Signature(), None, False).article_id


def test_an_article_taken_down_leaves_its_edition_and_its_mail(veille, tmp_path: Path) -> None:
    url = "https://x.fr/cloture"
    with House(tmp_path / "config.toml") as house:
        first = keep(house, url, "Le zygomatique signe un contrat à impact social ici.")
        keep(house, "https://x.fr/autre", "Un autre contrat à impact social là.")
        edition = telling.prepare(house, telling.chosen_period(house, ""))
        copied = Edition(
            edition.period, edition.composed_at,
            tuple(each if each.article_id == first else _with_copy(each, url) for each in edition.entries),
        )  # fmt: skip
        frozen = house.store.editions.freeze(copied, house.renderer.body(copied))
        assert len(frozen.entries) == 2
    dry = said(veille("forget", url, "--reason", "demande", "--dry-run", "--json"))
    assert (dry["article"], dry["versions"], dry["passages"], dry["pages"], dry["done"]) == (first, 1, 1, 1, False)
    assert dry["editions"] == [frozen.period.key]
    ran = veille("forget", url, "--reason", "demande de l'auteur")
    assert ran.returncode == 0 and "Clôture du fonds" in ran.stdout and "ne se rappellent pas" in ran.stdout
    with House(tmp_path / "config.toml") as house:
        left = house.store.editions.find("weekly", frozen.period.key)
        assert left and [(each.article_id, each.copies) for each in left.entries] == [(first + 1, ())]
        body = house.store.editions.body(left.id or 0)
        assert body and "zygomatique" not in body.text + body.html and "x.fr/cloture" not in body.text + body.html
    again = veille("forget", str(first), "--reason", "demande")
    assert again.returncode == 3 and "déjà été retiré" in again.stderr
    back = veille("add", url)
    assert back.returncode == 3 and "retiré à la demande" in back.stderr
    assert said(veille("audit", "--json"))["changes"][0]["after"] == {"reason": "demande de l'auteur"}


def _with_copy(entry: Any, url: str) -> Any:
    return replace(entry, copies=(Copy("Source muette", url),))


def test_a_person_is_erased_as_member_and_as_subscriber(veille, tmp_path: Path) -> None:
    with House(tmp_path / "config.toml") as house:
        house.store.members.add(ADDRESS, "Claude", "member", NOW, "command")
        house.store.subscribers.add(ADDRESS, "person", NOW)
    assert said(veille("forget", "--address", ADDRESS, "--dry-run", "--json")) == {
        "member": True, "subscriber": True, "done": False,
    }  # fmt: skip
    ran = veille("forget", "--address", ADDRESS.upper())
    assert ran.returncode == 0 and "membre et abonné" in ran.stdout
    with House(tmp_path / "config.toml") as house:
        assert house.store.members.members() == [] and house.store.subscribers.active() == []
    assert "désinscrite" in veille("subscriber", "add", ADDRESS).stderr, "no import brings the address back"
    assert ADDRESS.encode() not in (tmp_path / "var" / "veille.db").read_bytes()


def test_a_person_is_found_however_the_domain_of_their_address_is_written(veille, tmp_path: Path) -> None:
    stored, typed = "claude@xn--cole-9oa.example", "Claude@École.example"
    with House(tmp_path / "config.toml") as house:
        house.store.members.add(stored, "Claude", "member", NOW, "command")
        house.store.subscribers.add(stored, "person", NOW)
    assert "Claude serait retiré" in veille("member", "remove", typed, "--dry-run").stdout
    assert veille("subscriber", "remove", typed, "--dry-run").stdout == "serait retirée\n"
    assert said(veille("forget", "--address", typed, "--json")) == {"member": True, "subscriber": True, "done": True}
    with House(tmp_path / "config.toml") as house:
        assert house.store.members.members() == [] and house.store.subscribers.active() == []


# ---------------------------------------------------------------- proposals


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoWeb]:
    with DemoWeb(datetime.now(UTC)) as served:
        yield served


@pytest.mark.long
def test_proposals_are_read_by_the_watch_with_the_guard_and_rights_of_any_article(
    veille, demo: DemoWeb, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(demo.config(tmp_path, 2525, ""), encoding="utf-8")
    good = next(row.url for row in demo.truth() if row.site == "gazette-du-littoral" and row.labels and not row.old)
    with House(config) as house:
        member = house.store.members.add(ADDRESS, "Claude", "member", NOW, "command")
        urls = (good, "http://169.254.169.254/latest/meta-data/")
        for url in urls:
            house.store.proposals.propose(member.id, url, "", NOW)
    waiting = said(veille("proposals", "list", "--json"))["proposals"]
    assert [each["url"] for each in waiting] == list(urls)
    done = {each["url"]: each for each in said(veille("proposals", "take", "--json"))["proposals"]}
    assert [done[url]["state"] for url in urls] == ["added", "refused"]
    assert "édition" in done[good]["outcome"] and done[good]["article_id"]
    assert "publique" in done[urls[1]]["outcome"]
    with House(config) as house:
        assert house.store.proposals.waiting() == []
        article = house.store.articles.article(done[good]["article_id"])
        assert article and article.source == "gazette-du-littoral"
        house.store.proposals.propose(member.id, good, "", NOW + timedelta(hours=1))
    assert [each["state"] for each in said(veille("proposals", "take", "--json"))["proposals"]] == ["known"]
    assert veille("forget", good, "--reason", "demande").returncode == 0
    with House(config) as house:
        house.store.proposals.propose(member.id, good, "", NOW + timedelta(hours=2))
    (last,) = said(veille("proposals", "take", "--json"))["proposals"]
    assert last["state"] == "refused" and "ne peut pas revenir" in last["outcome"]


@pytest.mark.long
def test_the_watch_takes_proposals_when_some_wait(veille, tmp_path: Path) -> None:
    with House(tmp_path / "config.toml") as house:
        member = house.store.members.add(ADDRESS, "Claude", "member", NOW, "command")
        house.store.proposals.propose(member.id, "http://10.0.0.1/", "", NOW)
        Watch(house).collect()
        (read,) = house.store.proposals.of(member.id, 5)
        assert read.state == "refused" and "publique" in read.outcome


# ---------------------------------------------------------------- the link's mail


def test_the_program_sends_the_link_by_its_own_way_out(veille, tmp_path: Path) -> None:
    with House(tmp_path / "config.toml") as house:
        house.store.members.add(ADDRESS, "Claude", "member", NOW, "command")
        running = server(house, "127.0.0.1:0")
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        limit = time.monotonic() + 60
        while not running.started and time.monotonic() < limit:
            time.sleep(0.02)
        port = running.servers[0].sockets[0].getsockname()[1]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
        }
        connection.request("POST", "/connexion", urlencode({"adresse": ADDRESS}), headers)
        assert connection.getresponse().status == 200
        while not (found := list((tmp_path / "var" / "mail").glob("*.eml"))) and time.monotonic() < limit:
            time.sleep(0.02)
        running.should_exit = True
        thread.join(20)
    mail = email.message_from_bytes(found[0].read_bytes(), policy=policy.default)
    assert mail["To"] == ADDRESS and f"http://127.0.0.1:{port}/connexion/" in mail.get_body(("plain",)).get_content()
