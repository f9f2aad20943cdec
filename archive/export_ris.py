"""References as RIS, for Zotero, EndNote and Mendeley; UTF-8; pure."""

from __future__ import annotations

from collections.abc import Iterable

from archive.references import Kind, Listing, Reference
from archive.wording import isoday

_TYPES: dict[Kind, str] = {"news": "NEWS", "report": "RPRT", "page": "ELEC"}


def ris(listing: Listing) -> bytes:
    """The format has no place for remarks outside of a record: what the sources cover is a note of each."""
    lines = (f"{tag}  - {value}" for one in listing.references for tag, value in _record(one, listing))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8")


def _record(one: Reference, listing: Listing) -> Iterable[tuple[str, str]]:
    """Values are on one line each, so none of them can begin another tag."""
    optional = (
        ("PY", one.day[:4]),
        ("DA", _day(one.day)),
        ("LA", one.language),
        ("UR", one.url or one.permanent),
    )
    yield "TY", _TYPES[one.kind]
    yield "ID", str(one.id)
    # Without a comma, a name is one name: that of an organisation, or one that is not to be cut.
    yield "AU", one.who.replace(",", " ;")
    yield "TI", one.title
    yield "PB" if one.kind == "report" else "T2", one.source_name
    yield from ((tag, value) for tag, value in optional if value)
    yield "Y2", _day(isoday(listing.read_at))
    yield from (("KW", word) for word in (*(tag.name for tag in one.tags), *one.marks))
    if one.note:
        yield "N1", one.note
    if one.passage:
        yield "N1", f"Passage : {one.passage}"
    yield "N1", f"Fiche : {one.permanent}"
    yield from (("N1", line) for line in listing.coverage)
    yield "ER", ""


def _day(iso: str) -> str:
    return f"{iso.replace('-', '/')}/" if iso else ""
