"""Subscribing, choosing and leaving over real HTTP: one answer for everybody, nothing changed by looking."""

from __future__ import annotations

import hashlib
import http.client
import re
import socket
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from browsing import FolderJoin, serving

from archive import consent
from archive.join_pages import MOST_MAILS
from core.clock import PARIS
from core.sources import Topic
from core.wishes import FOR_GOOD, Wishes
from db.suspension import suspend

ANA = "ana@exemple.fr"
GOOD = {"adresse": ANA, "accord": "oui"}
DAY = timedelta(days=1)


@pytest.fixture
def post(web: Any) -> FolderJoin:
    found: FolderJoin = web.archive.ports.joining.post
    return found


def mailed(post: FolderJoin, count: int) -> list[str]:
    """The links of this many mails, which leave after the answer."""
    limit = time.monotonic() + 30
    while len(post.mails()) < count and time.monotonic() < limit:
        time.sleep(0.01)
    assert len(post.mails()) == count
    return post.links()


def database(web: Any) -> tuple[Any, ...]:
    with web.archive.store.members._database.read() as connection:
        tables = ("subscriber", "subscription_request", "confirmation", "suppression", "outbox", "audit")
        return tuple(connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables)


def people(web: Any) -> list[str]:
    return [each.address for each in web.archive.store.subscribers.active()]


def path_of(link: str) -> str:
    return urlsplit(link).path


def test_a_person_subscribes_chooses_and_leaves(web: Any, post: FolderJoin) -> None:
    browser = web.browser()
    assert "Recevoir la veille" in browser.get("/").main
    asked = browser.post("/abonnement", GOOD)
    assert asked.status == 200 and "Regardez votre courriel" in asked.main and not browser.cookies
    (link,) = mailed(post, 1)
    assert ANA not in people(web)
    assert "rien changé" in browser.get(path_of(link)).main
    done = browser.post(path_of(link))
    assert done.status == 200 and "confirmé" in done.main and ANA in people(web)
    own = str(done.tree.xpath("//main//a[contains(@href, '/abonnement/')]/@href")[0])
    again = browser.post(path_of(link))
    assert again.status == 410 and "déjà servi" in again.main
    page = browser.get(own)
    assert page.status == 200 and "Ce que je reçois" in page.main
    choices = {"rythme": "mois", "format": "texte", "calme": "oui", "pause": "date", "reprise": "2026-12-24"}
    saved = browser.post(own, choices)
    assert (saved.status, saved.headers["location"]) == (303, f"{own}?fait=1")
    shown = browser.get(f"{own}?fait=1")
    assert "C’est enregistré" in shown.main and "reprennent le 24 décembre 2026" in shown.main
    person = web.archive.store.subscribers.find(ANA)
    assert person.wishes.paused_until.astimezone(PARIS).isoformat() == "2026-12-24T00:00:00+01:00"
    assert replace(person.wishes, paused_until=None) == Wishes("monthly", "text", True)
    leave = shown.tree.xpath("//form[contains(@action, 'desabonnement')]/@action")[0]
    assert "fait" in browser.post(leave, {"List-Unsubscribe": "One-Click"}).main and ANA not in people(web)
    assert browser.get(own).status == 410


def test_the_form_says_who_why_how_long_and_what_rights_and_its_box_is_not_ticked(web: Any) -> None:
    page = web.browser().get("/abonnement")
    for word in ("Qui écrit", "Pourquoi", "Combien de temps", "Vos droits", "CNIL", "veille@asso.example", "trois ans"):
        assert word in page.main
    (box,) = page.tree.xpath("//input[@name='accord']")
    assert box.get("checked") is None and box.get("required") is not None


def test_the_words_that_are_agreed_to_do_not_change_without_their_version() -> None:
    told = "\n".join((consent.AGREED, *(f"{term}\n{text}" for term, text in consent.TOLD)))
    assert (consent.VERSION, hashlib.sha256(told.encode()).hexdigest()[:16]) == ("2026-11", "710ac43746d50acc")


