"""Eligible stories → an edition: what is new, once, ordered, quoted within the rights of its source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.articles import Match, StoredArticle
from core.editions import Copy, Edition, Entry, Period, SourceNotice
from core.excerpts import clip
from core.french import stems
from core.search import Excerpt, Span
from core.sources import Source, quotable, source_name
from core.text import fold

YOUNG = timedelta(days=35)
"""A story seen longer ago than this is no news, even when no edition held it."""

_QUOTES = str.maketrans("", "", '«»"“”')
MOST_OF_A_SOURCE = 5
"""Stories of one source that go before those of the others (threat A46); its next ones come after, none is dropped."""
_OPENING = " \u00a0\u202f«“"


@dataclass(frozen=True, slots=True)
class Watch:
    """How the sources fared lately: how many were read, and what could not be."""

    read: int
    notices: tuple[SourceNotice, ...]


BY_PEOPLE = "retenu par une personne du groupe"
"""Why an article is told in which the rules found nothing."""


def _cards(article: StoredArticle) -> list[Match]:
    """The proofs of the labels that it bears: a person may have taken others away."""
    borne = {tag.label for tag in article.tags}
    return [card for card in article.matches if card.accepted and card.label in borne]


def best_match(article: StoredArticle) -> Match | None:
    """The card to quote: in the text before the title, spelt out before an acronym, in the richest sentence."""
    support = Counter(card.sentence_start for card in article.matches if card.accepted and card.field == "text")
    title = fold(article.title)

    def rank(card: Match) -> tuple[bool, bool, bool, int, float, int]:
        in_text = card.field == "text"
        repeats = fold(card.sentence).strip(" .") == title.strip(" .")
        richness = support[card.sentence_start] if in_text else 0
        return (in_text, not repeats, " " in card.form, richness, card.score, -card.start)

    return max(_cards(article), key=rank, default=None)


def quote(article: StoredArticle, card: Match | None, limit: int) -> Excerpt:
    """The passage around the matched words, `limit` characters at most; the words alone when no more may be shown.

    When only the title matches, which the reader sees already, or nothing, the article's first words are quoted.
    """
    if limit <= 0:
        return Excerpt("")
    if card is None:
        return replace(clip(article.text, 0, 0, limit), spans=())
    if limit < len(card.form) + 10:
        return Excerpt(card.form, (Span(0, len(card.form)),))
    if card.field == "title" and article.text:
        return replace(clip(article.text, 0, 0, limit), spans=())
    text = article.title if card.field == "title" else article.text
    begin, end = card.sentence_start, card.sentence_start + len(card.sentence)
    if not begin <= card.start <= card.end <= end <= len(text):
        begin, end = 0, len(text)
    begin = len(text[:begin].rstrip(_OPENING))  # back to the mark of a quotation that the sentence was cut from
    begin += len(text[begin:end]) - len(text[begin:end].lstrip())
    shown = clip(text[begin:end], card.start - begin, card.end - begin, limit)
    forms = {other.form for other in _cards(article) if other.field == card.field}
    return replace(shown, spans=_bold(shown, forms))


def _bold(shown: Excerpt, forms: set[str]) -> tuple[Span, ...]:
    """Every matched form that stands in the passage, the longest first where two overlap."""
    found = list(shown.spans)
    for form in sorted(forms, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", shown.text):
            if not any(span.start < match.end() and match.start() < span.end for span in found):
                found.append(Span(match.start(), match.end()))
    return tuple(sorted(found, key=lambda span: span.start))


def _forms(cards: Sequence[Match]) -> list[str]:
    """The words found, each once whatever its case and number, those spelt out before the acronyms."""
    once: dict[str, str] = {}
    for card in sorted(cards, key=lambda m: (" " not in m.form, -m.score, m.start)):
        once.setdefault(" ".join(stems(card.form)), " ".join(card.form.translate(_QUOTES).split()))
    return list(once.values())


def why(article: StoredArticle) -> str:
    """One line for the reader: the words found, how often, and whether the title has them; never a verdict."""
    found: dict[str, list[Match]] = {}
    for card in _cards(article):
        found.setdefault(card.label, []).append(card)
    shown = 2 if len(found) == 1 else 1
    told = ", ".join(f"« {' », « '.join(_forms(cards)[:shown])} »{_where(cards)}" for cards in found.values())
    return told or (BY_PEOPLE if article.tags else "")


def _where(cards: Sequence[Match]) -> str:
    told = [f"{len(cards)}\u00a0fois"] if len(cards) > 1 else []
    told += ["dès le titre"] if any(card.field == "title" for card in cards) else []
    return f" ({', '.join(told)})" if told else ""


def topic_of(article: StoredArticle, topics: Sequence[str]) -> str:
    """The one topic a story is told under, of those that are followed, the main one first: the first that it is mainly
    about, else the first that it mentions; empty when it speaks of none."""
    mainly = {tag.topic for tag in article.tags if tag.central}
    named = {tag.topic for tag in article.tags}
    return next((topic for found in (mainly, named) for topic in topics if topic in found), "")


def _followed(article: StoredArticle, topics: Sequence[str]) -> StoredArticle:
    """Without what other topics, followed no longer, said of it."""
    return replace(
        article,
        tags=tuple(tag for tag in article.tags if tag.topic in topics),
        matches=tuple(card for card in article.matches if card.topic in topics),
    )


def entry(
    article: StoredArticle, copies: tuple[Copy, ...], sources: Mapping[str, Source], topics: Sequence[str]
) -> Entry:
    """A story as it is told, under one of the topics that are followed."""
    source = sources.get(article.source)
    topic, article = topic_of(article, topics), _followed(article, topics)
    own = _followed(article, (topic,))
    card = best_match(own)
    limit = quotable(source, reserved=article.reserved)
    return Entry(
        story_id=article.story_id,
        article_id=article.id,
        title=article.title,
        url=article.url,
        source=source_name(article.source, sources),
        category=source.category if source else "presse",
        published=article.published,
        first_seen=article.first_seen,
        labels=tuple(tag.label for tag in article.tags),
        central=any(tag.central for tag in own.tags),
        excerpt=quote(article, card, limit),
        why=why(article),
        score=max((tag.score for tag in own.tags), default=0.0),
        copies=tuple(Copy(source_name(copy.source, sources), copy.url) for copy in copies),
        page=card.page if card else None,
        truncated=article.truncated,
        topic=topic,
    )


def _rank(found: Entry) -> tuple[bool, float, float]:
    """Central stories first, then the best scores, then the newest."""
    return (not found.central, -found.score, -(found.published or found.first_seen).timestamp())


def _shared_out(entries: Sequence[Entry]) -> list[Entry]:
    """In order, but for what a source has beyond its share: that comes after the others of the same weight."""
    seen: Counter[tuple[str, bool, str]] = Counter()
    first: list[Entry] = []
    after: list[Entry] = []
    for found in entries:
        share = (found.topic, found.central, found.source)
        seen[share] += 1
        (first if seen[share] <= MOST_OF_A_SOURCE else after).append(found)
    return sorted([*first, *after], key=lambda found: not found.central)


def compose(
    period: Period,
    eligible: Sequence[tuple[StoredArticle, tuple[Copy, ...]]],
    sources: Mapping[str, Source],
    watch: Watch,
    versions: tuple[str, ...],
    topics: Sequence[str],
    now: datetime,
) -> Edition:
    """An edition of every eligible story; pure, so that a preview and the edition sent are the same.

    `topics`: those that are followed, the main one first. A story that speaks of none of them is left for the day when
    its topic is followed again.
    """
    told = [each for each in eligible if topic_of(each[0], topics)]
    entries = _shared_out(sorted((entry(article, copies, sources, topics) for article, copies in told), key=_rank))
    return Edition(
        period=period,
        composed_at=now,
        entries=tuple(entries),
        sources_read=watch.read,
        notices=watch.notices,
        rule_versions=versions,
        state="composed" if entries else "empty",
    )
