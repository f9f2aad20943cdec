"""« Depuis la dernière réunion », over real HTTP: for members, what came in since a day, by subject."""

from __future__ import annotations

from typing import Any

import pytest

SPACES = str.maketrans("\u00a0\u202f", "  ")


def titles(page: Any) -> list[str]:
    return [each.text_content() for each in page.tree.xpath("//main//ol//h3")]


def test_members_alone_open_the_sheet_of_a_meeting(web: Any) -> None:
    for role, status in (("visitor", 303), ("reader", 403), ("member", 200), ("editor", 200)):
        assert web.as_(role).get("/reunion").status == status, role
        assert (b'href="/reunion"' in web.as_(role).get("/moi").body) == (status == 200)


def test_it_tells_what_came_in_since_a_day_told_in_editions_or_not_and_what_was_not_read(web: Any) -> None:
    member = web.as_("member")
    whole, short = member.get("/reunion?depuis=2026-10-01"), member.get("/reunion?depuis=2026-11-20")
    assert set(titles(short)) < set(titles(whole))
    sent = {entry.title for entry in web.archive.store.editions.find("weekly", "2026-W47").entries}
    assert sent & {title.translate(SPACES) for title in titles(whole)}
    assert "La Lettre fermée : le site est fermé." in whole.main.replace("\xa0", " ")
    assert whole.tree.xpath("//input[@name='depuis']")[0].get("value") == "2026-10-01"


@pytest.mark.parametrize(
    ("asked", "shown"), [("hier", "2026-10-24"), ("2026-13-01", "2026-10-24"), ("2010-01-01", "2025-11-22")]
)
def test_a_day_that_is_none_or_too_old_is_said_to_be_so(web: Any, asked: str, shown: str) -> None:
    page = web.as_("member").get(f"/reunion?depuis={asked}")
    assert page.status == 400 and page.tree.xpath("//*[@role='alert']")
    assert page.tree.xpath("//input[@name='depuis']")[0].get("value") == shown
