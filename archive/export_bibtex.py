"""References as BibTeX, for BibLaTeX, BibTeX and what reads them (JabRef, Zotero); UTF-8; pure."""

from __future__ import annotations

import re

from archive.references import Kind, Listing, Reference
from archive.remarks import remarks
from archive.wording import isoday

_TYPES: dict[Kind, tuple[str, str]] = {
    "news": ("article", "journal"),
    "report": ("report", "institution"),
    "page": ("online", "organization"),
}
"""Entry type, and the field that names the source."""
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        **{char: f"\\{char}" for char in "{}$&%#_"},
    }
)  # fmt: skip


def bibtex(listing: Listing) -> bytes:
    """Text outside of entries is a comment, as long as it has no « @ »."""
    head = "".join(f"% {remark.replace('@', ' ')}\n" for remark in remarks(listing))
    entries = "".join(f"\n{_entry(reference, listing)}" for reference in listing.references)
    return (head + entries).encode("utf-8")


def _entry(one: Reference, listing: Listing) -> str:
    kind, publisher = _TYPES[one.kind]
    fields = {
        # Names and titles are kept as they are: neither cut into first and last names nor put into small letters.
        "author": f"{{{escaped(one.who)}}}",
        "title": f"{{{escaped(one.title)}}}",
        publisher: escaped(one.source_name),
        "date": one.day,
        "year": one.day[:4],
        "url": _address(one.url or one.permanent),
        "urldate": isoday(listing.read_at),
        "language": escaped(one.language),
        "keywords": escaped(one.keywords),
        "note": rf"Fiche : \url{{{_address(one.permanent)}}}",
        "annote": escaped(one.passage),
        "annotation": escaped(one.note),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{key(one)},\n{lines}}}\n"


def key(one: Reference) -> str:
    """The same for good: it is in people's documents."""
    return f"{re.sub(r'[^a-z0-9-]', '', one.source.lower()) or 'article'}-{one.id}"


def escaped(text: str) -> str:
    """The text with LaTeX's special characters written so that they are printed."""
    return text.translate(_LATEX)


def _address(url: str) -> str:
    """An address is read verbatim, so only what would end the field is changed (RFC 3986, section 2.1)."""
    return url.replace("{", "%7B").replace("}", "%7D")
