"""Whose texts leave, and when: what `keep_days` of each source says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.sources import Rights, Source
from pipeline.purge import deadlines

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def source(slug: str, keep_days: int | None) -> Source:
    return Source(slug, slug, "presse", "https://exemple.fr/", rights=Rights(keep_days=keep_days))


def test_sources_are_gathered_by_the_day_before_which_their_texts_leave() -> None:
    sources = [source("gazette", 90), source("fonds", 30), source("igas", None), source("journal", 90)]
    assert deadlines(sources, NOW) == {
        NOW - timedelta(days=90): ["gazette", "journal"],
        NOW - timedelta(days=30): ["fonds"],
    }
