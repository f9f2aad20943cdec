"""JSON, zipped JSON and CSV answers → articles, each field sought by JMESPath, by column or by a template of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from itertools import dropwhile
from typing import Any
from urllib.parse import quote

import jmespath
from jmespath.exceptions import JMESPathError

from core.pages import Hint
from core.sources import ApiRules
from core.text import fold
from crawlers import archives, charsets, dates, plain
from crawlers.feeds import joined
from crawlers.found import LONG_AGO, EntryPage, Found, Reading, Unreadable

MOST_ROWS = 5_000
"""Rows kept of one answer, the newest: a dump holds the history of years."""
MOST_NODES = 3_000_000
"""Objects, lists and strings of one JSON text: read, each takes many times its own bytes."""
LONGEST_VALUE = 500
"""Characters of a field that a template puts in an address."""
FIELDS = ("link", "title", "text", "date")
_PLACE_RE = re.compile(r"\{([^{}]+)\}")
_FOLLOWING_RE = re.compile(r"\{page\}|\{offset\}")


def urls(rules: ApiRules, most: int) -> tuple[str, ...]:
    """The addresses of the API's pages: `{page}` from `first`, `{offset}` from 0; a single one without either."""
    if not _FOLLOWING_RE.search(rules.url):
        return (rules.url,)
    return tuple(
        rules.url.replace("{page}", str(rules.first + turn)).replace("{offset}", str(rules.step * turn))
        for turn in range(min(rules.pages, most))
    )


def read(
    page: EntryPage, rules: ApiRules, now: datetime, is_wanted: Callable[[Found], bool] = lambda found: True
) -> Reading:
    """The wanted rows of an answer that name an address, in its order; the MOST_ROWS newest when there are more.

    Raises Unreadable when the answer has not the expected form.
    """
    rows = _Rows(page, rules)
    found: list[Found] = []
    unnamed, named = 0, False
    for fields in rows.read():
        if not fields["link"]:
            unnamed += 1
            continue
        named = True
        row = _found(joined(page.url, fields["link"]), fields, rules, now)
        if is_wanted(row):
            found.append(row)
        if len(found) == 2 * MOST_ROWS:
            found = _newest(found)
    if unnamed and not named:
        raise Unreadable("format", f"{unnamed} lignes, dont aucune n'a d'adresse : revoir « link »")
    return Reading(tuple(_newest(found)) if len(found) > MOST_ROWS else tuple(found), lost=rows.lost)


def _newest(found: list[Found]) -> list[Found]:
    return nlargest(MOST_ROWS, found, key=lambda row: row.hint.published or LONG_AGO)


def _found(url: str, fields: dict[str, str], rules: ApiRules, now: datetime) -> Found:
    title, text = plain.title_of(fields["title"]), plain.text_of(fields["text"])
    published = dates.parse(fields["date"], now)
    row = row_of(url, title, text, published) if rules.text and text else None
    return Found(url, Hint(title=title, published=published, text=text), row)


def row_of(url: str, title: str, text: str, published: datetime | None, reserved: bool = False) -> bytes:
    """The body of a page of kind `row`: UTF-8 JSON of url, title, text and date (ISO 8601, or null).

    `reserved`: its publisher reserves text and data mining, the text is the beginning of its announcement.
    """
    date = published.isoformat() if published else None
    row: dict[str, object] = {"url": url, "title": title, "text": text, "date": date}
    return json.dumps(row | ({"reserved": True} if reserved else {}), ensure_ascii=False).encode()


def _filled(expression: str, one: Callable[[str], Callable[[Any], str]]) -> Callable[[Any], str]:
    """What reads a field of a row: `one` expression, or an address with expressions in braces, each value quoted."""
    if not expression.startswith(("http://", "https://", "/")) or not _PLACE_RE.search(expression):
        return one(expression) if expression else lambda row: ""
    readers = {place: one(place.strip()) for place in _PLACE_RE.findall(expression)}

    def fill(row: Any) -> str:
        values = {place: reader(row) for place, reader in readers.items()}
        # A value that climbs (« .. ») or is missing would lead to a page that is not this row's.
        if not all(value.strip(".") and len(value) <= LONGEST_VALUE for value in values.values()):
            return ""
        return _PLACE_RE.sub(lambda match: quote(values[match[1]], safe=""), expression)

    return fill


