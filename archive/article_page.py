"""One article: why it is here, what may be read of it, its copies, versions and citation; pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.article_facts import FactGroup, fact_groups, fact_sentences
from archive.article_history import History, history
from archive.copies import Contrast, CopyLine, copies_of
from archive.judgements import Told
from archive.marks import Piece, marked, pieces, site_of, web_link
from archive.names import Names, TagName
from archive.rights import View, passages, view_of
from archive.wording import DATE_ORIGINS, day, spaced
from core.articles import ArticleVersion, Match, StoredArticle
from core.members import Role
from core.search import Excerpt, Span
from core.text import inner_quotes

OPEN_PROOFS = 6


@dataclass(frozen=True, slots=True)
class Proof:
    """One sentence and every card that it carries."""

    passage: tuple[Piece, ...]
    in_title: bool
    page: int | None
    link: str
    """To the page of the PDF."""
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What one rule says of one sentence."""

    forms: tuple[str, ...]
    concept: str
    label: str
    rule: str
    version: str
    score: float
    threshold: float
    confirmed_by: tuple[str, ...]
    refuted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    pieces: tuple[Piece, ...]
    page: int | None = None
    """Set on the first paragraph of a PDF's page."""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    id: int
    title: str
    language: str
    source: str
    source_slug: str
    category: str
    author: str
    url: str
    host: str
    published: datetime | None
    has_time: bool
    origin: str
    first_seen: datetime
    backfilled: bool
    deleted_at: datetime | None
    truncated: bool
    reserved: bool
    pdf: bool
    tags: tuple[TagName, ...]
    central: frozenset[str]
    proofs: tuple[Proof, ...]
    more_proofs: tuple[Proof, ...]
    refuted: tuple[Proof, ...]
    facts: tuple[FactGroup, ...]
    paragraphs: tuple[Paragraph, ...]
    full_text: bool
    limit: int
    """Characters of the text that may be seen when the full text is not shown."""
    raw_page: bool
    copies: tuple[CopyLine, ...]
    credit: str
    """« Dépêche AFP, reprise par 3 titres »; empty when no text of the story says so."""
    beside_first: Contrast | None
    """What this article adds to the first text of its story, when it is another."""
    history: History
    people: Told


def article_page(
    article: StoredArticle,
    copies: Sequence[StoredArticle],
    versions: Sequence[ArticleVersion],
    names: Names,
    people: Told,
    role: Role = "visitor",
) -> ArticlePage:
    view, told = view_of(article, names, role), copies_of(article, copies, names, role)
    proofs, refuted, facts = _proofs(article, view, names)
    return ArticlePage(
        id=article.id,
        title=article.title,
        language=article.language or "fr",
        source=names.source(article.source),
        source_slug=article.source,
        category=names.category_of(article.source),
        author=article.author,
        url=web_link(article.url),
        host=site_of(web_link(article.url)),
        published=article.published,
        has_time=article.date_has_time,
        origin=DATE_ORIGINS.get(article.date_origin, ""),
        first_seen=article.first_seen,
        backfilled=article.backfilled,
        deleted_at=article.deleted_at,
        truncated=article.truncated,
        reserved=article.reserved,
        pdf=article.media_type == "pdf",
        tags=names.tags(dict.fromkeys(tag.label for tag in article.tags)),
        central=frozenset(tag.label for tag in article.tags if tag.central),
        proofs=proofs[:OPEN_PROOFS],
        more_proofs=proofs[OPEN_PROOFS:],
        refuted=refuted,
        facts=facts,
        paragraphs=tuple(_paragraphs(article)) if view.full_text else (),
        full_text=view.full_text,
        limit=view.excerpt_chars,
        raw_page=view.raw_page,
        copies=told.lines,
        credit=told.credit,
        beside_first=told.own,
        history=history(versions, view),
        people=people,
    )