REFUSED = [
    ({"adresse": ANA}, "Il manque votre accord"),
    ({"adresse": ANA, "accord": ""}, "Il manque votre accord"),
    ({"adresse": "", "accord": "oui"}, "arobase"),
    ({"adresse": "a@b.fr,c@d.fr", "accord": "oui"}, "acceptée"),
    ({"adresse": "a@b.fr\r\nBcc: c@d.fr", "accord": "oui"}, "acceptée"),
    ({"adresse": '"a b"@c.fr', "accord": "oui"}, "acceptée"),
    ({"adresse": "x" * 310 + "@exemple.fr", "accord": "oui"}, "acceptée"),
    ({"adresse": "<script>@exemple.fr", "accord": "oui"}, "acceptée"),
]


def test_what_cannot_be_done_is_said_and_nothing_is_kept(web: Any) -> None:
    before, browser = database(web), web.browser()
    for form, told in REFUSED:
        answer = browser.post("/abonnement", form)
        assert answer.status == 400 and told in answer.main, form
        assert "<script>" not in answer.text and database(web) == before


def test_the_answer_never_tells_whether_an_address_is_known(web: Any, post: FolderJoin) -> None:
    store, now = web.archive.store, web.archive.ports.clock.now()
    store.subscribers.leave(store.subscribers.add("left@asso.example", "person", now).token, now)
    addresses = ("lectrice@asso.example", "nobody@asso.example", "left@asso.example", "groupe@listes.example")
    for path in ("/abonnement", "/abonnement/lien"):
        answers = [web.browser().post(path, {**GOOD, "adresse": address}) for address in addresses]
        assert {answer.status for answer in answers} == {200}
        texts = {answer.text.replace(who, "X") for who, answer in zip(addresses, answers, strict=True)}
        heads = {str([h for h in a.headers.items() if h[0] not in ("date", "content-length")]) for a in answers}
        assert len(texts) == len(heads) == 1
    links = mailed(post, 3)
    assert len([link for link in links if "/confirmer/" in link]) == 2, "nobody, and the one who left"
    to = sorted(mail["To"] for mail in post.mails())
    assert to == ["lectrice@asso.example", "left@asso.example", "nobody@asso.example"]


def test_what_fills_the_trap_in_is_answered_and_forgotten(web: Any, post: FolderJoin) -> None:
    before = database(web)
    answer = web.browser().post("/abonnement", {**GOOD, "verification": "https://spam.example"})
    assert answer.status == 200 and "Regardez votre courriel" in answer.main
    mailed(post, 0)
    assert database(web) == before


def test_no_other_site_can_ask_confirm_or_change(web: Any, post: FolderJoin) -> None:
    browser = web.browser()
    browser.post("/abonnement", GOOD)
    (link,) = mailed(post, 1)
    own = f"/abonnement/{web.archive.token}"
    before = database(web)
    for path, form in (
        ("/abonnement", GOOD),
        ("/abonnement/lien", GOOD),
        (path_of(link), {}),
        (own, {"rythme": "mois"}),
    ):
        for header in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": ""}):
            assert browser.post(path, form, **header).status == 403
    assert database(web) == before


def test_a_thousand_looks_at_each_token_link_change_nothing_b10(web: Any, post: FolderJoin) -> None:
    browser = web.browser()
    browser.post("/abonnement", GOOD)
    (link,) = mailed(post, 1)
    token = web.archive.token
    before = database(web)
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
    for path in (path_of(link), f"/abonnement/{token}", f"/desabonnement/{token}"):
        for number in range(1_000):
            purpose = {"Sec-Purpose": "prefetch"} if number % 5 == 4 else {}
            connection.request("HEAD" if number % 4 == 3 else "GET", path, headers=purpose)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200 and not answer.headers["Set-Cookie"]
    connection.close()
    assert database(web) == before
    assert browser.post(path_of(link)).status == 200, "and it still serves"


