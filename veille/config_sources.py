"""The [[source]] tables of config.toml → sources."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.errors import ConfigError
from core.sources import ApiRules, Expectations, ListingRules, PageRules, Rights, Source
from veille.config_lines import key_lines, locate

if TYPE_CHECKING:
    from veille.config_model import ConfigFile, SourceTable

_OFFICIAL = {"ministere", "agence", "parlement", "journal-officiel", "international"}
_PARAMETER = re.compile(r"\{([a-z0-9-]+)\}")

BY_HAND = Source(
    "ajouts",
    "Ajouté à la main",
    "presse",
    "",
    enabled=False,
    disabled_reason="ses articles sont ajoutés un par un, à la main",
    rights=Rights(full_text="nobody", keep_days=90),
)
"""What `veille add` brings from a site that no source watches, with the rights of the press."""


def check(model: ConfigFile, text: str, name: str) -> None:
    """Raises ConfigError on a slug taken twice, an enabled source without entry, a parameter without value, and when
    no topic is enabled."""
    lines = key_lines(text)
    for kind, slugs in (("source", [s.slug for s in model.source]), ("topic", [t.slug for t in model.topic])):
        for slug, count in Counter(slugs).items():
            if count > 1:
                second = [i for i, value in enumerate(slugs) if value == slug][1]
                line = locate(lines, (kind, second, "slug"))
                raise ConfigError(
                    f"{name}, ligne {line} : « slug » {slug!r} est déjà pris par une autre table [[{kind}]]."
                )
    if not any(topic.enabled for topic in model.topic):
        line = locate(lines, ("topic", 0, "enabled"))
        raise ConfigError(f"{name}, ligne {line} : aucun sujet n'est actif ; il faut « enabled = true » à l'un d'eux.")
    for index, source in enumerate(model.source):
        if source.enabled and not _has_entry(source):
            line = locate(lines, ("source", index))
            raise ConfigError(
                f"{name}, ligne {line} : la source {source.slug!r} n'a aucune entrée ; "
                "il faut « feed », « sitemap », [source.listing], [source.api], [source.page], ou « discover = true »."
            )
        for address in (*source.feed, *source.sitemap):
            if missing := set(_PARAMETER.findall(address)) - source.parameters.keys():
                line = locate(lines, ("source", index, "feed" if address in source.feed else "sitemap"))
                raise ConfigError(
                    f"{name}, ligne {line} : « {{{min(missing)}}} » n'a pas de valeur ; "
                    f'il faut [source.parameters] {min(missing)} = ["…"].'
                )


def _has_entry(table: SourceTable) -> bool:
    return bool(table.feed or table.sitemap or table.listing or table.api or table.page or table.discover)


def expanded(addresses: list[str], parameters: dict[str, list[str]]) -> tuple[str, ...]:
    """Every address with each `{name}` replaced by each of its values, in order and once each."""
    found: list[str] = []
    for address in addresses:
        names = list(dict.fromkeys(_PARAMETER.findall(address)))
        for values in product(*(parameters[name] for name in names)):
            filled = address
            for key, value in zip(names, values, strict=True):
                filled = filled.replace("{" + key + "}", quote(value))
            found.append(filled)
    return tuple(dict.fromkeys(found))


def source(table: SourceTable) -> Source:
    """A table → what the rooms know of a source, with the rights of its category where it gives none."""
    official = table.category in _OFFICIAL
    given = table.rights
    rights = Rights(
        excerpt_chars=200 if given.excerpt_chars is None else given.excerpt_chars,
        full_text=given.full_text or ("public" if official else "nobody"),
        keep_days=given.keep_days if given.keep_days is not None or official else 90,
        mining=given.mining,
    )
    listing, api = table.listing, table.api
    return Source(
        slug=table.slug,
        name=table.name,
        category=table.category,
        url=table.url,
        feeds=expanded(table.feed, table.parameters),
        sitemaps=expanded(table.sitemap, table.parameters),
        listing=ListingRules(**{**listing.model_dump(), "exclude": tuple(listing.exclude)}) if listing else None,
        api=ApiRules(**api.model_dump()) if api else None,
        pages=PageRules(tuple(table.page.url), table.page.content) if table.page else None,
        discover=table.discover,
        article_domains=tuple(table.article_domains),
        delay=table.delay,
        every=table.every,
        enabled=table.enabled,
        disabled_reason=table.disabled_reason,
        checked_on=table.checked_on,
        keywords=tuple(table.keywords),
        fetch=table.fetch,
        expect=Expectations(**table.expect.model_dump()),
        rights=rights,
    )
