"""Editors correct from the site: their form, the queue of doubts and its second key, over real HTTP."""

from __future__ import annotations

import sqlite3
from typing import Any, get_args

import pytest
from browsing import Answer, Browser

from core.corrections import Correction
from core.members import Role
from core.saying import by_member

EVERYBODY: tuple[Role, ...] = get_args(Role)
ARTICLE = "/appel-logement"
HOSTILE = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"


def fields(page: Answer) -> dict[str, str]:
    """The form of an opinion as a browser would send it, nothing touched."""
    form = page.tree.xpath("//form[@class='opinion']")[0]
    return dict(form.form_values())


def speak(browser: Browser, number: int, opinion: str, **more: str) -> Answer:
    sent = fields(browser.get(f"/article/{number}")) | {"avis": opinion} | more
    return browser.post(f"/article/{number}/avis", sent)


def state(web: Any, number: int) -> tuple[list[str], list[str]]:
    """Who said something, and the labels that follow."""
    judged = web.archive.store.corrections.judged(number)
    return [each.by for each in judged.opinions], [tag.label for tag in judged.article.tags]


def second_editor(web: Any) -> Browser:
    browser = web.browser()
    # Of the same name as the first: two members are two keys whatever they are called.
    web.archive.store.members.add("autre@asso.example", "Essai editor", "editor", web.archive.ports.clock.now(), "x")
    browser.sign_in("autre@asso.example", web.post)
    return browser


def everything(web: Any) -> list[str]:
    """The whole database but the dates of sessions."""
    connection = sqlite3.connect(web.post.folder.parent / "veille.db")
    lines = [line for line in connection.iterdump() if 'INSERT INTO "session"' not in line]
    connection.close()
    return lines


def test_each_role_finds_the_doors_it_may_open_and_no_other_name(web: Any) -> None:
    number = web.archive.id(ARTICLE)
    assert speak(web.as_("maintainer"), number, "doute", motif="motif de la maintenance").status == 303
    judged = web.archive.store.corrections.judged(number)
    for role in EVERYBODY:
        browser, edits = web.as_(role), role in ("editor", "maintainer")
        page, queue = browser.get(f"/article/{number}"), browser.get("/corrections")
        for told in ("Essai maintainer</strong>", "motif de la maintenance"):
            assert (told in page.text) == edits, (role, told)
        assert bool(page.tree.xpath("//form[@class='opinion']")) == edits, role
        assert bool(page.tree.xpath("//header//a[@href='/corrections']")) == edits, role
        assert "En discussion" in page.main, "everybody is told this much"
        assert queue.status == (303 if role == "visitor" else 200 if edits else 403), role
        assert ("motif de la maintenance" in queue.text) == edits, role
        found = browser.get("/recherche?q=logement").text
        assert ("<strong>en discussion</strong>" in found) == edits, role
        if not edits:
            token = {} if role == "visitor" else {"jeton": browser.token()}
            sent = {"avis": "hors-sujet", "texte": judged.text_hash} | token
            refused = browser.post(f"/article/{number}/avis", sent)
            assert refused.status == (303 if role == "visitor" else 403), role
            assert role != "visitor" or refused.headers["location"] == "/connexion"
    assert state(web, number)[0] == [judged.opinions[0].by], "nobody else was heard"


def test_an_editor_s_word_wins_is_signed_by_a_number_and_leaves_a_line(web: Any) -> None:
    number, editor = web.archive.id(ARTICLE), web.as_("editor")
    said = speak(editor, number, "hors-sujet", motif="une caserne")
    assert (said.status, said.headers["location"]) == (303, f"/article/{number}#avis")
    member = next(m for m in web.archive.store.members.members() if m.role == "editor")
    assert state(web, number) == ([by_member(member.id)], [])
    page = editor.get(f"/article/{number}")
    assert "Essai editor, le 23 novembre 2026 : hors sujet. « une caserne »" in page.main.replace("\u00a0", " ")
    line = web.archive.store.audit.latest(1)[0]
    assert (line.who, line.what) == (by_member(member.id), "correction.add")
    assert (line.before["tags"], line.after["tags"], line.after["opinion"]) == (["cis", "iis"], [], "hors-sujet")
    assert "Essai" not in repr(line) and "caserne" not in repr(line)
    web.archive.store.members.remove("editor@asso.example", web.archive.ports.clock.now(), "command")
    left = web.as_("maintainer").get(f"/article/{number}").main.replace("\u00a0", " ")
    assert f"membre n° {member.id}, le 23" in left and "Essai editor" not in left


def test_two_members_close_a_doubt_and_one_twice_does_not(web: Any) -> None:
    number, first, second = web.archive.id(ARTICLE), web.as_("editor"), second_editor(web)
    assert speak(first, number, "doute").status == 303
    assert speak(first, number, "hors-sujet").status == 303
    assert speak(web.as_("editor"), number, "hors-sujet").status == 303, "the same member on another device"
    assert state(web, number)[1] == ["cis", "iis"] and "En discussion" in first.get(f"/article/{number}").main
    assert "il faut l’avis d’une autre personne" in first.get("/corrections").main
    queue = second.get("/corrections")
    assert "il faut l’avis d’une autre personne" not in queue.main
    assert "impact social" in queue.tree.xpath("string(//blockquote)"), "the passage that matched"
    closed = second.post(f"/article/{number}/avis", fields(queue) | {"avis": "hors-sujet"})
    assert (closed.status, closed.headers["location"]) == (303, "/corrections")
    assert state(web, number)[1] == []
    after = second.get("/corrections").main
    assert "Rien n’est en discussion." in after and "jugé hors sujet" in after
    assert len(web.archive.store.audit.latest(50)) >= 4