def test_no_page_of_a_link_shows_an_address(web: Any, post: FolderJoin) -> None:
    browser = web.browser()
    browser.post("/abonnement", GOOD)
    (link,) = mailed(post, 1)
    own = f"/abonnement/{web.archive.token}"
    pages = [
        browser.get(path_of(link)),
        browser.post(path_of(link)),
        browser.get(own),
        browser.post(own, {"pause": "date"}),
    ]
    for page in pages:
        assert "lectrice@" not in page.text and "ana@" not in page.text
        assert page.headers["cache-control"] == "no-store"


def test_no_address_is_logged_even_when_a_mail_cannot_leave(
    web: Any, post: FolderJoin, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    browser = web.browser()
    post.broken = True
    browser.post("/abonnement", GOOD)
    limit = time.monotonic() + 30
    while "n'est pas parti" not in caplog.text and time.monotonic() < limit:
        time.sleep(0.01)
    assert "n'est pas parti" in caplog.text
    post.broken = False
    browser.post("/abonnement", GOOD)
    (link,) = mailed(post, 1)
    browser.post(path_of(link))
    browser.post("/abonnement/lien", GOOD)
    mailed(post, 2)
    said = caplog.text + "".join(capfd.readouterr())
    assert ANA not in said and "ana" not in said.replace("veille.analyse", "")
    assert path_of(link) not in said


def test_the_mail_holds_the_link_and_the_reason_alone(web: Any, post: FolderJoin) -> None:
    web.browser().post("/abonnement", GOOD)
    web.browser().post("/abonnement/lien", {"adresse": "lectrice@asso.example"})
    mailed(post, 2)
    for mail in post.mails():
        html = mail.get_body(("html",)).get_content()
        (link,) = re.findall(r'href="([^"]+)"', html)
        assert link in post.links() and "<img" not in html
        assert mail["Auto-Submitted"] == "auto-generated"
        assert path_of(link).rpartition("/")[2] not in mail["Message-ID"] and not mail["List-Unsubscribe"]
        assert mail["To"] not in mail.get_body(("plain",)).get_content()


def test_mails_that_anybody_asks_for_are_bounded_whoever_they_are_for_b13(web: Any, post: FolderJoin) -> None:
    browser = web.browser()
    for number in range(MOST_MAILS):
        assert browser.post("/abonnement/lien", {"adresse": f"a{number}@exemple.fr"}).status == 200
    refused = browser.post("/abonnement", GOOD)
    assert refused.status == 429 and "Réessayez dans une heure" in refused.main
    assert refused.tree.xpath("//input[@name='adresse']/@value") == [ANA]
    known = browser.post("/abonnement/lien", {"adresse": "lectrice@asso.example"})
    assert known.status == 429, "the limit tells nothing of an address"


def test_a_site_without_a_public_address_in_https_opens_no_subscription(web: Any) -> None:
    settings = replace(web.archive.ports.settings, public_url="http://veille.asso.example")
    with serving(replace(web.archive.ports, settings=settings)) as port:
        browser = replace(web.browser(), port=port, host="veille.asso.example")
        for path in ("/abonnement", "/abonnement/lien"):
            assert "https" in browser.get(path).main and not browser.get(path).tree.xpath("//main//form")
            assert browser.post(path, GOOD).status == 403


# ---------------------------------------------------------------- preferences


def test_a_pause_that_cannot_be_is_said_and_changes_nothing(web: Any) -> None:
    before, browser = database(web), web.browser()
    for form, told in (
        ({"pause": "date"}, "indiquez le jour"),
        ({"pause": "date", "reprise": "demain"}, "indiquez le jour"),
        ({"pause": "date", "reprise": "2026-11-23"}, "à venir"),
        ({"pause": "date", "reprise": "9999-12-31"}, "à venir"),
    ):
        answer = browser.post(f"/abonnement/{web.archive.token}", {"rythme": "mois", **form})
        assert answer.status == 400 and told in answer.main and "Rien n’a été changé" in answer.main
        assert database(web) == before


def test_a_pause_without_end_is_told_and_taken_off(web: Any) -> None:
    own, browser = f"/abonnement/{web.archive.token}", web.browser()
    browser.post(own, {"pause": "sans-fin"})
    assert web.archive.store.subscribers.by_token(web.archive.token).wishes.paused_until == FOR_GOOD
    assert "vous ne recevez rien" in browser.get(own).main
    browser.post(own, {"pause": "non"})
    assert web.archive.store.subscribers.by_token(web.archive.token).wishes == Wishes()


def test_unknown_links_all_lead_to_the_same_page(web: Any) -> None:
    browser = web.browser()
    texts = set()
    for token in ("A" * 22, "A" * 21, "%00%27;--", "x" * 300):
        for answer in (browser.get(f"/abonnement/{token}"), browser.post(f"/abonnement/{token}", {"rythme": "mois"})):
            assert answer.status == 410
            texts.add(answer.text)
    assert len(texts) == 1 and "Retrouver le lien" in texts.pop()


def test_topics_are_asked_where_there_are_several(web: Any, post: FolderJoin) -> None:
    topics = (Topic("impact-social", "Impact social"), Topic("eau", "L’eau"))
    with serving(replace(web.archive.ports, topics=topics)) as port:
        browser = replace(web.browser(), port=port)
        page = browser.get("/abonnement")
        assert len(page.tree.xpath("//input[starts-with(@name, 'sujet-')][@checked]")) == 2
        none = browser.post("/abonnement", GOOD)
        assert none.status == 400 and "au moins un sujet" in none.main
        assert browser.post("/abonnement", {**GOOD, "sujet-eau": "oui", "sujet-autre": "oui"}).status == 200
        (link,) = mailed(post, 1)
        browser.post(path_of(link))
        person = web.archive.store.subscribers.find(ANA)
        assert person.wishes.topics == ("eau",)
        own = f"/abonnement/{person.token}"
        assert browser.get(own).tree.xpath("//input[@checked]/@name")[0] == "sujet-eau"
        browser.post(own, {"sujet-eau": "oui", "sujet-impact-social": "oui"})
        assert web.archive.store.subscribers.find(ANA).wishes.topics == (), "all of them, those to come too"


def test_a_member_who_is_signed_in_subscribes_too(web: Any, post: FolderJoin) -> None:
    browser = web.as_("member")
    assert browser.post("/abonnement", GOOD).status == 403, "a form of this session carries its token"
    assert browser.post("/abonnement", {**GOOD, "jeton": browser.token("/abonnement")}).status == 200
    mailed(post, 1)


def test_the_connection_closes_before_the_mail_leaves_so_that_no_time_tells_who_is_known(
    web: Any, post: FolderJoin, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = threading.Event()
    real = post.preferences

    def slow(address: str, link: str, at: datetime) -> None:
        assert leave.wait(30)
        real(address, link, at)

    monkeypatch.setattr(post, "preferences", slow)
    body = urlencode({"adresse": "lectrice@asso.example"})
    head = (
        f"POST /abonnement/lien HTTP/1.1\r\nHost: 127.0.0.1:{web.port}\r\nOrigin: http://127.0.0.1:{web.port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", web.port), timeout=20) as connection:
        connection.sendall(f"{head}{body}".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 200") and b"Regardez votre courriel" in answer
    assert post.mails() == [], "answered and closed while the mail waits"
    leave.set()
    mailed(post, 1)


def test_who_is_suspended_reads_why_nothing_comes_and_saving_writes_to_them_again(web: Any) -> None:
    own, browser, store = f"/abonnement/{web.archive.token}", web.browser(), web.archive.store
    assert "refuse nos courriels" not in browser.get(own).main
    with store.members._database.write() as connection:
        suspend(connection, store.subscribers.by_token(web.archive.token).id, web.archive.ports.clock.now(), "5.1.1")
    assert "refuse nos courriels depuis le 23 novembre 2026" in browser.get(own).main
    assert "lectrice@asso.example" not in people(web)
    shown = browser.get(browser.post(own, {"rythme": "semaine"}).headers["location"])
    assert "refuse nos courriels" not in shown.main and "lectrice@asso.example" in people(web)
