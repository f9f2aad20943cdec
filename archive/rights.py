"""What each role may see of a source's texts, decided here for every door of the site (product decision 9).

Without the right to the full text, one page shows at most `excerpt_chars` characters of an article, all its passages
together: very short extracts are free only while they do not spare reading the article (CPI, art. L. 211-3-1).
Titles and isolated words are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.names import Names
from core.articles import StoredArticle
from core.excerpts import bare_words, shorten
from core.members import Role, at_least
from core.search import Excerpt, Hit
from core.sources import Audience, Rights, Source, quotable


@dataclass(frozen=True, slots=True)
class View:
    """What somebody may see of one source's texts."""

    full_text: bool
    excerpt_chars: int
    """Characters of one article on one page, when the full text is not for them."""
    raw_page: bool = False
    """Whether they may have the page as it was fetched."""


TITLE_ONLY = View(full_text=False, excerpt_chars=0)
"""Of an article whose publisher reserves text and data mining (CPI, art. L. 122-5-3), for every role."""

_READERS: Mapping[Audience, Role | None] = {"public": "visitor", "members": "member", "nobody": None}
"""The least role that reads a full text."""


def view_for(role: Role, source: Source | None, *, reserved: bool = False) -> View:
    """A source that has left the configuration keeps the rights of the most cautious one.

    The raw page holds the full text: an editor has it of those sources alone whose full text members may read.
    """
    if reserved:
        return TITLE_ONLY
    rights = source.rights if source else Rights(full_text="nobody")
    needed = _READERS[rights.full_text]
    readable = needed is not None and at_least(role, needed)
    return View(readable, quotable(source), readable and at_least(role, "editor"))


def view_of(article: StoredArticle | Hit, names: Names, role: Role = "visitor") -> View:
    """Of one article; without an account, and for what leaves the site, the role is that of a visitor."""
    return view_for(role, names.sources.get(article.source), reserved=article.reserved)


def shown(excerpt: Excerpt, view: View) -> Excerpt:
    """One excerpt, as this visitor may read it."""
    return excerpt if view.full_text else shorten(excerpt, view.excerpt_chars)


def passages(sentences: Sequence[Excerpt], view: View) -> tuple[Excerpt, ...]:
    """The proofs of one article, best first: whole, or within the page's allowance, then the bare words."""
    if view.full_text:
        return tuple(sentences)
    left = view.excerpt_chars
    result = []
    for sentence in sentences:
        passage = shorten(sentence, left)
        if not passage.spans:
            passage = bare_words(sentence)
        else:
            left -= len(passage.text)
        result.append(passage)
    return tuple(result)
