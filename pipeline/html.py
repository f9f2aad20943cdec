"""One HTML page → article: trafilatura for the text, the page's own marks for title, date, language."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from core.articles import Article
from core.gate import NEVER, Gate
from core.pages import Failure, FetchedPage
from core.text import fold, plain
from core.urls import article_key, canonical, same_site
from pipeline.authors import author_of
from pipeline.dating import date_of
from pipeline.edges import trimmed
from pipeline.furniture import clear, content, words
from pipeline.lines import without_counters
from pipeline.marks import Marks, read_marks
from pipeline.parts import watched_text
from pipeline.readers import baseline, readability, trafilatura, tree_of
from pipeline.titles import headline, title_of, title_text
from pipeline.votes import agreed

SHORT = 250
"""Characters under which a fast extraction is done again with care."""
LONGEST = 1_000_000
LONGEST_LEAD = 1500
HEAD_LINES, KICKER = 4, 40
"""Lines among which a repeated headline is sought, and the longest line (characters) that may stand before it."""
_LEAD = ".//*[" + " or ".join(
    f"contains(concat(' ', @class, ' '), '{name}')"
    for name in ("chapo", "chapeau", "standfirst", "accroche", "article-lead", "article__lead", " lead ")
) + "]"  # fmt: skip
_PAYWALL = re.compile(
    r"réservée? (?:à nos|aux) abonn|article (?:est )?(?:payant|réservé)"
    r"|\d{1,2}\s?% (?:reste |de l.article )?à (?:lire|découvrir)"
    r"|il vous reste \d{1,2}\s?%|pour lire la suite,? (?:abonnez|connectez)|la suite est réservée",
    re.IGNORECASE,
)
_CLOSED_LD = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)


_SHOWN = "//text()[not(parent::script or parent::style)]"

_NOTHING = "La page ne contient aucun texte d'article."
_NOTHING_WATCHED = "Rien dans la page ne correspond au sélecteur « content » : elle a sans doute changé."


def _text(around: Any, heading: Any, url: str) -> str:
    """The text of the article; its furniture leaves the tree."""
    clear(around, heading)
    page = _alone(around)
    return _with_lead(around, heading, _cleared_text(page, url) or baseline(page))


def _cleared_text(page: Any, url: str) -> str:
    best = trafilatura(page, url, fast=True)
    return best if len(best) >= SHORT else max(best, trafilatura(page, url, fast=False), key=len)


def _careful_text(around: Any, heading: Any, url: str, title: str, recurring: frozenset[str]) -> str:
    """The text on which three readers agree (`pipeline.votes`); what one of them finds when they agree on nothing."""
    from lxml import etree

    root = around.getroottree().getroot()
    # Nobody reads them any more, and they are half of many pages.
    etree.strip_elements(root, "script", "style", "svg", with_tail=False)
    whole = deepcopy(root)
    clear(around, heading)
    page = _alone(around)
    cleared = _cleared_text(page, url)
    kept = agreed(
        around,
        cleared,
        (trafilatura(whole, url, fast=True, favor_precision=True), readability(whole)),
        whole,
        recurring,
    )
    text = plain("\n".join(block.line for block in trimmed(kept, title)))
    if len(text) < SHORT:
        text = max(text, cleared, key=len)
    return _with_lead(around, heading, text or baseline(page))


def _alone(around: Any) -> Any:
    """A page that holds one part of another, which is a page already when it is whole."""
    if around.tag == "html":
        return around
    from lxml import html

    page = html.document_fromstring("<html><body></body></html>")
    page.body.append(deepcopy(around))
    return page


def _with_lead(around: Any, heading: Any, text: str) -> str:
    """The text after its lead, which stands outside the body in many templates (« chapô ») and is often missed."""
    for node in around.xpath(_LEAD)[:3]:
        lead = plain(words(node))
        if heading in node.iter() or not 40 < len(lead) < LONGEST_LEAD:
            continue
        return text if fold(lead)[:80] in fold(text) else f"{lead}\n{text}".strip()
    return text


def _address(marks: Marks, page: FetchedPage) -> str:
    """The page's canonical URL where it can be believed: same site, not the home page for everything, not watched."""
    if page.kind == "watched":
        return canonical(page.url)
    own = canonical(page.final_url or page.url)
    try:
        address = canonical(marks.canonical)
    except ValueError:
        return own
    is_home = address.rstrip("/").count("/") <= 2 < own.rstrip("/").count("/")
    return address if same_site(address, own) and not is_home and "?" not in own else own


def _language(tree: Any, text: str, hint: str) -> str:
    """What the text is written in; what the page declares when it is too short to tell: templates often lie."""
    return identify(text) or (tree.get("lang") or hint).lower()[:2]


def identify(text: str) -> str:
    """ISO 639-1 code of a text's language, French and English told apart best; empty for a very short text."""
    if len(text) < 40:
        return ""
    from py3langid import classify

    return str(classify(text[:1200])[0])


def without_title(text: str, title: str) -> str:
    """The text without the headline it may begin with, after a short kicker or none: it would be quoted twice."""
    lines = text.split("\n")
    wanted = fold(title).strip(" .")
    for index, line in enumerate(lines[:HEAD_LINES]):
        if fold(title_text(line)).strip(" .") == wanted:
            rest = "\n".join(lines[index + 1 :]).strip()
            return rest or text
        if len(line) > KICKER:
            break
    return text


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article is in its page."""

    tree: Any
    around: Any
    heading: Any
    title: str


def _body(page: FetchedPage, place: _Place, gate: Gate, recurring: frozenset[str] | None) -> str:
    """What a source watches of the page, else its article, read with care when the gate opens."""
    if page.hint.content:
        return watched_text(place.tree, page.hint.content)
    if not gate.opens(place.title, place.tree.xpath(_SHOWN)):
        return _text(place.around, place.heading, page.final_url)
    if recurring is None:
        raise Promising
    return _careful_text(place.around, place.heading, page.final_url, place.title, recurring)


class Promising(Exception):
    """A page whose article may match: what its source repeats has to be known before it is read."""


def extract_html(
    page: FetchedPage, gate: Gate = NEVER, recurring: frozenset[str] | None = frozenset()
) -> Article | Failure:
    """Read an HTML page, with care when the gate says that its article may match; a `Failure` of kind empty or format
    when it holds no text. `recurring`: keys of the lines that its source repeats from page to page; None raises
    Promising when the gate opens."""
    source, tree = tree_of(page)
    if tree is None:
        return Failure(page.source, page.url, "format", "La page ne contient pas de HTML lisible.")
    marks = read_marks(tree)
    heading = headline(tree, marks)
    title = title_of(tree, marks, heading, page.hint.title)
    around = content(tree, heading)
    dated, author = date_of(tree, marks, heading, title, page), author_of(around, marks, title, page.hint.author)
    text = _body(page, _Place(tree, around, heading, title), gate, recurring)
    text = without_counters(without_title(text[:LONGEST], title))
    if not text:
        return Failure(page.source, page.url, "empty", _NOTHING_WATCHED if page.hint.content else _NOTHING)
    address = _address(marks, page)
    return Article(
        page_id=page.id,
        source=page.source,
        url=address,
        key=article_key(address),
        title=title,
        text=text,
        fetched_at=page.fetched_at,
        author=author,
        published=dated.when if dated else None,
        date_origin=dated.origin if dated else "",
        date_has_time=bool(dated and dated.has_time),
        language=_language(tree, text, page.hint.language),
        truncated=bool(_CLOSED_LD.search(source) or _PAYWALL.search(text[-1500:])),
    )
