"""The older pages of a feed: by the links that it gives (RFC 5005, JSON Feed), else as WordPress numbers them."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from lxml import etree

from crawlers import charsets, markup
from crawlers.feeds import joined
from crawlers.found import EntryPage

OLDER = ("prev-archive", "next")
"""RFC 5005: in archived feeds (section 4) the older document, in paged ones (section 3) the following one."""
_DECLARATION_RE = re.compile(r"^\s*<\?xml\b[^>]*\?>")


def older(page: EntryPage) -> tuple[str, ...]:
    """The feed page to read after this one; none when nothing says that there is one."""
    text = charsets.text_of(page.body, page.content_type).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _json(text, page.url)
    root = markup.xml_root(_DECLARATION_RE.sub("", text))
    if root is None:
        return ()
    # Of the feed itself, not of its items: Atom's are children of the root, RSS's of its channel.
    own = [*root.iterchildren(tag=etree.Element), *root.xpath("./*[local-name()='channel']/*")]
    for relation in OLDER:
        for link in own:
            if etree.QName(link).localname == "link" and link.get("rel") == relation and link.get("href"):
                return (joined(page.url, link.get("href").strip()),)
    makers = [node for node in own if etree.QName(node).localname == "generator"]
    made_by = " ".join((node.text or "") + (node.get("uri") or "") for node in makers).lower()
    return (_numbered(page.url),) if "wordpress" in made_by else ()


def _json(text: str, base: str) -> tuple[str, ...]:
    """`next_url` (JSON Feed 1.1)."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    link = feed.get("next_url") if isinstance(feed, dict) else None
    return (joined(base, link.strip()),) if isinstance(link, str) and link.strip() else ()


def _numbered(url: str) -> str:
    """`?paged=2`, then 3: WordPress answers 404 after the last."""
    parts = urlsplit(url)
    fields = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    number = fields.get("paged", "1")
    fields["paged"] = str(int(number) + 1 if number.isdecimal() and len(number) < 7 else 2)
    return urlunsplit(parts._replace(query=urlencode(fields), fragment=""))
