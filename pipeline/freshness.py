"""News or history: which articles may be mailed, and which only enter the archive (product decision 5)."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_RUN_NEWS = timedelta(days=8)
NEWS = timedelta(days=30)


def is_backfilled(published: datetime | None, fetched_at: datetime, first_run: bool) -> bool:
    """True for an article too old to be news when its source showed it.

    So neither a new source nor a redesign can mail old articles: undated ones are news, save on a source's first run.
    """
    if published is None:
        return first_run
    return fetched_at - published > (FIRST_RUN_NEWS if first_run else NEWS)


def news_since(now: datetime) -> datetime:
    """Articles seen and dated from here on may still be told when other rules, or a better reading, first tag them.

    The week of a source's first run: so a change of rules mails no more than a new source does.
    """
    return now - FIRST_RUN_NEWS
