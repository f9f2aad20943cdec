"""HTML or XML text → a document that can be asked, and the addresses that its elements carry."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from lxml.cssselect import CSSSelector
from lxml.etree import ParserError

from crawlers.feeds import joined
from crawlers.found import Unreadable

# A declaration of encoding in a text makes lxml refuse it.
_DECLARATION_RE = re.compile(r"^\s*<\?xml\b[^>]*\?>")


def document(text: str) -> Any:
    """A page parsed, whatever its faults; raises Unreadable (`format`) for what is no HTML at all."""
    try:
        return lxml_html.document_fromstring(_DECLARATION_RE.sub("", text.replace("\x00", "")))
    except (ParserError, ValueError) as error:
        raise Unreadable("format", "la page de liste n'est pas une page HTML") from error


def xml_root(text: str) -> Any:
    """The root of an XML text, whatever its faults, None for what is none; no entity, DTD or network (A12, A13)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


@lru_cache(maxsize=256)
def selector(css: str) -> Any:
    """A CSS selector ready to be asked; raises Unreadable (`config`) when it is badly formed."""
    try:
        return CSSSelector(css, translator="html")
    except Exception as error:  # cssselect's errors share no base with lxml's
        raise Unreadable("config", f"le sélecteur CSS « {css[:100]} » est mal formé") from error


def base_of(parsed: Any, url: str) -> str:
    """What the relative addresses of a page are relative to: its `<base>`, else its own URL."""
    tag = parsed.find(".//base[@href]")
    return joined(url, tag.get("href").strip()) if tag is not None else url


def address_of(element: Any) -> str:
    """`href` or `data-href` of the element, else of the first one inside it, else of the link around it."""
    inside = element.iterdescendants("a")
    around = element.iterancestors("a")
    for candidate in (element, *inside, *around):
        if link := (candidate.get("href") or candidate.get("data-href") or "").strip():
            return "" if link.startswith("#") else link
    return next((found.get("data-href").strip() for found in element.iterdescendants() if found.get("data-href")), "")
