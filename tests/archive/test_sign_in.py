"""Signing in by a link, over real HTTP: what serves once, what ends, what another site cannot do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from browsing import Browser, serving, wait_for_link

from archive.doors import is_loopback, local_path
from archive.limits import CLIENTS, MOST, MOST_HERE, Limiter
from archive.sign_in_pages import device_name
from core.clock import FixedClock
from core.members import ROLES

HOUR = timedelta(hours=1)


def link(web: Any, address: str = "editor@asso.example", suite: str = "") -> str:
    """The path of a fresh sign-in link."""
    known = set(web.post.links())
    asked = web.browser().post("/connexion", {"adresse": address, "suite": suite})
    assert asked.status == 200
    return urlsplit(wait_for_link(web.post, known)).path


def database(web: Any) -> tuple[Any, ...]:
    """What the tables of people hold."""
    with web.archive.store.members._database.read() as connection:
        tables = ("member", "sign_in", "session", "audit", "proposal")
        return tuple(connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables)


def test_a_member_signs_in_by_the_link_of_a_mail_and_out_again(web: Any) -> None:
    browser = web.browser()
    assert "Se connecter" in browser.get("/").text
    entered = browser.sign_in("Editor@ASSO.example", web.post)
    assert (entered.status, entered.headers["location"]) == (303, "/moi")
    page = browser.get("/moi")
    assert "Essai editor" in page.main and "rédaction" in page.main
    assert "Se connecter" not in browser.get("/").text and "Essai editor" in browser.get("/recherche?q=contrat").text
    assert browser.post("/deconnexion", {"jeton": browser.token()}).status == 303
    assert browser.cookies == {}
    assert browser.get("/moi").headers["location"] == "/connexion?suite=%2Fmoi"


def test_the_mail_holds_the_link_and_the_reason_alone(web: Any) -> None:
    path = link(web)
    mail = web.post.mails()[0]
    assert mail["To"] == "editor@asso.example" and mail["Auto-Submitted"] == "auto-generated"
    assert "connexion" in mail["Subject"]
    html = mail.get_body(("html",)).get_content()
    assert re.findall(r'href="([^"]+)"', html) == [f"http://127.0.0.1:{web.port}{path}"]
    assert path.rpartition("/")[2] not in mail["Message-ID"] and "<img" not in html
    assert len(path.rpartition("/")[2]) >= 43, "256 bits"


def test_the_answer_never_tells_whether_an_address_is_a_member_s(web: Any) -> None:
    known = web.browser().post("/connexion", {"adresse": "editor@asso.example"})
    unknown = web.browser().post("/connexion", {"adresse": "nobody@asso.example"})
    assert known.status == unknown.status == 200
    assert known.text.replace("editor@", "nobody@") == unknown.text
    skip = {"date", "content-length"}
    assert [each for each in known.headers.items() if each[0] not in skip] == [
        each for each in unknown.headers.items() if each[0] not in skip
    ]
    wait_for_link(web.post, set())
    assert len(web.post.mails()) == 1


def test_a_thousand_looks_at_a_link_change_nothing_and_it_still_serves(web: Any) -> None:
    path, browser = link(web), web.browser()
    before = database(web)
    for number in range(1_000):
        answer = browser.ask("HEAD" if number % 4 == 3 else "GET", path, "", {})
        assert answer.status == 200 and not browser.cookies
    assert database(web) == before
    assert "<button" in browser.get(path).text
    assert browser.post(path).status == 303 and browser.get("/moi").status == 200


def test_a_link_serves_once(web: Any) -> None:
    path = link(web)
    assert web.browser().post(path).status == 303
    other = web.browser()
    again = other.post(path)
    assert again.status == 410 and "ne sert plus" in again.main and not other.cookies
    for wrong in ("x", "a" * 43, "%00", "a" * 300):
        assert web.browser().post(f"/connexion/{wrong}").status == 410


def test_a_link_ends_after_half_an_hour_and_a_session_after_thirty_days(web: Any) -> None:
    path = link(web)
    browser = web.as_("editor")
    for later, opens, stays in ((timedelta(minutes=31), 410, 200), (timedelta(days=31), 410, 303)):
        clock = FixedClock(web.archive.ports.clock.now() + later)
        settings = replace(web.archive.ports.settings, public_url="")
        with serving(replace(web.archive.ports, settings=settings, clock=clock)) as port:
            assert Browser(port).post(path).status == opens
            old = Browser(port, dict(browser.cookies))
            assert old.get("/moi").status == stays


def test_the_session_of_a_sign_in_is_never_one_that_was_there_before(web: Any) -> None:
    """Fixation: neither a cookie that somebody planted nor the former session is the new one."""
    browser = web.browser(cookies={"veille": "a" * 43})
    browser.sign_in("editor@asso.example", web.post)
    first = browser.cookies["veille"]
    assert first != "a" * 43
    path = link(web, "member@asso.example")
    assert browser.post(path, {"jeton": browser.token()}).status == 303
    assert browser.cookies["veille"] != first
    assert "Essai member" in browser.get("/moi").main
    assert web.browser(cookies={"veille": first}).get("/moi").status == 303, "the former one is over"


FOREIGN = (
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"Origin": "http://127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
)  # fmt: skip


def test_a_form_of_another_site_is_refused(web: Any) -> None:
    browser, path = web.as_("editor"), link(web, "member@asso.example")
    token = browser.token()
    number = web.archive.store.sessions.sessions(3, web.archive.ports.clock.now())[0].id
    before = database(web)
    forms = (
        ("/connexion", {"adresse": "editor@asso.example"}),
        (path, {"jeton": token}),
        ("/deconnexion", {"jeton": token}),
        ("/proposer", {"jeton": token, "url": "https://x.fr/"}),
        (f"/moi/appareils/{number}", {"jeton": token}),
    )
    for headers in FOREIGN:
        for target, form in forms:
            assert browser.post(target, form, **headers).status == 403, (target, headers)
    assert database(web) == before
    assert (
        browser.post("/proposer", {"jeton": token, "url": "https://x.fr/"}, Sec_Fetch_Site="same-origin").status == 303
    )


def test_a_form_without_the_token_of_its_session_is_refused(web: Any) -> None:
    browser, path = web.as_("editor"), link(web)
    tokens = ("", "x", "0" * 64, "é", web.as_("editor").token())
    before = database(web)
    for token in tokens:
        for target in (path, "/deconnexion", "/proposer", "/moi/appareils/1"):
            assert browser.post(target, {"jeton": token, "url": "https://x.fr/"}).status == 403, (target, token)
    assert database(web) == before


def test_changes_are_asked_by_forms_alone(web: Any) -> None:
    browser = web.as_("editor")
    for path in ("/deconnexion", "/moi/appareils/1"):
        assert browser.get(path).status == 405
    assert browser.post("/moi").status == 405


LED = {
    "/proposer?url=https%3A%2F%2Fx.fr%2Fa": "/proposer?url=https%3A%2F%2Fx.fr%2Fa", "/article/3": "/article/3",
    "/%0d%0aSet-Cookie:x=1": "/%0d%0aSet-Cookie:x=1",
    **dict.fromkeys(("https://evil.example/", "//evil.example/", "/\\evil.example", "/\r\nSet-Cookie: x=1",
                     "/\t/evil.example", "///evil.example", "/a//evil.example", "javascript:alert(1)", "moi", "",
                     "/" + "a" * 3_000), "/moi"),
}  # fmt: skip


def test_a_sign_in_leads_to_a_page_of_this_site_alone(web: Any) -> None:
    for number, (suite, led) in enumerate(LED.items()):
        entered = web.browser().sign_in(f"{ROLES[number % len(ROLES)]}@asso.example", web.post, suite)
        assert (entered.status, entered.headers["location"]) == (303, led), suite
        assert len(entered.headers.get_all("set-cookie") or ()) == 1
    answer = web.as_("editor").get("/connexion?suite=%2F%2Fevil.example")
    assert answer.headers["location"] == "/moi"


def test_a_local_path_is_local() -> None:
    assert local_path("/moi?x=1") and not local_path("//x") and not local_path("/é")


def test_one_mailbox_gets_four_links_an_hour_and_one_client_asks_as_often_as_is_fair(web: Any) -> None:
    browser = web.browser()
    answers = [browser.post("/connexion", {"adresse": "editor@asso.example"}).status for _ in range(12)]
    assert answers == [200] * 12, "nothing is told of the limit of a mailbox"
    nobody = [browser.post("/connexion", {"adresse": "nobody@asso.example"}).status for _ in range(MOST_HERE)]
    assert nobody[: MOST_HERE - 12] == [200] * (MOST_HERE - 12) and nobody[-12:] == [429] * 12
    assert len(web.post.mails()) == 4


def test_limits_are_by_client_end_with_time_and_hold_little_memory(web: Any) -> None:
    limiter, now = Limiter(), web.archive.ports.clock.now()
    assert [limiter.allows("203.0.113.9", now) for _ in range(MOST + 1)] == [True] * MOST + [False]
    assert limiter.allows("203.0.113.10", now) and limiter.allows("203.0.113.9", now + HOUR)
    assert all(limiter.allows(f"2001:db8::{number:x}", now) for number in range(1, MOST + 1))
    assert not limiter.allows("2001:db8::ffff", now), "one subscriber has a whole /64"
    for number in range(CLIENTS + 500):
        limiter.allows(f"client-{number}", now)
    assert len(limiter._asked) == CLIENTS


def test_what_is_no_address_is_said_and_nothing_is_sent(web: Any) -> None:
    for address in ("", "x", "a@", "@b.fr", "a b@c.fr", "a@b.fr\r\nBcc: c@d.fr", "a@b@c.fr"):
        answer = web.browser().post("/connexion", {"adresse": address})
        assert answer.status == 400 and "adresse électronique" in answer.main, address
    assert web.post.mails() == []


def test_what_is_typed_is_shown_as_text(web: Any) -> None:
    for typed in ('"><script>alert(1)</script>@x.fr', "'onfocus='alert(1)@x.fr", "<b>@x.fr"):
        answer = web.browser().post("/connexion", {"adresse": typed})
        assert "<script>alert" not in answer.text and not answer.tree.xpath("//main//b | //@onfocus")


def test_cookies_are_closed_to_scripts_other_sites_and_clear_lines(web: Any) -> None:
    plain = web.browser()
    entered = plain.sign_in("editor@asso.example", web.post)
    line = entered.headers["set-cookie"]
    assert line.startswith("veille=") and "secure" not in line.lower()
    for flag in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"):
        assert flag in line
    assert "domain" not in line.lower()
    ports = replace(web.archive.ports, settings=replace(web.archive.ports.settings, public_url="https://v.example"))
    with serving(ports) as port:
        browser = Browser(port, host="v.example")
        assert browser.post("/connexion", {"adresse": "editor@asso.example"}, Origin="https://v.example").status == 200
        known = {each for each in web.post.links() if "v.example" not in each}
        path = wait_for_link(web.post, known)
        assert path.startswith("https://v.example/connexion/")
        entered = browser.post(urlsplit(path).path, {}, Origin="https://v.example")
        line = entered.headers["set-cookie"]
        assert line.startswith("__Host-veille=")
        for flag in ("HttpOnly", "SameSite=lax", "Path=/", "Secure"):
            assert flag in line
        assert browser.get("/moi").status == 200
        assert Browser(port, {"veille": browser.cookies["__Host-veille"]}).get("/moi").status == 303


def test_a_request_cannot_choose_the_host_of_the_link(web: Any) -> None:
    """A forged Host would send a member's token to whoever forged it."""
    forged = web.browser(host="evil.example")
    assert "n’est pas ouverte" in forged.get("/connexion").main
    assert forged.post("/connexion", {"adresse": "editor@asso.example"}).status == 403
    clear = replace(web.archive.ports.settings, public_url="http://veille.example")
    with serving(replace(web.archive.ports, settings=clear)) as port:
        assert "n’est pas ouverte" in Browser(port).get("/connexion").main, "never by a clear line"
    assert web.post.mails() == []
    assert is_loopback("127.0.0.1") and is_loopback("[::1]") and is_loopback("localhost")
    assert not is_loopback("127.0.0.1.evil.example") and not is_loopback("localhost.evil.example")


def test_a_mail_that_cannot_leave_changes_nothing_of_the_answer(web: Any, caplog: pytest.LogCaptureFixture) -> None:
    web.post.folder.write_text("a file where the folder should be")
    answer = web.browser().post("/connexion", {"adresse": "editor@asso.example"})
    assert answer.status == 200
    web.browser().get("/")
    assert "editor@asso.example" not in caplog.text


def test_a_device_is_known_by_two_words() -> None:
    assert device_name("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0") == "Firefox, Linux"
    assert (
        device_name("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")
        == "Safari, iPhone"
    )
    assert device_name("<script>") == device_name("") == "Navigateur, appareil inconnu"