@dataclass(slots=True)
class _Rows:
    """The rows of one answer, whatever its format, and what of it could not be read."""

    page: EntryPage
    rules: ApiRules
    bad: int = field(default=0, init=False)
    """Files of an archive that hold no readable row."""

    @property
    def lost(self) -> str:
        many = "s" if self.bad > 1 else ""
        return f"{self.bad} fichier{many} de l'archive illisible{many}" if self.bad else ""

    def read(self) -> Iterator[dict[str, str]]:
        """The fields of each row; a field that is not asked for, or is missing, is empty."""
        if self.rules.format == "csv":
            return self._of_csv()
        return self._of_json(archives.members(self.page.body, ".json") if self.rules.format == "json.zip" else None)

    def _of_json(self, files: Iterator[bytes] | None) -> Iterator[dict[str, str]]:
        fields = {name: _filled(getattr(self.rules, name), _json_reader) for name in FIELDS}
        query = _query(self.rules.items) if self.rules.items else None
        if files is None:
            documents: Iterator[Any] = iter((_json(self.page.body, self.rules.encoding),))
        else:
            documents = self._readable(files)
        formed = False
        for document in documents:
            items = _items(document, query)
            formed = formed or items is not None
            for item in items or ():
                yield {name: reader(item) for name, reader in fields.items()}
        if not formed:
            raise Unreadable("format", "la réponse n'a pas la forme attendue : rien à l'endroit indiqué par « items »")

    def _readable(self, files: Iterator[bytes]) -> Iterator[Any]:
        for file in files:
            try:
                yield _json(file, self.rules.encoding)
            except Unreadable as error:
                if error.kind != "format":
                    raise
                self.bad += 1

    def _of_csv(self) -> Iterator[dict[str, str]]:
        text = charsets.text_of(self.page.body, self.page.content_type, self.rules.encoding)
        # Lines of comment come before the columns in the Sénat's files.
        lines = dropwhile(_is_comment, io.StringIO(text, newline=""))
        try:
            reader = csv.reader(lines, delimiter=self.rules.delimiter[:1] or ";")
            header = next(reader, [])
            fields = {name: _filled(getattr(self.rules, name), lambda name: _column(header, name)) for name in FIELDS}
            for row in reader:
                yield {name: read(row) for name, read in fields.items()}
        except csv.Error as error:
            raise Unreadable("format", "le fichier CSV est mal formé") from error


def _is_comment(line: str) -> bool:
    return line.startswith("%") or not line.strip()


def _items(document: Any, query: Any) -> list[Any] | None:
    """The rows of a document; None when there is nothing where they should be."""
    try:
        items = query.search(document) if query else document
    except JMESPathError as error:
        raise Unreadable("config", f"une expression JMESPath ne s'applique pas à la réponse : {error}"[:300]) from error
    return items if isinstance(items, list) or items is None else [items]


def _query(expression: str) -> Any:
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        raise Unreadable("config", f"l'expression JMESPath « {expression[:100]} » est mal formée") from error


def _json_reader(expression: str) -> Callable[[Any], str]:
    query = _query(expression)

    def read(item: Any) -> str:
        try:
            return _words(query.search(item))
        except JMESPathError:
            return ""  # a function that does not take what this row holds

    return read


def _json(body: bytes, encoding: str) -> Any:
    if body.count(b"{") + body.count(b"[") + body.count(b'"') // 2 > MOST_NODES:
        raise Unreadable("size", "la réponse contient trop d'éléments")
    try:
        return json.loads(charsets.text_of(body, declared=encoding))
    except (ValueError, RecursionError) as error:
        raise Unreadable("format", "la réponse n'est pas du JSON lisible") from error


def _words(value: Any) -> str:
    """A JSON value as text: fields of public data flip between a value, a list and nothing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return "\n".join(word for part in value if (word := _words(part)))
    return "" if value is None or isinstance(value, dict | bool) else str(value)


def _column(header: list[str], wanted: str) -> Callable[[list[str]], str]:
    """What reads a column, case and accents aside. Raises Unreadable when the wanted column is not there."""
    names = [fold(name).strip() for name in header]
    if fold(wanted).strip() not in names:
        shown = ", ".join(name.strip() for name in header[:12]) or "aucune"
        raise Unreadable("format", f"la colonne « {wanted[:60]} » n'est pas dans le fichier (colonnes : {shown})"[:400])
    at = names.index(fold(wanted).strip())
    return lambda row: row[at].strip() if at < len(row) else ""