def _proofs(
    article: StoredArticle, view: View, names: Names
) -> tuple[tuple[Proof, ...], tuple[Proof, ...], tuple[FactGroup, ...]]:
    """Accepted, then refuted, then facts: they share one allowance of text."""
    accepted = _sentences(card for card in article.matches if card.accepted)
    refuted = _sentences(card for card in article.matches if not card.accepted)
    groups = accepted + refuted
    quoted = [_sentence(group) for group in groups]
    in_text = [text for group, text in zip(groups, quoted, strict=True) if group[0].field == "text"]
    allowed = iter(passages([*in_text, *fact_sentences(article)], view))
    found = [
        _proof(group, text if group[0].field == "title" else next(allowed), article, names)
        for group, text in zip(groups, quoted, strict=True)
    ]
    return tuple(found[: len(accepted)]), tuple(found[len(accepted) :]), fact_groups(article, allowed)


def _sentences(cards: Iterable[Match]) -> list[list[Match]]:
    """Cards by sentence; the title's first, then the strongest."""
    groups: dict[tuple[str, int], list[Match]] = {}
    for card in cards:
        groups.setdefault((card.field, card.sentence_start), []).append(card)
    found = [sorted(group, key=lambda card: (card.start, -card.score)) for group in groups.values()]
    return sorted(found, key=lambda group: (group[0].field != "title", -max(c.score for c in group), group[0].start))


def _sentence(group: Sequence[Match]) -> Excerpt:
    first = group[0]
    spans = tuple(Span(card.start - first.sentence_start, card.end - first.sentence_start) for card in group)
    return Excerpt(first.sentence, tuple(span for span in spans if 0 <= span.start < span.end <= len(first.sentence)))


def _proof(group: Sequence[Match], passage: Excerpt, article: StoredArticle, names: Names) -> Proof:
    first = group[0]
    url = web_link(article.url)
    forms: dict[Card, list[str]] = {}
    for card in group:
        said = Card(
            forms=(),
            concept=card.concept,
            label=names.label(card.label) if card.label else "",
            rule=card.rule,
            version=card.rule_version,
            score=card.score,
            threshold=card.threshold,
            confirmed_by=card.confirmed_by,
            refuted_by=card.refuted_by,
        )
        forms.setdefault(said, []).append(card.form)
    return Proof(
        passage=marked(passage) or pieces(first.form, (Span(0, len(first.form)),)),
        in_title=first.field == "title",
        page=first.page,
        link=f"{url}#page={first.page}" if url and first.page and article.media_type == "pdf" else "",
        cards=tuple(replace(said, forms=tuple(dict.fromkeys(found))) for said, found in forms.items()),
    )


def _paragraphs(article: StoredArticle) -> Iterable[Paragraph]:
    """The full text by lines, accepted forms marked, with the number of each page of a PDF."""
    spans = sorted(
        (Span(card.start, card.end) for card in article.matches if card.accepted and card.field == "text"),
        key=lambda span: span.start,
    )
    starts = [span.start for span in spans]
    start, page = 0, 0
    for line in article.text.split("\n"):
        end = start + len(line)
        if line.strip():
            low, high = bisect_right(starts, start - 1), bisect_right(starts, end - 1)
            inside = [Span(span.start - start, span.end - start) for span in spans[low:high]]
            now = bisect_right(article.page_offsets, start)
            yield Paragraph(pieces(line, inside), now if now != page else None)
            page = now
        start = end + 1


def citation(page: ArticlePage, now: datetime, permanent: str) -> str:
    """A reference ready to paste: author, title, source, date, address, day of reading.

    What the site has withdrawn can only be read of here, so the archive's own address is given too.
    """
    who = page.author or page.source
    parts = [f"{who}, «\u00a0{spaced(inner_quotes(page.title))}\u00a0»"]
    if page.author and page.author != page.source:
        parts.append(page.source)
    parts.append(day(page.published) if page.published else f"sans date (vu le {day(page.first_seen)})")
    if page.url and page.deleted_at:
        parts.append(f"{page.url} (retiré le {day(page.deleted_at)})")
        parts.append(f"fiche\u00a0: {permanent} (consultée le {day(now)})")
    elif page.url:
        parts.append(f"{page.url} (consulté le {day(now)})")
    return ", ".join(parts) + "."
