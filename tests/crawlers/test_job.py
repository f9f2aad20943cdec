"""What crosses the pipe between parent and child comes out as it went in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.pages import CrawlReport
from core.sources import ApiRules, CrawlSettings, ListingRules, Rights, Source
from crawlers.job import Job, report_from_json, report_to_json

FULL = Source(
    "anah", "Anah « été »\n", "agence", "https://anah.example/",
    feeds=("https://anah.example/f1", "https://anah.example/f2"),
    sitemaps=("https://anah.example/s.xml",),
    listing=ListingRules("https://anah.example/l", "a", next="a.n", date=".d", exclude=("x",), pages=9),
    api=ApiRules("https://anah.example/{page}", "u", "r", "t", "x", "d", 0, 50, 3, "json.zip", "cp1252", ","),
    every=timedelta(hours=6), enabled=False, disabled_reason="x", keywords=("é",), fetch="excerpt",
    rights=Rights(100, "nobody", 90),
)  # fmt: skip


def test_a_job_is_one_line_that_reads_back_the_same() -> None:
    settings = CrawlSettings("veille/1", 0.1, 5.0, (timedelta(0), timedelta(days=1)), ("127.0.0.2:80",), 1, 2, True)
    job = Job((FULL, Source("b", "B", "presse", "https://b.example/")), settings, datetime.now(UTC), 60.5, 42)
    text = job.to_json()
    assert "\n" not in text
    assert Job.from_json(text) == job


def test_a_report_is_one_line_that_reads_back_the_same() -> None:
    report = CrawlReport(1, 2, 3, ("a",), (("a", "https://a.example/é"),))
    assert "\n" not in report_to_json(report)
    assert report_from_json(report_to_json(report)) == report


@pytest.mark.parametrize("text", ["", "{}", "null", "Traceback", '{"requests": "beaucoup"}'])
def test_what_is_no_report_is_refused(text: str) -> None:
    if text == "{}":
        assert report_from_json(text) == CrawlReport()
        return
    with pytest.raises(ValueError, match="CrawlReport"):
        report_from_json(text)
