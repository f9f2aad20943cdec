"""Whoever signs in keeps articles to read, with notes that nobody else sees, over real HTTP."""

from __future__ import annotations

import csv
import io
from typing import Any, get_args

from core.members import Role, Wording

ARTICLE = "/appel-logement"
HOSTILE = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"


def test_an_article_is_kept_annotated_and_taken_out(web: Any) -> None:
    number, browser = web.archive.id(ARTICLE), web.as_("reader")
    assert "Votre liste est vide" in browser.get("/moi/lectures").main
    token = {"jeton": browser.token()}
    form = browser.get(f"/article/{number}").tree.xpath("//form[.//button[text()='Garder']]")[0]
    kept = browser.post(form.get("action"), dict(form.form_values()))
    assert (kept.status, kept.headers["location"]) == (303, f"/article/{number}")
    noted = browser.post(f"/moi/lectures/{number}/note", token | {"note": "pour la réunion\nde mardi"})
    assert (noted.status, noted.headers["location"]) == (303, f"/moi/lectures#article-{number}")
    assert browser.post(form.get("action"), dict(form.form_values())).status == 303, "kept again, its note stays"
    page = browser.get("/moi/lectures")
    assert page.tree.xpath("string(//p[@class='note'])") == "pour la réunion\nde mardi"
    assert page.tree.xpath("//li//h2/a/@href") == [f"/article/{number}"] and "Ministère du Lien social" in page.main
    assert "Mes lectures : 1 article" in browser.get("/moi").main
    article = browser.get(f"/article/{number}")
    form = article.tree.xpath("//form[.//button[text()='Retirer de mes lectures']]")[0]
    left = browser.post(form.get("action"), dict(form.form_values()))
    assert (left.status, left.headers["location"]) == (303, f"/article/{number}")
    assert browser.post(f"/moi/lectures/{number}/retrait", token).headers["location"] == "/moi/lectures"
    assert "Votre liste est vide" in browser.get("/moi/lectures").main
    assert browser.post(f"/moi/lectures/{number}/note", token | {"note": "trop tard"}).status == 404


def test_a_list_is_its_member_s_alone(web: Any) -> None:
    number, secret = web.archive.id(ARTICLE), "note de la rédaction"
    editor = web.as_("editor")
    token = {"jeton": editor.token()}
    assert editor.post(f"/article/{number}/garder", token).status == 303
    assert editor.post(f"/moi/lectures/{number}/note", token | {"note": secret}).status == 303
    for role in get_args(Role):
        browser = web.as_(role)
        answer = browser.get("/moi/lectures")
        assert answer.status == (303 if role == "visitor" else 200)
        assert answer.headers["cache-control"] == "no-store"
        assert (secret in answer.text) == (role == "editor"), role
        for path in (f"/article/{number}", f"/api/article/{number}", "/recherche.csv", "/flux.atom"):
            assert secret not in browser.get(path).text, (role, path)
        assert bool(browser.get(f"/article/{number}").tree.xpath("//button[text()='Garder']")) == (
            role not in ("visitor", "editor")
        )
        if role not in ("visitor", "editor"):
            own = {"jeton": browser.token()}
            assert browser.post(f"/moi/lectures/{number}/note", own | {"note": "volée"}).status == 404
            assert browser.post(f"/moi/lectures/{number}/retrait", own).status == 303
    assert secret in editor.get("/moi/lectures").text
    changes = web.archive.store.audit.latest(50)
    assert secret not in repr(changes) and not [each for each in changes if "read" in each.what], "it is private"


def test_a_list_is_changed_by_its_own_forms_alone(web: Any) -> None:
    number, browser = web.archive.id(ARTICLE), web.as_("member")
    token, other = {"jeton": browser.token()}, {"jeton": web.as_("editor").token()}
    paths = (f"/article/{number}/garder", f"/moi/lectures/{number}/note", f"/moi/lectures/{number}/retrait")
    for path in paths:
        assert browser.post(path, token, Origin="https://ailleurs.example").status == 403
        assert browser.post(path, {}).status == 403 and browser.post(path, other).status == 403
        assert web.browser().post(path, token).headers["location"] == "/connexion"
        assert browser.get(path).status == 405
        assert browser.post(path, token | {"note": "x" * 17_000}).status == 413
    assert "Votre liste est vide" in browser.get("/moi/lectures").main
    for wrong in ("0", "x", "9" * 30, "999999"):
        assert browser.post(f"/article/{wrong}/garder", token).status == 404
        assert browser.post(f"/moi/lectures/{wrong}/note", token).status == 404


def test_a_note_is_text_whatever_it_holds_and_one_too_long_is_given_back(web: Any) -> None:
    number, browser = web.archive.id(ARTICLE), web.as_("member")
    token = {"jeton": browser.token()}
    assert browser.post(f"/article/{number}/garder", token).status == 303
    assert browser.post(f"/moi/lectures/{number}/note", token | {"note": HOSTILE}).status == 303
    long = HOSTILE + "x" * 500
    refused = browser.post(f"/moi/lectures/{number}/note", token | {"note": long})
    assert refused.status == 400 and "trop longue" in refused.main
    for page, typed in ((browser.get("/moi/lectures"), HOSTILE), (refused, long)):
        assert page.tree.xpath("//script | //img | //@*[starts-with(name(), 'on')]") == []
        assert page.tree.xpath("string(//textarea)").strip() == typed
        assert page.tree.xpath("string(//p[@class='note'])") == HOSTILE


