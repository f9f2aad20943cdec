"""What one visit saw of a source's entry points, for the parent to tell its health from."""

from __future__ import annotations

from core.sources import Source
from core.visits import Sight
from crawlers import apis, listings
from crawlers.entries import Harvest
from crawlers.fetcher import Fetcher


def sight(source: Source, harvest: Harvest | None, entry: str, fetcher: Fetcher, seconds: float) -> Sight:
    """`entry` is the entry point that answered, empty when none did; `seconds` is what reading them took."""
    asked = first_pages(source)
    moved = next(((url, fetcher.moved[url]) for url in asked if url in fetcher.moved), ("", ""))
    wait = max((fetcher.pause(url) for url in asked), default=0.0)
    if harvest is None:
        gone = bool(asked) and fetcher.gone.issuperset(asked)
        return Sight(source.slug, wait=wait, gone=gone, seconds=seconds)
    announced = {found.url: found.hint.published is not None for found in harvest.found}
    return Sight(
        source.slug, harvest.kind, entry, len(announced), sum(announced.values()), *moved, wait, seconds=seconds
    )


def first_pages(source: Source) -> tuple[str, ...]:
    """The entry points of a source as they are asked for first."""
    filled = {}
    if source.listing:
        filled[source.listing.url] = listings.urls(source.listing, 1)[0]
    if source.api:
        filled[source.api.url] = apis.urls(source.api, 1)[0]
    return tuple(filled.get(entry, entry) for entry in source.entries)
