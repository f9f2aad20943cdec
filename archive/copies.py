"""The texts of one story beside the first of them: whose text it is, and what each copy adds and leaves out; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.additions import MAX_LENGTH, additions, words
from archive.marks import web_link
from archive.names import Names
from archive.rights import TITLE_ONLY, View, view_of
from archive.wording import count
from core.articles import StoredArticle
from core.credits import Credit, credited, without_credit
from core.excerpts import shorten
from core.members import Role
from core.search import Excerpt

MAX_COMPARED = 20
"""Copies compared on one page, the earliest."""
MAX_SENTENCES = 12
"""Added sentences shown of one copy."""
LONG = 0.25
"""Share of the first text's words from which an addition makes a long version."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """One text beside the first of its story."""

    added: int = 0
    left_out: int = 0
    """Words of the sentences that only one of the two has."""
    passages: tuple[str, ...] = ()
    """The added sentences, as far as the rights of their source allow."""
    hidden: bool = False
    """True when there is more than these passages."""
    long: bool = False


@dataclass(frozen=True, slots=True)
class CopyLine:
    id: int
    source: str
    title: str
    at: datetime
    url: str
    first: bool
    language: str
    contrast: Contrast | None = None
    uncompared: str = ""
    """Why there is no contrast, in French; empty for the first text."""


@dataclass(frozen=True, slots=True)
class Copies:
    credit: str
    """« Dépêche AFP, reprise par 3 titres »; empty when no text of the story says so."""
    lines: tuple[CopyLine, ...] = ()
    own: Contrast | None = None
    """What this article adds to the first text, in numbers alone, when it is not the first itself."""


def copies_of(article: StoredArticle, others: Sequence[StoredArticle], names: Names, role: Role = "visitor") -> Copies:
    """What the page of an article says of the other texts of its story; `others`: the earliest first."""
    members = (article, *others)
    first = min(members, key=lambda each: (each.day, each.id))
    lines = tuple(
        replace(_line(first, copy, names), uncompared="seules les premières copies le sont")
        if number >= MAX_COMPARED
        else _compared(first, copy, names, role)
        for number, copy in enumerate(others)
    )
    # The passages of the article's own page have used what may be shown of it.
    own = contrast(first, article, TITLE_ONLY) if article is not first and not _obstacle(first, article) else None
    return Copies(_story_credit(first, members), lines, own)


def _line(first: StoredArticle, copy: StoredArticle, names: Names) -> CopyLine:
    at, url = copy.day, web_link(copy.url)
    return CopyLine(
        copy.id, names.source(copy.source), copy.title, at, url, copy is first, copy.language or first.language or "fr"
    )


def _compared(first: StoredArticle, copy: StoredArticle, names: Names, role: Role) -> CopyLine:
    line = _line(first, copy, names)
    if copy is first:
        return line
    if obstacle := _obstacle(first, copy):
        return replace(line, uncompared=obstacle)
    return replace(line, contrast=contrast(first, copy, view_of(copy, names, role)))


def _obstacle(first: StoredArticle, copy: StoredArticle) -> str:
    if not first.text or not copy.text:
        return "l’archive ne garde pas, ou plus, l’un des deux textes"
    return "texte trop long" if max(len(first.text), len(copy.text)) > MAX_LENGTH else ""


def contrast(first: StoredArticle, copy: StoredArticle, view: View) -> Contrast:
    """A copy beside the first text; `view`: what may be shown of the copy."""
    before, after = without_credit(first.text), without_credit(copy.text)
    more = additions(before, after)
    passages = _allowed(more.sentences, view)
    return Contrast(
        added=more.words,
        left_out=additions(after, before).words,
        passages=passages,
        hidden=passages != more.sentences,
        long=more.words >= LONG * len(words(before)),
    )


def _allowed(sentences: Sequence[str], view: View) -> tuple[str, ...]:
    if view.full_text:
        return tuple(sentences[:MAX_SENTENCES])
    left, found = view.excerpt_chars, []
    for sentence in sentences:
        passage = shorten(Excerpt(sentence), left).text
        if not passage:
            break
        found.append(passage)
        left -= len(passage)
    return tuple(found)


def _story_credit(first: StoredArticle, members: Sequence[StoredArticle]) -> str:
    """Whose text a story is: as the first of its texts says, else as most of those that say it do."""
    said = Counter(filter(None, map(_credit, members)))
    found = _credit(first) or next((credit for credit, _ in said.most_common(1)), None)
    return _told(found, len({each.source for each in members})) if found else ""


def _credit(article: StoredArticle) -> Credit | None:
    return credited(article.title, article.text, article.author)


def _told(credit: Credit, titles: int) -> str:
    again = f"par {count(titles, 'titre', 'titres')}" if titles > 1 else ""
    if credit.kind == "dispatch":
        return f"Dépêche {credit.agency}" + (f", reprise {again}" if again else "")
    if credit.kind == "release":
        return "Communiqué de presse" + (f", repris {again}" if again else "")
    agency = credit.agency if credit.agency == "Reuters" else f"l’{credit.agency}"
    return f"Texte écrit avec {agency}" + (f", publié {again}" if again else "")
