"""MinHash signatures in the database: packed values, and bands that two alike texts have in common."""

from __future__ import annotations

import hashlib
import struct
from functools import cache

from sqlalchemy import Connection, delete, insert, select

from core.articles import Neighbour, Signature
from db import dialect
from db.models import BandRow, SignatureRow
from db.reader import Reader

BAND_ROWS = 4
"""128 values make 32 bands of 4: two texts with 60 % of their shingles in common share one 99 times in 100."""
MAX_NEIGHBOURS = 200
"""Boilerplate can put thousands of texts in one band: those that share the most bands are enough."""

MAX_IN_BAND = 300
"""Rows read of one band, the latest: the work of a lookup is bounded, however many texts one template made."""

_SALTS = [bytes([number]) for number in range(256)]


@cache
def _neighbours(count: int) -> str:
    """SQL text over `count` bands, one search of the primary key each; SQLAlchemy would take longer than the search."""
    one = "SELECT * FROM (SELECT article_id FROM band WHERE value = :b{} ORDER BY article_id DESC LIMIT {}) AS band{}"
    rows = " UNION ALL ".join(one.format(number, MAX_IN_BAND, number) for number in range(count))
    return f"""
SELECT article.id, article.story_id, signature.data, article.source
FROM (
    SELECT article_id, count(*) AS shared FROM ({rows}) AS rows
    GROUP BY article_id ORDER BY shared DESC, article_id LIMIT {MAX_NEIGHBOURS}
) AS near
JOIN article ON article.id = near.article_id
JOIN signature ON signature.article_id = near.article_id
ORDER BY near.shared DESC, article.id
"""


def pack(signature: Signature) -> bytes:
    return struct.pack(f"<{len(signature.values)}I", *signature.values)


def unpack(data: bytes) -> Signature:
    return Signature(struct.unpack(f"<{len(data) // 4}I", data))


def bands(signature: Signature) -> list[int]:
    """One signed 64-bit number per band, which holds the band's own number; none for an empty signature."""
    packed = pack(signature)
    size = BAND_ROWS * 4
    hashed = [
        hashlib.blake2b(packed[at : at + size], digest_size=8, salt=_SALTS[at // size]).digest()
        for at in range(0, len(packed), size)
    ]
    return list(struct.unpack(f"<{len(hashed)}q", b"".join(hashed)))


def drop_signature(connection: Connection, article_id: int) -> None:
    """Take away the signature and bands of an article, if it has any."""
    old = connection.execute(select(SignatureRow.data).where(SignatureRow.article_id == article_id)).scalar()
    if old is not None:
        values = bands(unpack(old))
        connection.execute(delete(BandRow).where(BandRow.value.in_(values), BandRow.article_id == article_id))
        connection.execute(delete(SignatureRow).where(SignatureRow.article_id == article_id))


def put_signature(connection: Connection, article_id: int, signature: Signature) -> None:
    """Write the signature and bands of an article that has none; an empty signature writes nothing."""
    if signature.values:
        connection.execute(insert(SignatureRow), {"article_id": article_id, "data": pack(signature)})
        rows = [{"value": value, "article_id": article_id} for value in sorted(set(bands(signature)))]
        connection.execute(dialect.insert_missing(BandRow), rows)


def find_neighbours(reader: Reader, signature: Signature) -> list[Neighbour]:
    """Articles that share a band, those that share the most first; at most MAX_NEIGHBOURS."""
    if not signature.values:
        return []
    values = {f"b{number}": value for number, value in enumerate(bands(signature))}
    rows = reader.execute(_neighbours(len(values)), values)
    return [Neighbour(article_id, story_id, unpack(data), source) for article_id, story_id, data, source in rows]
