"""References as CSL-JSON (schema 1.0.2), for Zotero, Pandoc and citeproc; pure."""

from __future__ import annotations

import json
from typing import Any

from archive.export_bibtex import key
from archive.references import Kind, Listing, Reference
from archive.wording import isoday

_TYPES: dict[Kind, str] = {"news": "article-newspaper", "report": "report", "page": "webpage"}


def csl_json(listing: Listing) -> bytes:
    """The format is a list of references: what the sources cover is in the note of each."""
    items = [_item(one, listing) for one in listing.references]
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _item(one: Reference, listing: Listing) -> dict[str, Any]:
    item = {
        "id": key(one),
        "type": _TYPES[one.kind],
        "author": [{"literal": one.who}],
        "title": one.title,
        "publisher" if one.kind == "report" else "container-title": one.source_name,
        "issued": _date(one.day),
        "accessed": _date(isoday(listing.read_at)),
        "URL": one.url or one.permanent,
        "archive": listing.site,
        "archive_location": one.permanent,
        "language": one.language,
        "keyword": one.keywords,
        "annote": one.passage,
        "note": " ".join(listing.coverage),
    }
    return {name: value for name, value in item.items() if value}


def _date(day: str) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None
