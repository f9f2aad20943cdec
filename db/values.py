"""What values become in the database and back, in statements of SQL text; in those of SQLAlchemy, `db/columns.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

_UNPRINTABLE = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}


def storable(text: str) -> str:
    """The same text, of the same length, without what UTF-8 or a C string cannot hold."""
    if "\0" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            return text.translate(_UNPRINTABLE)
        return text
    return text.translate(_UNPRINTABLE)


def as_list(values: Iterable[int | str]) -> str:
    """Any number of values as one parameter, that `json_each` takes apart."""
    return json.dumps([storable(each) if isinstance(each, str) else each for each in values])


def stored_time(time: datetime) -> str:
    """A time as SQLite holds it: UTC, to the microsecond, without zone; a naive one is taken as UTC."""
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def time_read(stored: str) -> datetime:
    """The aware time, in UTC, of what SQLite holds."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
