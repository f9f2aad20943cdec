"""One HTML page → article: trafilatura for the text, the page's own marks for title, date, language."""

from __future__ import annotations

import html
import re
from copy import deepcopy
from typing import Any

from core.articles import Article
from core.pages import Failure, FetchedPage
from core.text import fold, one_line, plain
from core.urls import article_key, canonical, same_site
from pipeline.charset import decode
from pipeline.dates import Dated, has_hour, plausible, prose, structured
from pipeline.marks import Marks, read_marks

SHORT = 250
"""Characters under which a fast extraction is done again with care."""
LONGEST = 1_000_000
HEAD_LINES, KICKER = 4, 40
"""Lines among which a repeated headline is sought, and the longest line (characters) that may stand before it."""

_TAG = re.compile(r"<[a-zA-Z/!][^>]{0,300}>")
_PAYWALL = re.compile(
    r"réservée? (?:à nos|aux) abonn|article (?:est )?(?:payant|réservé)"
    r"|\d{1,2}\s?% (?:reste |de l.article )?à (?:lire|découvrir)"
    r"|il vous reste \d{1,2}\s?%|pour lire la suite,? (?:abonnez|connectez)|la suite est réservée",
    re.IGNORECASE,
)
_CLOSED_LD = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)


def title_text(value: str) -> str:
    """A title as plain text: entities decoded, tags dropped, one line."""
    return one_line(_TAG.sub(" ", html.unescape(value))).strip(" |–—-")


def _trafilatura(tree: Any, url: str, fast: bool) -> str:
    from trafilatura import bare_extraction

    # Title, author and date are read from the page's own marks: trafilatura's metadata cost a quarter of its time.
    found = bare_extraction(tree, url=url, fast=fast, include_comments=False)
    return "" if found is None or isinstance(found, dict) else plain(found.text or "")


def _baseline(tree: Any) -> str:
    from trafilatura import baseline

    return plain(baseline(deepcopy(tree))[1] or "")


def _text(tree: Any, url: str) -> str:
    best = _trafilatura(tree, url, fast=True)
    if len(best) < SHORT:
        best = max(best, _trafilatura(tree, url, fast=False), key=len)
    return best or _baseline(tree)


def _author(marks: Marks, hint: str) -> str:
    named = hint or marks.meta("author", "article:author", "citation_author")
    linked = named or next((name for row in marks.json_ld if (name := _name(row.get("author")))), "")
    written = linked or next(iter(marks.authors), "")
    return "" if written.startswith("http") else one_line(title_text(written), 120)


def _name(author: Any) -> str:
    """The name in a JSON-LD author: a string, an object, or a list of either."""
    if isinstance(author, list):
        return ", ".join(filter(None, (_name(each) for each in author[:5])))
    return author if isinstance(author, str) else str(author.get("name") or "") if isinstance(author, dict) else ""


def _headline(tree: Any) -> str:
    """The first h1, one inside the article or the main part before any other."""
    found = list(tree.iter("h1"))
    within = [node for node in found if any(parent.tag in ("article", "main") for parent in node.iterancestors())]
    return " ".join((within or found)[0].itertext()) if found else ""


def _title(tree: Any, marks: Marks, hint: str) -> str:
    """The page's own headline; the entry point's word when the page has none."""
    for candidate in (marks.meta("og:title"), _headline(tree), hint, tree.findtext(".//title") or ""):
        if title := title_text(candidate):
            return title
    return "Sans titre"


def _address(marks: Marks, page: FetchedPage) -> str:
    """The page's canonical URL where it can be believed: same site, and not the home page for everything."""
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


def _date(tree: Any, marks: Marks, page: FetchedPage) -> Dated | None:
    declared = structured(marks, page.fetched_at)
    if declared and declared.has_time:
        return declared
    hinted = plausible(page.hint.published, page.fetched_at)
    if hinted:
        return Dated(hinted, "entry", has_hour(hinted))
    return declared or prose(tree, page.fetched_at)


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


def extract_html(page: FetchedPage) -> Article | Failure:
    """Read an HTML page; a `Failure` of kind empty or format when it holds no text."""
    from lxml import etree
    from trafilatura import load_html

    source = decode(page.body, page.header("content-type"))
    try:
        tree = load_html(source)
    except (ValueError, etree.LxmlError):
        tree = None
    if tree is None:
        return Failure(page.source, page.url, "format", "La page ne contient pas de HTML lisible.")
    marks = read_marks(tree)
    title = _title(tree, marks, page.hint.title)
    text = without_title(_text(tree, page.final_url)[:LONGEST], title)
    if not text:
        return Failure(page.source, page.url, "empty", "La page ne contient aucun texte d'article.")
    address, dated = _address(marks, page), _date(tree, marks, page)
    return Article(
        page_id=page.id,
        source=page.source,
        url=address,
        key=article_key(address),
        title=title,
        text=text,
        fetched_at=page.fetched_at,
        author=_author(marks, page.hint.author),
        published=dated.when if dated else None,
        date_origin=dated.origin if dated else "",
        date_has_time=bool(dated and dated.has_time),
        language=_language(tree, text, page.hint.language),
        truncated=bool(_CLOSED_LD.search(source) or _PAYWALL.search(text[-1500:])),
    )
