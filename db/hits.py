"""What readers are shown of a story that was found: its title, its passage, its page in a PDF."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from core.articles import Match, StoredArticle
from core.excerpts import clip, densest, excerpt, spans
from core.search import Excerpt, Hit, Span
from core.sources import MOST_QUOTED
from core.tree import Word
from db.listing import Shown
from db.reader import Reader
from db.reading import load, members


def hits(reader: Reader, page: Sequence[Shown], words: Sequence[Word]) -> tuple[Hit, ...]:
    articles = {article.id: article for article in load(reader, [each.article_id for each in page])}
    sizes = members(reader, [each.story_id for each in page])
    return tuple(_hit(articles[each.article_id], each.score, len(sizes[each.story_id]) - 1, words) for each in page)


def _hit(article: StoredArticle, score: float, copies: int, words: Sequence[Word]) -> Hit:
    return Hit(
        article_id=article.id,
        story_id=article.story_id,
        url=article.url,
        title=article.title,
        source=article.source,
        published=article.published,
        first_seen=article.first_seen,
        tags=tuple(sorted({tag.label for tag in article.tags})),
        central=any(tag.central for tag in article.tags),
        excerpt=_excerpt(article, words),
        title_spans=spans(article.title, words),
        score=score,
        copies=copies,
        deleted_at=article.deleted_at,
        page=_page(article, words),
        author=article.author,
        language=article.language,
        media_type=article.media_type,
        reserved=article.reserved,
    )


def _page(article: StoredArticle, words: Sequence[Word]) -> int | None:
    """Of a PDF, the page of its excerpt."""
    if article.media_type != "pdf" or article.reserved:
        return None
    first = densest(article.text, spans(article.text, words), MOST_QUOTED) if words else None
    if first is None:
        card = _best_card(article)
        return card.page if card and not words else None
    return bisect_right(article.page_offsets, first.start) or None


def _excerpt(article: StoredArticle, words: Sequence[Word]) -> Excerpt:
    """The passage with the words; without words, or without the text, the sentence of the best card.

    Nothing when its publisher reserves text and data mining: title and link only.
    """
    if article.reserved:
        return Excerpt("")
    card = _best_card(article)
    if not article.text:
        return excerpt(card.sentence, words, MOST_QUOTED) if card else Excerpt("")
    if words or card is None:
        return excerpt(article.text, words, MOST_QUOTED)
    return _sentence(article, card)


def _sentence(article: StoredArticle, best: Match) -> Excerpt:
    """The sentence of the best card, with every form that has its label there."""
    begin, end = best.sentence_start, best.sentence_start + len(best.sentence)
    if not begin <= best.start < best.end <= end <= len(article.text):
        begin, end = 0, len(article.text)
    shown = clip(article.text[begin:end], best.start - begin, best.end - begin, MOST_QUOTED)
    shift = shown.spans[0].start - best.start
    last = 0
    found: list[Span] = []
    for card in sorted(_cards(article), key=lambda card: (card.start, -card.end)):
        start, stop = card.start + shift, card.end + shift
        if last <= start < stop <= len(shown.text.rstrip("…")):
            found.append(Span(start, stop))
            last = stop
    return Excerpt(shown.text, tuple(found) or shown.spans)


def _cards(article: StoredArticle) -> list[Match]:
    return [card for card in article.matches if card.accepted and card.label and card.field == "text"]


def _best_card(article: StoredArticle) -> Match | None:
    return max(_cards(article), key=lambda card: (card.score, -card.start), default=None)
