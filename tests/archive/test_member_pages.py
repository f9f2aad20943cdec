"""What members find: their space, their devices, what they propose; and the rights of each role, over real HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args
from urllib.parse import unquote, urlsplit

import pytest
from browsing import Browser, serving

from archive.member_pages import ROLE_NAMES
from archive.rights import View, view_for
from core.members import Proposal, Role
from core.sources import Audience, Rights, Source

EVERYBODY: tuple[Role, ...] = get_args(Role)
HOSTILE = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>"


def test_a_page_of_one_person_is_kept_by_no_cache_and_public_pages_by_no_other_s(web: Any) -> None:
    visitor, member = web.browser(), web.as_("member")
    for path in ("/", "/recherche?q=contrat", "/article/1", "/sources", "/editions", "/mentions", "/rien"):
        public, own = visitor.get(path).headers, member.get(path).headers
        assert public["cache-control"] == "no-cache" and public["set-cookie"] is None, path
        assert own["cache-control"] == "no-store" and own["etag"] is None, path
        assert "Cookie" in public["vary"] and "Cookie" in own["vary"], path
    assert visitor.get("/").text == visitor.get("/").text
    for path in ("/moi", "/proposer", "/connexion"):
        assert member.get(path).headers["cache-control"] == "no-store"
        assert visitor.get(path).headers["cache-control"] == "no-store"
    tag = visitor.get("/").headers["etag"]
    assert visitor.get("/", If_None_Match=tag).status == 304 and member.get("/", If_None_Match=tag).status == 200
    assert member.get("/moi").headers["content-security-policy"] == visitor.get("/").headers["content-security-policy"]


def test_each_role_finds_the_pages_it_may_have(web: Any) -> None:
    for role in EVERYBODY:
        browser = web.as_(role)
        me, proposing = browser.get("/moi"), browser.get("/proposer")
        if role == "visitor":
            assert (me.status, proposing.status) == (303, 303)
            assert proposing.headers["location"] == "/connexion?suite=%2Fproposer"
            continue
        assert me.status == 200 and f"Essai {role}" in me.main and ROLE_NAMES[role] in me.main
        assert proposing.status == (403 if role == "reader" else 200)
        sent = browser.post("/proposer", {"jeton": browser.token(), "url": f"https://x.fr/{role}"})
        assert sent.status == (403 if role == "reader" else 303)
    wanted = web.browser().get("/proposer?url=https%3A%2F%2Fx.fr%2Fa%3Fb%3D1")
    assert unquote(unquote(wanted.headers["location"])) == "/connexion?suite=/proposer?url=https://x.fr/a?b=1"
    assert web.browser().post("/proposer", {"url": "https://x.fr/"}).headers["location"] == "/connexion"


def test_a_member_sees_and_ends_their_devices_alone(web: Any) -> None:
    first, second, other = web.as_("member"), web.as_("member"), web.as_("editor")
    page = first.get("/moi").tree
    actions = page.xpath("//section[@aria-labelledby='appareils']//form/@action")
    assert len(actions) == 1, "the device in use is ended by signing out"
    assert other.post(actions[0], {"jeton": other.token()}).status == 404
    assert first.post("/moi/appareils/x", {"jeton": first.token()}).status == 404
    assert first.post(actions[0], {"jeton": first.token()}).status == 303
    assert second.get("/moi").status == 303 and first.get("/moi").status == 200
    assert "Se connecter" in second.get("/").text


def test_a_member_removed_or_of_another_role_is_so_at_once(web: Any) -> None:
    browser, members, now = web.as_("editor"), web.archive.store.members, web.archive.ports.clock.now()
    members.set_role("editor@asso.example", "reader", now, "command")
    assert "lecture" in browser.get("/moi").main and browser.get("/proposer").status == 403
    members.remove("editor@asso.example", now, "command")
    assert browser.get("/moi").status == 303 and "Se connecter" in browser.get("/").text


def test_a_proposal_is_noted_and_its_outcome_shown(web: Any) -> None:
    browser, store = web.as_("member"), web.archive.store
    form = browser.get("/proposer?url=https%3A%2F%2Fx.fr%2Fa").tree
    assert form.xpath("//input[@name='url']/@value") == ["https://x.fr/a"]
    sent = {"jeton": browser.token("/proposer"), "url": "https://x.fr/a", "note": "à lire"}
    assert browser.post("/proposer", sent).headers["location"] == "/moi#propositions"
    again = browser.post("/proposer", sent)
    assert again.status == 400 and "déjà proposée" in again.main and "à lire" in again.text
    assert "en attente" in browser.get("/moi").main and "à lire" in browser.get("/moi").main
    waiting = store.proposals.waiting()
    assert [each.url for each in waiting] == ["https://x.fr/a"]
    done = replace(waiting[0], state="added", outcome="Ajouté : il est sur le sujet.", article_id=1)
    store.proposals.close(done, web.archive.ports.clock.now())
    page = browser.get("/moi")
    assert "Ajouté" in page.main and page.tree.xpath("//a[@href='/article/1']")
    assert web.as_("editor").get("/moi").tree.xpath("//a[@href='/article/1']") == [], "one's own alone"


def test_names_notes_and_addresses_are_text_whatever_they_hold(web: Any) -> None:
    store, now = web.archive.store, web.archive.ports.clock.now()
    member = store.members.add("hostile@asso.example", "<b onclick=alert(1)>{{ 7*7 }}", "member", now, "command")
    browser = web.browser()
    browser.sign_in("hostile@asso.example", web.post)
    refused = browser.post("/proposer", {"jeton": browser.token(), "url": f"javascript:{HOSTILE}", "note": HOSTILE})
    kept = {"jeton": browser.token(), "url": 'https://x.fr/"><script>alert(1)</script>', "note": HOSTILE}
    assert (refused.status, browser.post("/proposer", kept).status) == (400, 303)
    store.proposals.close(Proposal(1, member.id, "", "", now, "refused", HOSTILE), now)
    for answer in (refused, browser.get("/moi"), browser.get("/"), browser.get("/proposer?url=javascript%3Aalert(1)")):
        page = answer.tree
        assert not page.xpath("//script | //img | //b | //@*[starts-with(name(), 'on')]")
        assert "{{ 7*7 }}" in answer.text and "<script>" not in answer.text
        links = [href for href in page.xpath("//a/@href") if href.startswith("javascript:")]
        assert all("Proposer à la veille" in page.xpath(f"string(//a[@href='{link}'])") for link in links)


def test_the_bookmark_opens_the_form_of_this_site(web: Any) -> None:
    page = web.as_("member").get("/proposer").tree
    link = page.xpath("string(//a[starts-with(@href, 'javascript:')]/@href)")
    script = unquote(link.removeprefix("javascript:"))
    assert script == f'location.href="http://127.0.0.1:{web.port}/proposer?url="+encodeURIComponent(location.href)'


# ---------------------------------------------------------------- rights

READS: dict[tuple[Role, Audience], bool] = {
    (role, audience): audience == "public" or (audience == "members" and role in ("member", "editor", "maintainer"))
    for role in EVERYBODY
    for audience in get_args(Audience)
}
TAKES: dict[tuple[Role, Audience], bool] = {
    (role, audience): audience != "nobody" and role in ("editor", "maintainer")
    for role in EVERYBODY
    for audience in get_args(Audience)
}


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("audience", get_args(Audience))
def test_one_place_says_what_a_role_may_read_of_a_source(role: Role, audience: Audience) -> None:
    source = Source("s", "S", "presse", "https://s.example/", rights=Rights(120, audience))
    assert view_for(role, source) == View(READS[role, audience], 120, TAKES[role, audience])
    assert view_for(role, source, reserved=True) == View(False, 0, False), "reserved rights bind everybody"
    assert view_for(role, None) == View(False, 200, False)


LEAVING = (
    "/flux.atom", "/flux.rss", "/recherche.csv", "/recherche.json", "/recherche.bib", "/article/{}/citation.ris",
    "/api/search", "/api/article/{}",
)  # fmt: skip


def secret_of(web: Any, number: int) -> str:
    """Words that the full text alone shows: its last sentence, far from any match."""
    article = web.archive.store.articles.article(number)
    return str(article.text.split(". ")[-1].strip()[:40])


@pytest.mark.parametrize("audience", get_args(Audience))
def test_every_door_of_every_role_keeps_the_rights_of_the_source(web: Any, audience: Audience) -> None:
    """Article, search, edition, raw page and what leaves the site, of one press article, under each right."""
    number = web.archive.id("associations-investisseurs-412.html")
    words = secret_of(web, number)
    settings = replace(web.archive.ports.settings, public_url="")
    sources = tuple(replace(each, rights=Rights(60, audience)) for each in web.archive.ports.sources)
    with serving(replace(web.archive.ports, settings=settings, sources=sources)) as port:
        leaving = set()
        for role in EVERYBODY:
            browser = Browser(port, web.as_(role).cookies)
            page = browser.get(f"/article/{number}")
            assert (words in page.main) is READS[role, audience], (role, audience)
            for path in ("/recherche?q=source:courrier-du-bocage", "/edition/weekly/2026-W47", "/"):
                shown = browser.get(path).tree.xpath("//p[@class='excerpt']")
                longest = max((len(each.text_content()) for each in shown), default=0)
                assert longest and (longest > 60) is READS[role, audience], (role, audience, path)
            leaving.add(tuple(browser.get(path.format(number)).body for path in LEAVING))
            raw = browser.get(f"/article/{number}/page-d-origine.warc")
            assert raw.status == (200 if TAKES[role, audience] else 403), (role, audience)
            offered = page.tree.xpath("//a[contains(@href, '.warc')]")
            assert bool(offered) is TAKES[role, audience]
        assert len(leaving) == 1, "what leaves the site is what any visitor may read"
        assert audience == "public" or all(body and words.encode() not in body for body in leaving.pop())


def test_a_reserved_article_shows_nobody_more_than_its_title(web: Any) -> None:
    number = web.archive.id("associations-investisseurs-412.html")
    with web.archive.store.members._database.write() as connection:
        connection.exec_driver_sql(f"UPDATE article SET reserved = 1 WHERE id = {number}")
    words = secret_of(web, number)
    sources = tuple(replace(each, rights=Rights(full_text="public")) for each in web.archive.ports.sources)
    settings = replace(web.archive.ports.settings, public_url="")
    with serving(replace(web.archive.ports, settings=settings, sources=sources)) as port:
        for role in EVERYBODY:
            browser = Browser(port, web.as_(role).cookies)
            page = browser.get(f"/article/{number}")
            assert words not in page.main and not page.tree.xpath("//a[contains(@href, '.warc')]"), role
            assert browser.get(f"/article/{number}/page-d-origine.warc").status == 403


def test_the_raw_page_is_a_warc_file_to_keep_never_to_open_here(web: Any) -> None:
    number = web.archive.id("investisseurs-associations")
    editor = web.as_("editor")
    answer = editor.get(f"/article/{number}/page-d-origine.warc")
    assert answer.headers["content-type"] == "application/warc"
    assert answer.headers["content-disposition"] == f'attachment; filename="article-{number}.warc"'
    assert answer.headers["cache-control"] == "no-store" and answer.headers["x-content-type-options"] == "nosniff"
    assert answer.body.startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")
    assert answer.body.endswith(b"\r\n\r\npage\r\n\r\n")
    for wrong in ("0", "x", "999", "1e3", "99999999999999999999"):
        assert editor.get(f"/article/{wrong}/page-d-origine.warc").status == 404


# ---------------------------------------------------------------- taken down


def test_what_was_taken_down_says_so_to_everybody(web: Any) -> None:
    number = web.archive.id("associations-investisseurs-412.html")
    store, now = web.archive.store, web.archive.ports.clock.now()
    assert store.removals.forget(number, "motif gardé pour nous", now + timedelta(hours=1), "command")
    for role in ("visitor", "maintainer"):
        answer = web.as_(role).get(f"/article/{number}")
        assert answer.status == 410 and "Retiré à la demande" in answer.main
        assert "motif gardé pour nous" not in answer.text
    for path in (f"/article/{number}/citation.bib", f"/api/article/{number}"):
        assert web.browser().get(path).status == 410, path
    assert web.browser().get("/article/999").status == 404
    assert f"/article/{number}" not in web.browser().get("/recherche?q=source:courrier-du-bocage").text


def test_the_page_asked_for_is_where_a_visitor_lands_once_signed_in(web: Any) -> None:
    browser = web.browser()
    sent_away = browser.get("/proposer?url=https%3A%2F%2Fx.fr%2Fa").headers["location"]
    form = browser.get(sent_away).tree
    suite = form.xpath("//input[@name='suite']/@value")[0]
    entered = browser.sign_in("member@asso.example", web.post, suite)
    assert urlsplit(entered.headers["location"]).path == "/proposer"
    assert browser.get(entered.headers["location"]).tree.xpath("//input[@name='url']/@value") == ["https://x.fr/a"]
