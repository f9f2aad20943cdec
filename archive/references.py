"""What feeds, exports and the API say of an article: cleaned, and no more of its text than may be shown; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.article_page import ArticlePage
from archive.marks import web_link
from archive.names import Names, TagName
from archive.rights import shown, view_of
from archive.wording import isoday
from core.articles import StoredArticle
from core.search import Hit
from core.text import one_line

Kind = Literal["news", "report", "page"]

LONGEST = 1_000
"""Characters of a title."""
PASSAGE = 200
"""Characters of a passage, even where the rights would allow more: a list is no copy of the articles."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One article, on single lines without control characters."""

    id: int
    title: str
    source: str
    """Slug."""
    source_name: str
    category: str
    """Slug; empty for a source that has left the configuration."""
    author: str
    language: str
    """ISO 639-1; empty when unknown."""
    published: datetime | None
    first_seen: datetime
    tags: tuple[TagName, ...]
    central: bool
    passage: str
    """Within the rights of the reader; empty when nothing may be shown."""
    copies: int
    deleted: bool
    pdf: bool
    url: str
    """At the source; empty when it is no web address."""
    permanent: str
    """In the archive."""
    note: str = ""
    """What the member who keeps it wrote, on one line; only in the file of a reading list."""
    marks: tuple[str, ...] = ()
    """Their keywords."""

    @property
    def kind(self) -> Kind:
        if self.pdf:
            return "report"
        return "news" if self.category == "presse" else "page"

    @property
    def who(self) -> str:
        """The author, else the organisation that published."""
        return self.author or self.source_name

    @property
    def day(self) -> str:
        """Of publication, as `2026-11-01`; empty when it is not known."""
        return isoday(self.published) if self.published else ""

    @property
    def keywords(self) -> str:
        return ", ".join((*(tag.name for tag in self.tags), *self.marks))

    @property
    def at(self) -> datetime:
        return self.published or self.first_seen


@dataclass(frozen=True, slots=True)
class Listing:
    """What was found, and what is needed to read it rightly."""

    site: str
    """Name of the archive."""
    title: str
    asked: str
    """The search, as it was typed; empty when everything was asked for, or for one article."""
    address: str
    """Where the same search is read as a page."""
    total: int
    first: int
    """Rank of the first reference, from 1."""
    references: tuple[Reference, ...]
    coverage: tuple[str, ...]
    """Since when the sources are read and which cannot be: an empty answer is no proof of absence."""
    notes: tuple[str, ...]
    """What was not understood of the search."""
    next: str
    """Address of what follows; empty at the end."""
    read_at: datetime


def of_hit(hit: Hit, names: Names, base: str) -> Reference:
    """One story found, as any visitor may read it; `base` is the site's address without a final slash."""
    source = names.sources.get(hit.source)
    return Reference(
        id=hit.article_id,
        title=one_line(hit.title, LONGEST),
        source=hit.source,
        source_name=one_line(names.source(hit.source)),
        category=source.category if source else "",
        author=one_line(hit.author),
        language=one_line(hit.language),
        published=hit.published,
        first_seen=hit.first_seen,
        tags=names.tags(hit.tags),
        central=hit.central,
        passage=one_line(shown(hit.excerpt, view_of(hit, names)).text, PASSAGE),
        copies=hit.copies,
        deleted=hit.deleted,
        pdf=hit.media_type == "pdf",
        url=web_link(hit.url),
        permanent=f"{base}/article/{hit.article_id}",
    )


def of_page(article: StoredArticle, page: ArticlePage, names: Names, base: str) -> Reference:
    """One article, from its page: what may be read of it is decided there."""
    source = names.sources.get(article.source)
    shown_proofs = [proof for proof in page.proofs if not proof.in_title] if page.full_text or page.limit else []
    passage = "".join(piece.text for piece in shown_proofs[0].passage) if shown_proofs else ""
    return Reference(
        id=article.id,
        title=one_line(article.title, LONGEST),
        source=article.source,
        source_name=one_line(page.source),
        category=source.category if source else "",
        author=one_line(article.author),
        language=one_line(article.language),
        published=article.published,
        first_seen=article.first_seen,
        tags=page.tags,
        central=bool(page.central),
        passage=one_line(passage, PASSAGE),
        copies=len(page.copies),
        deleted=article.deleted_at is not None,
        pdf=page.pdf,
        url=page.url,
        permanent=f"{base}/article/{article.id}",
    )
