"""The page of the topic says how its rules changed from one sent edition to the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html

from archive.rule_history import changes
from core.editions import Edition, Period

START = datetime(2026, 3, 2, tzinfo=UTC)


def edition(week: int, *versions: str) -> Edition:
    begin = START + timedelta(weeks=week)
    period = Period("weekly", f"2026-W{10 + week}", begin, begin + timedelta(weeks=1))
    return Edition(period, begin, (), rule_versions=versions)


def test_only_the_editions_whose_rules_changed_are_told_the_latest_first() -> None:
    found = changes(
        [
            edition(4, "cis@3", "iis@1"),
            edition(0, "cis@2", "hausse@1"),
            edition(1, "cis@2", "hausse@1"),
            edition(2),
            edition(3, "cis@3", "hausse@1"),
        ]
    )
    assert [each.key for each in found] == ["2026-W14", "2026-W13", "2026-W10"]
    assert (found[0].added, found[0].removed, found[0].changed) == (("iis",), ("hausse",), ())
    assert (found[1].changed, found[1].added) == (("cis, version 2 puis 3",), ())
    assert found[2].first == 2


def test_the_topic_page_shows_the_history_or_says_that_there_is_none(archive: Any, empty: Any) -> None:
    page = lxml.html.document_fromstring(archive.client.get("/sujet").text)
    (line,) = page.xpath("//section[@aria-labelledby='histoire']//li")
    text = line.text_content().replace("\u00a0", " ")
    assert text == "Semaine du 16 au 22 novembre 2026 : 1 règle, première édition qui les note."
    assert archive.client.get(line.xpath("a/@href")[0]).status_code == 200
    assert "Aucune édition n’a encore été envoyée" in empty.get("/sujet").text
