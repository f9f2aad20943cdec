"""Guesses how a JSON answer names its articles: where the list is, and which field is which; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from core.sources import ApiRules
from core.text import fold
from crawlers import charsets, dates
from crawlers.found import EntryPage

DEEPEST = 3
LONG_TEXT = 200
_WEB_RE = re.compile(r"https?://\S+$")
_FIELD_RE = re.compile(r"[A-Za-z_]\w*")
_TITLES = ("titre", "title", "objet", "intitule", "libelle", "nom", "name", "headline")
_TEXTS = ("texte", "text", "contenu", "content", "body", "corps", "description", "resume", "summary")
_DATES = ("date_publication", "datepublication", "published", "date_published", "publication", "dateparution", "date")


def api_rules(page: EntryPage, now: datetime) -> ApiRules | None:
    """Rules for the first list of objects that have an address each; None when the answer has none."""
    try:
        document = json.loads(charsets.text_of(page.body, page.content_type))
    except (ValueError, RecursionError):
        return None
    for path, rows in _lists(document, (), 0):
        fields = _flat(rows[0])
        link = next((name for name, value in fields.items() if _WEB_RE.match(value)), "")
        if not link or not all(_WEB_RE.match(_flat(row).get(link, "")) for row in rows[:5]):
            continue
        return ApiRules(
            url=_paged(page.url),
            link=link,
            items=".".join(path),
            title=_named(fields, _TITLES, lambda value: 0 < len(value) <= 400),
            text=_named(fields, _TEXTS, lambda value: len(value) >= LONG_TEXT),
            date=_named(fields, _DATES, lambda value: dates.parse(value, now) is not None)
            or next((name for name, value in fields.items() if _is_date(value, now)), ""),
        )
    return None


def _lists(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value[:5]):
        yield path, value
    elif isinstance(value, dict) and depth < DEEPEST:
        for key, inner in value.items():
            if _FIELD_RE.fullmatch(key):
                yield from _lists(inner, (*path, key), depth + 1)


def _flat(row: Any) -> dict[str, str]:
    """The text fields of an object, one level of nesting included: `auteur.nom`."""
    flat: dict[str, str] = {}
    for key, value in row.items() if isinstance(row, dict) else ():
        if not _FIELD_RE.fullmatch(key):
            continue
        if isinstance(value, str | int):
            flat[key] = str(value)
        elif isinstance(value, dict):
            flat |= {f"{key}.{name}": text for name, text in value.items() if isinstance(text, str)}
    return flat


def _named(fields: dict[str, str], wanted: tuple[str, ...], fits: Any) -> str:
    for word in wanted:
        for name, value in fields.items():
            if fold(name.rsplit(".", 1)[-1]) == word and fits(value):
                return name
    return ""


def _is_date(value: str, now: datetime) -> bool:
    return len(value) <= 40 and not value.isdigit() and dates.parse(value, now) is not None


def _paged(url: str) -> str:
    """`…?page=1` → `…?page={page}`, so that older answers can be asked too."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if ("page", "1") not in pairs:
        return url
    query = "&".join("page={page}" if pair == ("page", "1") else urlencode([pair]) for pair in pairs)
    return urlunsplit(parts._replace(query=query))
