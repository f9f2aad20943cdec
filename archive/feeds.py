"""Any search as a feed: Atom (RFC 4287) or RSS 2.0; pure."""

from __future__ import annotations

import io
from html import escape
from typing import Literal

from feedgenerator import Atom1Feed, Rss201rev2Feed

from archive.references import Listing

FeedKind = Literal["atom", "rss"]
FEED_LENGTH = 50
MEDIA_TYPES: dict[FeedKind, str] = {"atom": "application/atom+xml", "rss": "application/rss+xml"}
CLASSES = {"atom": Atom1Feed, "rss": Rss201rev2Feed}


def feed(listing: Listing, kind: FeedKind, address: str) -> bytes:
    """The feed's XML; `address` is its own, and what the sources cover is its subtitle."""
    made = CLASSES[kind](
        title=listing.title,
        link=listing.address,
        feed_url=address,
        description=" ".join((*listing.notes, *listing.coverage)),
        language="fr",
    )
    for one in listing.references:
        made.add_item(
            title=one.title,
            link=one.permanent,
            description=escape(one.passage, quote=False),  # both formats take it as HTML
            unique_id=one.permanent,
            pubdate=one.at,
            updateddate=one.first_seen,
            author_name=one.source_name,
            categories=tuple(tag.name for tag in one.tags),
        )
    out = io.BytesIO()
    made.write(out, "utf-8")
    return out.getvalue()