def test_labels_and_place_are_those_that_were_ticked(web: Any) -> None:
    number, editor = web.archive.id(ARTICLE), web.as_("editor")
    form = fields(editor.get(f"/article/{number}"))
    ticked = {name for name in form if name.startswith("etiquette-")}
    assert (ticked, form["poids"]) == ({"etiquette-cis", "etiquette-iis"}, "regles"), "those that it bears"
    del form["etiquette-cis"]
    sent = form | {"avis": "pertinent", "etiquette-iis": "1", "etiquette-marchandisation": "1", "poids": "passage"}
    assert editor.post(f"/article/{number}/avis", sent | {"etiquette-inconnue": "1"}).status == 303
    tags = web.archive.store.corrections.judged(number).article.tags
    assert {(tag.topic, tag.label, tag.central) for tag in tags} == {
        ("impact-social", "iis", False), ("impact-social", "marchandisation", False),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"avis": ""}, "Choisissez un avis"),
        ({"avis": "peut-être"}, "Choisissez un avis"),
        ({"texte": "0" * 64}, "Le texte de l’article a changé"),
        ({"etiquette-cis": None, "etiquette-iis": None}, "Cochez au moins une étiquette"),
    ],
)
def test_what_makes_no_opinion_is_explained_and_what_was_typed_is_kept(web: Any, change: Any, said: str) -> None:
    number, editor = web.archive.id(ARTICLE), web.as_("editor")
    whole = fields(editor.get(f"/article/{number}")) | {"avis": "pertinent", "motif": HOSTILE} | change
    sent = {name: value for name, value in whole.items() if value is not None}
    answer = editor.post(f"/article/{number}/avis", sent)
    assert answer.status == 400 and said in answer.main
    assert answer.tree.xpath("//input[@name='motif']/@value") == [HOSTILE]
    assert answer.tree.xpath("//script | //img") == [] and state(web, number)[0] == []
    repaired = fields(answer) | {"avis": "hors-sujet"}
    assert editor.post(f"/article/{number}/avis", repaired).status == 303, "the page can be sent again"


def test_a_form_of_another_site_or_without_its_token_changes_nothing(web: Any) -> None:
    number, editor = web.archive.id(ARTICLE), web.as_("editor")
    path, form = f"/article/{number}/avis", fields(editor.get(f"/article/{number}")) | {"avis": "hors-sujet"}
    foreign = web.as_("maintainer").token()
    for refused in (
        editor.post(path, form, Origin="https://ailleurs.example"),
        editor.post(path, form, Origin=""),
        editor.post(path, form, Sec_Fetch_Site="cross-site"),
        editor.post(path, {name: value for name, value in form.items() if name != "jeton"}),
        editor.post(path, form | {"jeton": foreign}),
    ):
        assert refused.status == 403
    assert editor.post(path, form | {"motif": "x" * 17_000}).status == 413
    assert editor.get(path).status == 405 and editor.post("/article/999999/avis", form).status == 404
    assert state(web, number)[0] == []
    assert editor.post(path, form | {"motif": "é" * 700}).status == 303
    assert len(web.archive.store.corrections.judged(number).opinions[0].reason) <= 500


def test_a_reason_is_text_whatever_it_holds_and_stays_among_editors(web: Any) -> None:
    number, editor = web.archive.id(ARTICLE), web.as_("editor")
    assert speak(editor, number, "doute", motif=HOSTILE).status == 303
    for path in (f"/article/{number}", "/corrections"):
        page = editor.get(path)
        assert "{{ 7*7 }}" in page.main and page.headers["cache-control"] == "no-store"
        assert page.tree.xpath("//script | //img | //@*[starts-with(name(), 'on')]") == []
    leaving = (f"/api/article/{number}", f"/article/{number}/citation.ris", "/flux.atom", "/recherche.json")
    for browser, paths in ((web.browser(), (f"/article/{number}", *leaving)), (editor, leaving)):
        for path in paths:
            answer = browser.get(path)
            assert answer.status == 200 and "alert" not in answer.text, path
    assert web.browser().get("/corrections").headers["cache-control"] == "no-store"


def test_a_thousand_readings_change_nothing(web: Any) -> None:
    number, editor, visitor = web.archive.id(ARTICLE), web.as_("editor"), web.browser()
    assert speak(editor, number, "doute").status == 303
    before = everything(web)
    for turn in range(100):
        for path in (f"/article/{number}?avis=hors-sujet", f"/corrections?n={turn}", f"/article/{number}/avis"):
            editor.get(path)
            visitor.get(path)
        for path in ("/moi", "/recherche?q=contrat", "/api/recherche?q=contrat", "/flux.atom"):
            editor.get(path)
    assert everything(web) == before


def test_the_queue_gives_first_what_awaits_the_reader_s_own_word(web: Any) -> None:
    store, now = web.archive.store, web.archive.ports.clock.now()
    editor = web.as_("editor")
    mine, other = web.archive.id(ARTICLE), web.archive.id("bilan-2025")
    assert speak(editor, mine, "doute").status == 303
    judged = store.corrections.judged(other)
    store.corrections.record([Correction(other, judged.text_hash, "impact-social", "doute", "Bertille", now)])
    titles = editor.get("/corrections").tree.xpath("//section[1]//h3/a/@href")
    assert titles == [f"/article/{other}", f"/article/{mine}"]
    assert "2 articles en discussion" in editor.get("/moi").main
    assert "Bertille" in editor.get("/corrections").main, "a name typed in the command is still a name"
