"""Decision 5: neither a new source nor a redesign can mail old articles."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.freshness import is_backfilled

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "first_run", "backfilled"),
    [
        (1, True, False),
        (9, True, True),
        (9, False, False),
        (31, False, True),
        (None, True, True),
        (None, False, False),
        (9000, False, True),
    ],
)
def test_news_or_history(age: int | None, first_run: bool, backfilled: bool) -> None:
    published = None if age is None else NOW - timedelta(days=age)
    assert is_backfilled(published, NOW, first_run) is backfilled
