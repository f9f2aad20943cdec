"""« Hors sujet ? »: opening the link changes nothing, the button tells the editors, who alone decide."""

from __future__ import annotations

from typing import Any

import pytest

ARTICLE = "/appel-logement"


def tags(web: Any, number: int) -> list[str]:
    return [tag.label for tag in web.archive.store.articles.article(number).tags]


def waiting(web: Any) -> list[tuple[int, int]]:
    return [(each.article_id, each.times) for each in web.archive.store.reports.waiting(10)]


def test_opening_the_link_changes_nothing_and_pressing_the_button_tells_the_editors(web: Any) -> None:
    number, reader = web.archive.id(ARTICLE), web.as_("visitor")
    before = tags(web, number)
    for _ in range(20):
        page = reader.get(f"/hors-sujet/{number}")
        assert page.status == 200 and "n’a rien changé" in page.main
    assert waiting(web) == []
    for _ in range(2):
        assert "Merci" in reader.post(f"/hors-sujet/{number}", {}).main
    assert (waiting(web), tags(web, number)) == ([(number, 2)], before), "a reader's word tags nothing"
    queue = web.as_("editor").get("/corrections")
    assert "Signalés hors sujet par des lecteurs" in queue.main and "Signalé 2 fois" in queue.main.replace("\xa0", " ")
    assert web.archive.store.corrections.by_story() == {}


def test_once_an_editor_has_spoken_a_report_waits_no_more_nor_comes_back(web: Any) -> None:
    number, reader, editor = web.archive.id(ARTICLE), web.as_("visitor"), web.as_("editor")
    reader.post(f"/hors-sujet/{number}", {})
    form = editor.get("/corrections").tree.xpath("//section[@aria-labelledby='signales']//form")[0]
    sent = dict(form.form_values()) | {"avis": "pertinent"}
    assert editor.post(f"/article/{number}/avis", sent).headers["location"] == "/corrections"
    reader.post(f"/hors-sujet/{number}", {})
    assert waiting(web) == []
    assert "Signalés" not in editor.get("/corrections").main


@pytest.mark.parametrize("role", ["reader", "editor", "maintainer"])
def test_somebody_who_is_signed_in_can_press_the_button_too(web: Any, role: str) -> None:
    number, browser = web.archive.id(ARTICLE), web.as_(role)
    form = browser.get(f"/hors-sujet/{number}").tree.xpath("//main//form")[0]
    said = browser.post(f"/hors-sujet/{number}", dict(form.form_values()))
    assert (said.status, waiting(web)) == (200, [(number, 1)])


@pytest.mark.parametrize(("path", "status"), [("/hors-sujet/999999", 404), ("/hors-sujet/0x1", 404)])
def test_there_is_nothing_to_report_where_there_is_no_article(web: Any, path: str, status: int) -> None:
    assert (web.as_("visitor").get(path).status, web.as_("visitor").post(path, {}).status) == (status, status)
    assert waiting(web) == []


def test_another_site_cannot_press_the_button(web: Any) -> None:
    number, reader = web.archive.id(ARTICLE), web.as_("visitor")
    said = reader.post(f"/hors-sujet/{number}", {}, Sec_Fetch_Site="cross-site")
    assert (said.status, waiting(web)) == (403, [])
