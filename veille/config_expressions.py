"""The CSS selectors and JMESPath of config.toml, tried before sources are read.

Apart from the rest of the configuration, because their libraries cost a command as much as its own start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.errors import ConfigError
from core.sources import Source
from veille.config import Config
from veille.config_lines import key_lines, locate

_SELECTORS = ("item", "link", "title", "date", "pdf", "next")
_FIELDS = ("link", "title", "text", "date")
_PLACE = re.compile(r"\{([^{}]+)\}")


def check(config: Config) -> None:
    """Raises ConfigError with the line and the key of the first expression that is mal-formed."""
    for index, source in enumerate(config.sources):
        for table, key, reason in _faults(source):
            lines = key_lines(config.path.read_text(encoding="utf-8-sig"))
            line = locate(lines, ("source", index, table, key))
            raise ConfigError(f"{config.path.name}, ligne {line} : « {key} » {reason} (dans [source.{table}]).")


def _faults(source: Source) -> Iterator[tuple[str, str, str]]:
    """(table, key, what is wrong) of a source's expressions."""
    listing, api, pages = source.listing, source.api, source.pages
    css = [("listing", key, getattr(listing, key)) for key in _SELECTORS] if listing else []
    css += [("page", "content", pages.content)] if pages else []
    for table, key, value in css:
        if value and not _is_css(value):
            yield table, key, f"vaut {value!r} : sélecteur CSS mal formé"
    if api is None or api.format == "csv":
        return
    paths = [("items", api.items), *((key, part) for key in _FIELDS for part in _expressions(getattr(api, key)))]
    for key, value in paths:
        if value and not _is_path(value):
            yield "api", key, f"vaut {value!r} : expression JMESPath mal formée"


def _expressions(value: str) -> list[str]:
    """A field is one expression, or an address with expressions between braces."""
    places = _PLACE.findall(value) if value.startswith(("http://", "https://", "/")) else []
    return [place.strip() for place in places] or [value]


def _is_css(value: str) -> bool:
    from cssselect import HTMLTranslator, SelectorError

    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError:
        return False
    return True


def _is_path(value: str) -> bool:
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        jmespath.compile(value)
    except JMESPathError:
        return False
    return True