def test_a_list_leaves_with_its_member_and_an_article_with_its_removal(web: Any) -> None:
    store, now = web.archive.store, web.archive.ports.clock.now()
    number, other = web.archive.id(ARTICLE), web.archive.id("bilan-2025")
    member, stays = (next(m for m in store.members.members() if m.role == role) for role in ("member", "editor"))
    for each in (member, stays):
        for article in (number, other):
            assert store.readings.keep(each.id, article, now)
        assert store.readings.annotate(each.id, number, Wording(f"note de {each.id}"), now)
    store.members.remove("member@asso.example", now, "command")
    assert store.readings.of(member.id) == []
    assert store.removals.forget(number, "demande", now, "command")
    assert [each.article_id for each in store.readings.of(stays.id)] == [other]
    assert f"/article/{number}" not in web.as_("editor").get("/moi/lectures").text


def note(browser: Any, number: int, **values: str) -> Any:
    token = {"jeton": browser.token()}
    assert browser.post(f"/article/{number}/garder", token).status == 303
    return browser.post(f"/moi/lectures/{number}/note", token | values)


def test_a_shared_note_is_read_by_members_under_its_author_s_name_and_by_nobody_else(web: Any) -> None:
    number, secret = web.archive.id(ARTICLE), "à citer dans la lettre"
    author = web.as_("member")
    assert note(author, number, note=secret, mots="Logement, réunion ; logement").status == 303
    assert secret not in web.as_("editor").get(f"/article/{number}").text, "nothing is shared unasked"
    assert note(author, number, note=secret, mots="Logement, réunion", partager="1").status == 303
    for role in get_args(Role):
        browser = web.as_(role)
        group = browser.get("/moi/lectures?de=groupe")
        told = role in ("member", "editor", "maintainer")
        assert (secret in group.text) == told, role
        article = browser.get(f"/article/{number}")
        assert (secret in article.text) == told and ("Essai member" in article.main) == told
        for path in (f"/api/article/{number}", "/recherche.csv", "/flux.atom", f"/article/{number}/citation.bib"):
            assert secret not in browser.get(path).text, (role, path)
        assert (secret in browser.get("/moi/lectures.csv?de=groupe").text) == told, role
    words = article.tree.xpath("//section[@aria-labelledby='notes-groupe']//a/@href")
    assert words == ["/moi/lectures?de=groupe&mot=Logement", "/moi/lectures?de=groupe&mot=r%C3%A9union"]
    assert note(web.as_("reader"), number, note="x", partager="1").status == 403, "the group is its members"
    assert note(author, number, note=secret).status == 303
    assert secret not in web.as_("editor").get(f"/article/{number}").text
    lines = [(c.who, c.before, c.after) for c in web.archive.store.audit.latest(100) if c.what == "reading.share"]
    assert [(before["shared"], after["shared"]) for _, before, after in lines] == [(True, False), (False, True)]
    assert secret not in repr(lines)


def test_keywords_filter_the_list_whatever_their_case_and_accents(web: Any) -> None:
    first, second, browser = web.archive.id(ARTICLE), web.archive.id("bilan-2025"), web.as_("member")
    assert note(browser, first, mots="Réunion, logement").status == 303
    assert note(browser, second, mots="logement").status == 303
    page = browser.get("/moi/lectures")
    assert page.tree.xpath("//ul[@class='chips']//a/text()") == ["logement", "Réunion"], "the most used first"
    links = page.tree.xpath("//ul[@class='chips']//a/@href")
    assert browser.get(links[1]).tree.xpath("//li//h2/a/@href") == [f"/article/{first}"]
    assert len(browser.get("/moi/lectures?mot=LOGEMENT").tree.xpath("//li//h2")) == 2
    assert "Aucun article n’a ce mot-clé" in browser.get("/moi/lectures?mot=autre").main
    for wrong, said in ((",".join(map(str, range(11))), "10 mots-clés"), ("x" * 41, "trop long")):
        refused = note(browser, first, note="gardée", mots=wrong)
        assert refused.status == 400 and said in refused.main
        assert refused.tree.xpath(f"string(//input[@id='mots-{first}']/@value)") == ", ".join(wrong.split(","))
    assert note(browser, first, mots=HOSTILE[:40]).status == 303
    assert browser.get("/moi/lectures").tree.xpath("//script | //img | //@*[starts-with(name(), 'on')]") == []


def test_a_list_is_taken_home_with_its_notes_and_within_the_rights_of_its_sources(web: Any) -> None:
    number, closed = web.archive.id(ARTICLE), web.archive.id("associations-investisseurs-412.html")
    browser = web.as_("member")
    assert note(browser, number, note="=à citer\nmardi", mots="logement").status == 303
    assert note(browser, closed).status == 303
    links = browser.get("/moi/lectures").tree.xpath("//span[@class='follow']/a/@href")
    assert [link.partition(".")[2] for link in links] == ["csv", "bib", "ris", "csl.json"]
    files = {link: browser.get(link) for link in links}
    for answer in files.values():
        assert answer.status == 200 and answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(files["/moi/lectures.csv"].body.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Note"], row["Mots-clés"], row["Partagée"]) for row in rows[:2]] == [
        ("", "", "non"), ("'=à citer\nmardi", "logement", "non")
    ]  # fmt: skip
    assert all(len(row["Extrait"]) <= 200 for row in rows[:2])
    assert "annotation = {=à citer mardi}" in files["/moi/lectures.bib"].text
    assert "logement" in files["/moi/lectures.bib"].text and "KW  - logement" in files["/moi/lectures.ris"].text
    assert len(browser.get("/moi/lectures.csv?mot=logement").text.split("courrier-du-bocage")) == 1
    assert web.browser().get("/moi/lectures.csv").status == 303
