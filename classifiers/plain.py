"""Makes an article of any title and text, for `veille explain FILE`, `veille evaluate` and the tests."""

from __future__ import annotations

from datetime import UTC, datetime

from core.articles import Article


def article_from_text(title: str, text: str, language: str = "") -> Article:
    """An article that was never fetched: no page, no source, no address."""
    return Article(
        page_id=0,
        source="",
        url="",
        key="",
        title=title,
        text=text,
        fetched_at=datetime.fromtimestamp(0, UTC),
        language=language,
    )
