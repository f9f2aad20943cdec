"""Members save searches, read what an alert would bring before they make one, and stop it by its link; real HTTP."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import quote

import pytest

from core.members import Role

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}'
LIST = "/moi/recherches"


def typed(page: Any, **values: str) -> dict[str, str]:
    """What the form of a page would send, with these fields changed."""
    form = page.tree.xpath("//form[.//input[@name='nom']]")[0]
    return {**dict(form.form_values()), **values}


def save(browser: Any, query: str, **values: str) -> Any:
    page = browser.get(f"{LIST}/nouvelle?q={quote(query)}")
    return browser.post(LIST, typed(page, **values))


def own(web: Any, role: str = "member") -> list[Any]:
    member = next(each for each in web.archive.store.members.members() if each.role == role)
    return list(web.archive.store.searches.of(member.id))


def test_a_search_is_saved_with_its_alert_listed_changed_and_deleted(web: Any) -> None:
    browser = web.as_("member")
    assert "Vous n’en gardez aucune" in browser.get(LIST).main
    link = browser.get("/recherche?q=logement+tag%3Acis&tri=date&page=1").tree.xpath("//a[@class='save']/@href")
    assert link == [f"{LIST}/nouvelle?q=logement+tag%3Acis&tri=date"]
    form = browser.get(link[0])
    assert form.tree.xpath("string(//input[@name='nom']/@value)") == "logement tag:cis"
    kept = browser.post(LIST, typed(form, nom="Le logement", alerte="daily"))
    (saved,) = own(web)
    assert (kept.status, kept.headers["location"]) == (303, f"{LIST}#recherche-{saved.id}")
    assert (saved.wish.name, saved.wish.query, saved.wish.frequency) == ("Le logement", "logement tag:cis", "daily")
    page = browser.get(LIST)
    assert "alerte chaque jour · depuis le 23 novembre 2026" in page.main.replace("\u00a0", " ")
    assert page.tree.xpath("//li//h2/a/@href") == ["/recherche?q=logement+tag%3Acis"]
    links = page.tree.xpath("//span[@class='follow']/a/@href")
    assert [link.partition("?")[0] for link in links] == ["/recherche.csv", "/flux.atom", "/flux.rss"]
    assert all(browser.get(link).status == 200 for link in links)
    changing = browser.get(f"{LIST}/{saved.id}")
    assert "q" not in typed(changing), "another query is another search"
    assert browser.post(f"{LIST}/{saved.id}", typed(changing, nom="Toits", alerte="weekly")).status == 303
    assert [(each.wish.name, each.wish.frequency) for each in own(web)] == [("Toits", "weekly")]
    assert "Mes recherches : 1" in browser.get("/moi").main
    gone = browser.get(LIST).tree.xpath("//form[.//button[starts-with(., 'Supprimer')]]")[0]
    for _ in range(2):
        assert browser.post(gone.get("action"), dict(gone.form_values())).headers["location"] == LIST
    assert own(web) == [] and browser.get(f"{LIST}/{saved.id}").status == 404


def test_the_form_tells_what_the_search_found_lately_before_anything_is_saved(web: Any) -> None:
    browser = web.as_("member")
    page = browser.get(f"{LIST}/nouvelle?q=impact")
    told = page.tree.xpath("string(//section[@aria-labelledby='volume']/p)").replace("\u00a0", " ")
    titles = page.tree.xpath("//section[@aria-labelledby='volume']//li/a")
    assert "nouveaux articles depuis le début de la veille, il y a 6 semaines, soit " in told
    assert 1 <= len(titles) <= 3
    never = browser.get(f"{LIST}/nouvelle?q=girafe")
    assert "n’a encore jamais rien trouvé" in never.main
    assert save(browser, "girafe", alerte="daily").status == 303, "one may wait for what was never told"
    assert own(web)[0].wish.query == "girafe"


def test_mistakes_of_a_query_are_explained_when_it_is_saved_and_in_the_list(web: Any) -> None:
    browser = web.as_("member")
    form = browser.get(f"{LIST}/nouvelle?q={quote('source:inconnue (logement apres:hier')}").main
    assert "n'est jamais refermée" in form and "« apres:hier » n'est pas compris" in form.replace("\u00a0", " ")
    assert "aucune source de ce nom" in form
    assert save(browser, "(logement apres:hier").status == 303
    assert "n'est jamais refermée" in browser.get(LIST).main


@pytest.mark.parametrize("query", ["", "apres:2026", "-marché", "mois:2026-11"])
def test_a_search_that_asks_for_nothing_makes_no_alert_and_may_be_kept_without(web: Any, query: str) -> None:
    browser = web.as_("member")
    page = browser.get(f"{LIST}/nouvelle?q={quote(query)}")
    assert "ni mot ni filtre" in page.main
    assert page.tree.xpath("//input[@name='alerte'][@disabled]/@value") == ["daily", "weekly"]
    refused = browser.post(LIST, typed(page, alerte="weekly"))
    assert refused.status == 400 and "ni mot ni filtre" in refused.main and own(web) == []
    assert browser.post(LIST, typed(page)).status == 303
    (saved,) = own(web)
    again = browser.post(f"{LIST}/{saved.id}", typed(page, alerte="daily"))
    assert again.status == 400 and own(web)[0].alert_since is None


def test_a_search_that_finds_too_much_is_refused_with_narrower_ones_that_are_not(
    web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.saved.MOST_A_WEEK", 0.4)
    browser = web.as_("member")
    page = browser.get(f"{LIST}/nouvelle?q=impact")
    assert "en enverrait trop pour être lue" in page.main
    proposed = page.tree.xpath("//div[@class='notice']//li/a/@href")
    assert 1 <= len(proposed) <= 4
    assert browser.post(LIST, typed(page, alerte="daily")).status == 400
    for link in proposed:
        nearer = browser.get(link)
        assert "trop pour être lue" not in nearer.main
        assert browser.post(LIST, typed(nearer, alerte="daily")).status == 303


def test_searches_are_their_member_s_alone_and_changed_by_its_own_forms(web: Any) -> None:
    editor = web.as_("editor")
    assert save(editor, "logement", nom="secret de la rédaction").status == 303
    (kept,) = own(web, "editor")
    for role in get_args(Role):
        browser = web.as_(role)
        answer = browser.get(LIST)
        assert answer.status == (303 if role == "visitor" else 200) and answer.headers["cache-control"] == "no-store"
        assert ("secret de la rédaction" in answer.text) == (role == "editor"), role
        linked = browser.get("/recherche?q=logement").tree.xpath("//a[@class='save']")
        assert bool(linked) == (role != "visitor"), role
        if role not in ("visitor", "editor"):
            token = {"jeton": browser.token(), "nom": "volée"}
            assert browser.get(f"{LIST}/{kept.id}").status == 404
            assert browser.post(f"{LIST}/{kept.id}", token).status == 404
            assert browser.post(f"{LIST}/{kept.id}/retrait", token).status == 303
    assert [each.wish.name for each in own(web, "editor")] == ["secret de la rédaction"]
    form = {"jeton": editor.token(), "nom": "x", "q": "y"}
    other = web.as_("member").token()
    for path in (LIST, f"{LIST}/{kept.id}", f"{LIST}/{kept.id}/retrait"):
        assert editor.post(path, form, Origin="https://ailleurs.example").status == 403
        assert editor.post(path, form | {"jeton": ""}).status == 403
        assert editor.post(path, form | {"jeton": other}).status == 403
        assert web.browser().post(path, form).headers["location"] == "/connexion"
        assert editor.post(path, form | {"nom": "x" * 17_000}).status == 413
    for wrong in ("0", "x", "9" * 30, "999999"):
        assert editor.get(f"{LIST}/{wrong}").status == 404
        assert editor.post(f"{LIST}/{wrong}", form).status == 404
    assert editor.post(LIST, form | {"alerte": "hourly"}).status == 400
    assert len(own(web, "editor")) == 1


def test_a_name_and_a_query_are_text_whatever_they_hold(web: Any) -> None:
    browser = web.as_("member")
    assert save(browser, HOSTILE, nom=HOSTILE).status == 303
    refused = save(browser, HOSTILE, nom=HOSTILE + "x" * 80)
    assert refused.status == 400 and "80 caractères" in refused.main
    for page in (browser.get(LIST), refused, browser.get(f"{LIST}/{own(web)[0].id}")):
        assert page.tree.xpath("//script | //img | //@*[starts-with(name(), 'on')]") == []
        assert HOSTILE in page.tree.xpath("//code")[0].text_content()


def test_the_link_of_an_alert_shows_a_button_and_one_click_stops_that_alert_alone(web: Any) -> None:
    browser, stranger = web.as_("member"), web.browser()
    for name in ("une", "deux"):
        assert save(browser, "logement", nom=name, alerte="daily").status == 303
    second, first = own(web)
    path = f"/alertes/{first.token}"
    for _ in range(20):
        shown = stranger.get(path)
        assert shown.status == 200 and shown.headers["cache-control"] == "no-store"
    assert all(each.alert_since for each in own(web)), "a scanner opens every link"
    body = "List-Unsubscribe=One-Click"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for token in (first.token, first.token, "inconnu-" * 3, "x"):
        done = stranger.ask("POST", f"/alertes/{token}", body, kind)
        assert done.status == 200 and "C’est fait" in done.main and "set-cookie" not in done.headers
    assert [(each.wish.name, each.wish.frequency) for each in own(web)] == [("deux", "daily"), ("une", "none")]
    assert second.token not in browser.get(LIST).text
