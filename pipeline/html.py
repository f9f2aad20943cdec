"""One HTML page → article: trafilatura for the text, the page's own marks for title, date, language."""

from __future__ import annotations

import html
import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from core.articles import Article
from core.pages import Failure, FetchedPage
from core.text import fold, one_line, plain
from core.urls import article_key, canonical, same_site
from pipeline.charset import decode
from pipeline.dates import Dated, plausible, prose, structured

SHORT = 250
"""Characters under which a fast extraction is done again with care."""
LONGEST = 1_000_000

_TAG = re.compile(r"<[a-zA-Z/!][^>]{0,300}>")
_PAYWALL = re.compile(
    r"réservée? (?:à nos|aux) abonn|article (?:est )?(?:payant|réservé)"
    r"|\d{1,2}\s?% (?:reste |de l.article )?à (?:lire|découvrir)"
    r"|il vous reste \d{1,2}\s?%|pour lire la suite,? (?:abonnez|connectez)|la suite est réservée",
    re.IGNORECASE,
)
_CLOSED_LD = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_LANGUAGE = re.compile(r"^[a-z]{2}")


@dataclass(frozen=True, slots=True)
class _Body:
    text: str
    title: str
    author: str


def title_text(value: str) -> str:
    """A title as plain text: entities decoded, tags dropped, one line."""
    return one_line(_TAG.sub(" ", html.unescape(value))).strip(" |–—-")


def _trafilatura(tree: Any, url: str, fast: bool) -> _Body:
    from trafilatura import bare_extraction

    # Dates are read by pipeline.dates, with their hour: htmldate's extensive search would be paid twice.
    found = bare_extraction(
        tree, url=url, fast=fast, include_comments=False, with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )  # fmt: skip
    if found is None or isinstance(found, dict):
        return _Body("", "", "")
    return _Body(plain(found.text or ""), found.title or "", found.author or "")


def _baseline(tree: Any) -> str:
    from trafilatura import baseline

    return plain(baseline(deepcopy(tree))[1] or "")


def _body(tree: Any, url: str) -> _Body:
    best = _trafilatura(tree, url, fast=True)
    if len(best.text) < SHORT:
        careful = _trafilatura(tree, url, fast=False)
        best = careful if len(careful.text) > len(best.text) else best
    if not best.text:
        best = _Body(_baseline(tree), best.title, best.author)
    return best


def _first(tree: Any, xpath: str) -> str:
    found = tree.xpath(xpath)
    return str(found[0]).strip() if found else ""


def _title(tree: Any, hint: str, found: str) -> str:
    """The page's own headline; the entry point's word when the page has none."""
    headings = [
        " ".join(node.itertext()) for node in tree.xpath("//article//h1 | //main//h1")[:1] or tree.xpath("//h1")[:1]
    ]
    shared = _first(tree, "//meta[@property='og:title']/@content")
    for candidate in (shared, *headings, hint, found, _first(tree, "//title/text()")):
        if title := title_text(candidate):
            return title
    return "Sans titre"


def _address(tree: Any, page: FetchedPage) -> str:
    """The page's canonical URL where it can be believed: same site, and not the home page for everything."""
    own = canonical(page.final_url or page.url)
    declared = _first(tree, "//link[@rel='canonical']/@href")
    try:
        address = canonical(declared)
    except ValueError:
        return own
    is_home = address.rstrip("/").count("/") <= 2 < own.rstrip("/").count("/")
    return address if same_site(address, own) and not is_home and "?" not in own else own


def _language(tree: Any, text: str, hint: str) -> str:
    declared = (_first(tree, "/html/@lang") or hint).lower()
    if _LANGUAGE.match(declared) and declared.startswith("fr"):
        return "fr"
    return identify(text) or declared[:2]


def identify(text: str) -> str:
    """ISO 639-1 code of a text's language, French and English told apart best; empty for a very short text."""
    if len(text) < 40:
        return ""
    from py3langid import classify

    return str(classify(text[:3000])[0])


def _date(tree: Any, page: FetchedPage) -> Dated | None:
    declared = structured(tree, page.fetched_at)
    if declared and declared.has_time:
        return declared
    hinted = plausible(page.hint.published, page.fetched_at)
    if hinted:
        return Dated(hinted, "entry", True)
    return declared or prose(tree, page.fetched_at)


def without_title(text: str, title: str) -> str:
    """The text without a first line that only repeats the headline: it would be quoted, and counted, twice."""
    first, _, rest = text.partition("\n")
    same = fold(title_text(first)).strip(" .") == fold(title).strip(" .")
    return rest.strip() if same and rest.strip() else text


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
    found = _body(tree, page.final_url)
    title = _title(tree, page.hint.title, found.title)
    text = without_title(found.text[:LONGEST], title)
    if not text:
        return Failure(page.source, page.url, "empty", "La page ne contient aucun texte d'article.")
    address, dated = _address(tree, page), _date(tree, page)
    return Article(
        page_id=page.id,
        source=page.source,
        url=address,
        key=article_key(address),
        title=title,
        text=text,
        fetched_at=page.fetched_at,
        author=one_line(page.hint.author or found.author, 120),
        published=dated.when if dated else None,
        date_origin=dated.origin if dated else "",
        date_has_time=bool(dated and dated.has_time),
        language=_language(tree, text, page.hint.language),
        truncated=bool(_CLOSED_LD.search(source) or _PAYWALL.search(text[-1500:])),
    )
