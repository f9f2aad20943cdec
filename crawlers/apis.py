"""JSON, zipped JSON and CSV answers → articles, each field sought by JMESPath or by column."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from core.pages import Hint
from core.sources import ApiRules
from core.text import fold
from crawlers import charsets, dates, plain
from crawlers.feeds import joined
from crawlers.found import EntryPage, Found, Reading, Unreadable
from crawlers.limits import INFLATED_BYTES

MOST_ROWS = 5_000
MOST_MEMBERS = 20_000


def urls(rules: ApiRules, most: int) -> tuple[str, ...]:
    """The addresses of the API's pages, from 1; a single one when `{page}` is not in the rules."""
    if "{page}" not in rules.url:
        return (rules.url,)
    return tuple(rules.url.replace("{page}", str(number)) for number in range(1, min(rules.pages, most) + 1))


def read(page: EntryPage, rules: ApiRules, now: datetime) -> Reading:
    """The rows of an answer that name an address. Raises Unreadable when the answer has not the expected form."""
    found: list[Found] = []
    for fields in _records(page, rules):
        link = fields["link"]
        if link:
            found.append(_found(joined(page.url, link), fields, rules, now))
        if len(found) == MOST_ROWS:
            break
    return Reading(tuple(found))


def _found(url: str, fields: dict[str, str], rules: ApiRules, now: datetime) -> Found:
    title, text = plain.title_of(fields["title"]), plain.text_of(fields["text"])
    published = dates.parse(fields["date"], now)
    row = row_of(url, title, text, published) if rules.text and text else None
    return Found(url, Hint(title=title, published=published, text=text), row)


def row_of(url: str, title: str, text: str, published: datetime | None) -> bytes:
    """The body of a page of kind `row`: UTF-8 JSON of url, title, text and date (ISO 8601, or null)."""
    date = published.isoformat() if published else None
    return json.dumps({"url": url, "title": title, "text": text, "date": date}, ensure_ascii=False).encode()


def _records(page: EntryPage, rules: ApiRules) -> Iterator[dict[str, str]]:
    if rules.format == "csv":
        yield from _csv_records(page, rules)
        return
    documents = _zipped(page.body) if rules.format == "json.zip" else iter((page.body,))
    queries = {name: _query(getattr(rules, name)) for name in ("link", "title", "text", "date")}
    items = _query(rules.items)
    for document in documents:
        for item in _items(_json(document, rules.encoding), items):
            yield {name: _words(query.search(item)) if query else "" for name, query in queries.items()}


def _items(document: Any, query: Any) -> list[Any]:
    try:
        items = query.search(document) if query else document
    except JMESPathError as error:
        raise Unreadable("config", f"une expression JMESPath ne s'applique pas à la réponse : {error}"[:300]) from error
    if items is None:
        raise Unreadable("format", "la réponse n'a pas la forme attendue : rien à l'endroit indiqué par « items »")
    return items if isinstance(items, list) else [items]


def _query(expression: str) -> Any:
    if not expression:
        return None
    try:
        return jmespath.compile(expression)
    except JMESPathError as error:
        raise Unreadable("config", f"l'expression JMESPath « {expression[:100]} » est mal formée") from error


def _json(body: bytes, encoding: str) -> Any:
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


def _zipped(body: bytes) -> Iterator[bytes]:
    """The JSON members of a zip, one after the other, at most INFLATED_BYTES bytes in all (threat A7)."""
    left = INFLATED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for member in [name for name in archive.namelist() if name.lower().endswith(".json")][:MOST_MEMBERS]:
                with archive.open(member) as stream:
                    document = stream.read(left + 1)
                left -= len(document)
                if left < 0:
                    raise Unreadable("size", f"l'archive décompressée dépasse {INFLATED_BYTES // 1024 // 1024} Mio")
                yield document
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Unreadable("encoding", "l'archive zip est abîmée ou protégée") from error


def _csv_records(page: EntryPage, rules: ApiRules) -> Iterator[dict[str, str]]:
    text = charsets.text_of(page.body, page.content_type, rules.encoding)
    # Lines of comment come before the columns in the Sénat's files.
    lines = [line for line in text.splitlines(keepends=True) if line.strip()]
    start = next((number for number, line in enumerate(lines) if not line.startswith("%")), len(lines))
    try:
        reader = csv.reader(io.StringIO("".join(lines[start:]), newline=""), delimiter=rules.delimiter[:1] or ";")
        header = next(reader, [])
        columns = {name: _column(header, getattr(rules, name)) for name in ("link", "title", "text", "date")}
        for row in reader:
            yield {
                name: row[column].strip() if column is not None and column < len(row) else ""
                for name, column in columns.items()
            }
    except csv.Error as error:
        raise Unreadable("format", "le fichier CSV est mal formé") from error


def _column(header: list[str], wanted: str) -> int | None:
    """Where a column is, case and accents aside. Raises Unreadable when a wanted column is not there."""
    if not wanted:
        return None
    names = [fold(name).strip() for name in header]
    if fold(wanted).strip() not in names:
        shown = ", ".join(name.strip() for name in header[:12]) or "aucune"
        raise Unreadable("format", f"la colonne « {wanted[:60]} » n'est pas dans le fichier (colonnes : {shown})"[:400])
    return names.index(fold(wanted).strip())
