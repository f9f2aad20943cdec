"""What a new source is called, what it says, and whether it is watched already."""

from __future__ import annotations

import re
from typing import Any, get_args
from urllib.parse import urlsplit

from core.discovery import Candidate, Discovery
from core.errors import ConfigError
from core.sources import Category, Source
from core.text import fold
from core.urls import article_key, host
from veille.config import Config

_PARLIAMENTS = ("assemblee-nationale.fr", "senat.fr", "lecese.fr")
_JOURNALS = ("legifrance.gouv.fr", "journal-officiel.gouv.fr", "boamp.fr")
_INTERNATIONAL = (".europa.eu", ".int", "oecd.org", "worldbank.org", "un.org")


def watching(config: Config, address: str) -> Source | None:
    """The source that has this address as an entry point; its home page alone does not count."""
    wanted = identity(address)
    for source in config.sources:
        if wanted in {identity(entry) for entry in source.entries}:
            return source
    return None


def identity(address: str) -> str:
    try:
        return article_key(address)
    except ValueError:
        return address


def table_of(config: Config, discovery: Discovery, chosen: Candidate, category: str) -> dict[str, Any]:
    """The keys of the source's block."""
    # Only a page for people has a name; the address given may be the feed's own.
    home = discovery.page if discovery.name or chosen.kind == "listing" else root_of(chosen.url)
    table: dict[str, Any] = {
        "slug": free_slug(slug_of(chosen.url), {source.slug for source in config.sources}),
        "name": discovery.name or host(chosen.url),
        "category": category,
        "url": home,
    }
    if chosen.kind in ("feed", "sitemap"):
        table[chosen.kind] = chosen.url
    elif chosen.listing is not None:
        rules = {"url": chosen.listing.url, "link": chosen.listing.link, "next": chosen.listing.next}
        table["listing"] = {key: value for key, value in rules.items() if value}
    elif chosen.api is not None:
        names = ("url", "items", "link", "title", "text", "date")
        table["api"] = {name: value for name in names if (value := getattr(chosen.api, name))}
    return table


def root_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"


def slug_of(address: str) -> str:
    """`https://www.anah.gouv.fr/…` → `anah`; `http://127.0.0.1:80/` → `127-0-0-1`."""
    name = fold(host(address)).removeprefix("www.")
    if not re.fullmatch(r"[\d.]+|.*:.*", name):
        name = re.sub(r"\.(?:gouv\.fr|asso\.fr|co\.uk|[a-z]+)$", "", name)
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:50].strip("-") or "source"


def free_slug(slug: str, taken: set[str]) -> str:
    """The slug, with a number when it is taken."""
    return next(
        name
        for number in range(1, len(taken) + 2)
        if (name := slug if number == 1 else f"{slug}-{number}") not in taken
    )


def category_of(address: str, given: str) -> str:
    """The category given, else the one that the host tells; empty when nothing tells it. Raises ConfigError."""
    if given:
        if given not in get_args(Category):
            raise ConfigError(f"--category vaut « {given} » ; valeurs possibles : {', '.join(get_args(Category))}.")
        return given
    name = host(address)
    known: tuple[tuple[Category, tuple[str, ...]], ...] = (
        ("journal-officiel", _JOURNALS),
        ("parlement", _PARLIAMENTS),
        ("international", _INTERNATIONAL),
        ("ministere", (".gouv.fr",)),
    )
    return next((category for category, ends in known if name.endswith(ends)), "")
