"""Editors prepare the next edition over real HTTP: what they do is what its mail says, and leaves a line each."""

from __future__ import annotations

from typing import Any

from browsing import Answer, Browser

from core.saying import by_member

HOSTILE = "</textarea><script>alert(1)</script>{{ 7*7 }}\u202e"


def titles(page: Answer) -> list[str]:
    return [each.text_content() for each in page.tree.xpath("//li[contains(@id,'article-')]//h3")]


def act(browser: Browser, gesture: str, title: str) -> Answer:
    """Press a button of the story of that title, as the page offers it."""
    page = browser.get("/preparation")
    (form,) = page.tree.xpath("//li[.//h3[contains(., $title)]]//form", title=title)
    assert form.xpath(f".//button[@value='{gesture}']"), f"« {gesture} » is not offered"
    return browser.post("/preparation", dict(form.form_values()) | {"geste": gesture})


def mail(browser: Browser) -> str:
    return browser.get("/preparation/apercu.txt").text.replace("\xa0", " ")


def test_each_role_finds_the_door_or_is_refused_and_changes_nothing(web: Any) -> None:
    for role in ("visitor", "reader", "member", "editor", "maintainer"):
        browser, edits = web.as_(role), role in ("editor", "maintainer")
        for path in ("/preparation", "/preparation/apercu.html", "/preparation/apercu.txt"):
            assert browser.get(path).status == (303 if role == "visitor" else 200 if edits else 403), (role, path)
        assert bool(browser.get("/editions").tree.xpath("//a[@href='/preparation']")) == edits
        if not edits:
            token = {} if role == "visitor" else {"jeton": browser.token()}
            for path in ("/preparation", "/preparation/introduction"):
                sent = {"edition": "2026-W49", "introduction": "x", "revision": "0"} | token
                assert browser.post(path, sent).status == (303 if role == "visitor" else 403)
    assert web.archive.store.drafts.open("weekly") is None


def test_pinning_moving_and_dropping_change_the_mail_and_are_undone(web: Any) -> None:
    editor = web.as_("editor")
    before = titles(editor.get("/preparation"))
    assert len(before) >= 4
    first, last = before[0], before[-1]
    assert act(editor, "epingler", last).status == 303
    assert titles(editor.get("/preparation"))[0] == last and "À LA UNE" in mail(editor)
    assert act(editor, "retirer", first).headers["location"] == "/preparation#retires"
    page = editor.get("/preparation")
    assert titles(page)[-1] == first and page.tree.xpath("//h2[@id='retires']")
    text = " ".join(mail(editor).split())
    assert " ".join(first.replace("\xa0", " ").split()) not in text and "La rédaction a revu cet ordre." in text
    assert act(editor, "remettre", first).status == 303
    assert act(editor, "desepingler", last).status == 303
    assert titles(editor.get("/preparation")) == before


def test_a_story_moves_one_place_in_its_part(web: Any) -> None:
    editor = web.as_("editor")
    page = editor.get("/preparation")
    part = next(each for each in page.tree.xpath("//section[ol]") if len(each.xpath(".//h3")) > 1)
    one, two = (each.text_content() for each in part.xpath(".//h3")[:2])
    act(editor, "monter", two)
    moved = titles(editor.get("/preparation"))
    assert moved.index(two) == moved.index(one) - 1
    act(editor, "descendre", two)
    assert titles(editor.get("/preparation")) == titles(page)


def write(browser: Browser, text: str, page: Answer | None = None) -> Answer:
    form = (page or browser.get("/preparation")).tree.xpath("//form[.//textarea]")[0]
    return browser.post("/preparation/introduction", dict(form.form_values()) | {"introduction": text})


def test_an_introduction_is_plain_text_in_the_page_and_in_the_mail(web: Any) -> None:
    editor = web.as_("editor")
    assert write(editor, f"Bonjour,\r\nceci compte.\r\n\r\n{HOSTILE}").status == 303
    page = editor.get("/preparation")
    assert not page.tree.xpath("//main//script") and "7*7" in page.main
    assert "Bonjour, ceci compte.\n\n</textarea><script>" in mail(editor).replace("\r\n", "\n")
    html = editor.get("/preparation/apercu.html")
    assert not html.tree.xpath("//script") and "Bonjour, ceci compte." in html.text
    assert "default-src 'none'" in html.headers["Content-Security-Policy"]
    too_long = write(editor, "a" * 1_600)
    assert too_long.status == 400 and "1500 au plus" in too_long.main and "a" * 1_600 in too_long.main
    member = next(m for m in web.archive.store.members.members() if m.role == "editor")
    (line,) = web.archive.store.audit.latest(1)
    assert (line.who, line.what, line.before) == (by_member(member.id), "edition.draft", None)
    assert "Bonjour" not in repr(line)


def test_two_editors_who_write_at_once_lose_nothing(web: Any) -> None:
    one, two = web.as_("editor"), web.as_("maintainer")
    seen = two.get("/preparation")
    write(one, "Le mot de l’une.")
    refused = write(two, "Le mot de l’autre.", seen)
    assert refused.status == 400 and "Le mot de l’autre." in refused.main
    assert web.archive.store.drafts.open("weekly").introduction == "Le mot de l’une."


def test_a_form_for_an_edition_that_has_left_is_refused(web: Any) -> None:
    editor = web.as_("editor")
    form = editor.get("/preparation").tree.xpath("//li//form")[0]
    sent = dict(form.form_values()) | {"geste": "retirer", "edition": "2026-W48"}
    answer = editor.post("/preparation", sent)
    assert answer.status == 400 and "partie entre-temps" in answer.main
    assert web.archive.store.drafts.open("weekly") is None
