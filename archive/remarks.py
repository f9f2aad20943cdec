"""What a file of results says of itself: which search, when, what was left out, what the sources cover; pure."""

from __future__ import annotations

from archive.references import Listing
from archive.wording import count, day, number


def remarks(listing: Listing) -> tuple[str, ...]:
    """French lines, for the place that each format has for them."""
    found = count(listing.total, "article trouvé", "articles trouvés")
    lines = [f"{listing.title}.", f"Recherche du {day(listing.read_at)}\u00a0: {found}. {listing.address}"]
    cut = _cut(listing)
    return (*lines, *((cut,) if cut else ()), *listing.notes, *listing.coverage)


def _cut(listing: Listing) -> str:
    """Which part of a long answer this is; empty when it is the whole."""
    here = len(listing.references)
    if here == listing.total:
        return ""
    if not here:
        return "Cette partie est vide\u00a0: il n’y a pas autant de résultats."
    last = listing.first + here - 1
    follows = f" La suite\u00a0: {listing.next}" if listing.next else ""
    return f"Partie de {number(listing.first)} à {number(last)} sur {number(listing.total)}.{follows}"
