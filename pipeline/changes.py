"""What was added to a watched page since its last visit, as an article of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.articles import Article
from core.clock import PARIS
from core.pages import Failure, FetchedPage
from core.ports import ArticleStore
from core.text import fold
from core.urls import article_key, change_url

FEW_WORDS, SMALL_SHARE = 5, 0.3
"""A paragraph that gains fewer words than these, and no more than that share of its own, was only corrected."""
MOST_COMPARED = 40_000
"""Pairs of paragraphs compared."""
_WORD_RE = re.compile(r"\w+")
Extracted = tuple[FetchedPage, Article | Failure]


def added(old: str, new: str) -> str:
    """The paragraphs of a text that an older one had nowhere; moved and merely corrected ones aside."""
    known = {_words(line) for line in old.split("\n")}
    lines = new.split("\n")
    gone = known - {_words(line) for line in lines}
    # A page that is another one altogether: all of it is new, and nothing is worth comparing.
    removed = [Counter(words) for words in gone] if len(gone) * len(lines) <= MOST_COMPARED else []
    found = [line for line in lines if (words := _words(line)) not in known and _is_new(words, removed)]
    return "\n".join(found)


def _words(line: str) -> tuple[str, ...]:
    return tuple(_WORD_RE.findall(fold(line)))


def _is_new(words: tuple[str, ...], removed: list[Counter[str]]) -> bool:
    if not words:
        return False
    mine = Counter(words)
    gained = min(((mine - theirs).total() for theirs in removed), default=len(words))
    return gained >= FEW_WORDS or gained > SMALL_SHARE * len(words)


def change(page: FetchedPage, old: str, new: Article) -> Article | None:
    """What a visit found added to a page, tagged and mailed by itself; None when nothing was."""
    # A text that has been purged cannot be compared: all of the page would pass for an addition.
    text = added(old, new.text) if old else ""
    if not text:
        return None
    # Here, because few runs need them.
    from babel.dates import format_date

    from pipeline.html import identify

    day = page.fetched_at.astimezone(PARIS).date()
    written = f"{day.day}{'er' if day.day == 1 else ''} {format_date(day, 'MMMM y', locale='fr')}"
    url = change_url(new.url, day, text)
    return replace(
        new,
        url=url,
        key=article_key(url),
        title=f"{new.title} (page modifiée le {written})",
        text=text,
        published=page.fetched_at,
        date_origin="visit",
        date_has_time=True,
        language=identify(text) or new.language,
        page_offsets=(),
        is_part=True,
    )


class Changes:
    """Puts what was added to watched pages before their new text, which waits until it is stored.

    The page is done only with its new text: a run that is killed in between finds the same addition again.
    """

    def __init__(self, articles: ArticleStore) -> None:
        self._articles = articles
        self._held: dict[int, Extracted] = {}

    def first(self, extracted: Iterable[Extracted | None]) -> Iterator[Extracted | None]:
        """Every result but the new texts of watched pages, of which only the additions come."""
        for item in extracted:
            if item is None:
                yield None
                continue
            page, article = item
            if page.kind != "watched" or isinstance(article, Failure):
                yield item
                continue
            self._held[page.id] = (page, article)
            known = self._articles.by_url(article.url)
            if known is not None and (addition := change(page, known.text, article)):
                yield page, addition

    def then(self) -> Iterator[Extracted]:
        """The new texts that waited."""
        yield from list(self._held.values())

    def lost(self, page: FetchedPage) -> None:
        """An addition could not be stored: its page's text waits for the next run, as it does."""
        self._held.pop(page.id, None)
