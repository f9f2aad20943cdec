"""Any search as an Atom feed (RFC 4287)."""

from __future__ import annotations

import io
from html import escape

from feedgenerator import Atom1Feed

from archive.names import Names
from archive.query import Address
from archive.rights import shown, visitor_view
from archive.wording import spaced
from core.search import SearchResult
from core.text import one_line

FEED_LENGTH = 50


def atom(address: Address, found: SearchResult, names: Names, title: str, base: str) -> bytes:
    """The feed's XML; `base` is the site's address without a final slash."""
    searched = address.q or ("tous les articles" if address.everything else "articles repérés")
    feed = Atom1Feed(
        title=spaced(one_line(f"{title} : {searched}")),
        link=base + address.href(),
        feed_url=base + address.href("/flux.atom"),
        description=None,
        language="fr",
    )
    for hit in found.hits:
        excerpt = shown(hit.excerpt, visitor_view(names.sources.get(hit.source)))
        link = f"{base}/article/{hit.article_id}"
        feed.add_item(
            title=one_line(hit.title),
            link=link,
            description=escape(one_line(excerpt.text), quote=False),  # the library declares it as HTML
            unique_id=link,
            pubdate=hit.published or hit.first_seen,
            updateddate=hit.first_seen,
            author_name=one_line(names.source(hit.source)),
            categories=tuple(one_line(tag.name) for tag in names.tags(hit.tags)),
        )
    out = io.BytesIO()
    feed.write(out, "utf-8")
    return out.getvalue()
