"""MinHash signatures in the database: packed values, and bands that two alike texts have in common."""

from __future__ import annotations

import hashlib
import struct

from sqlalchemy import Connection, delete, func, insert, select

from core.articles import Neighbour, Signature
from db import dialect
from db.models import ArticleRow, BandRow, SignatureRow
from db.values import as_list

BAND_ROWS = 4
"""128 values make 32 bands of 4: two texts with 60 % of their shingles in common share one 99 times in 100."""
MAX_NEIGHBOURS = 200
"""Boilerplate can put thousands of texts in one band: those that share the most bands are enough."""

_SHARED = (
    select(BandRow.article_id, func.count().label("shared"))
    .where(BandRow.value.in_(dialect.named_list("bands")))
    .group_by(BandRow.article_id)
    .order_by(func.count().desc(), BandRow.article_id)
    .limit(MAX_NEIGHBOURS)
    .subquery()
)
_NEIGHBOURS = (
    select(ArticleRow.id, ArticleRow.story_id, SignatureRow.data, ArticleRow.source)
    .join(_SHARED, _SHARED.c.article_id == ArticleRow.id)
    .join(SignatureRow, SignatureRow.article_id == ArticleRow.id)
    .order_by(_SHARED.c.shared.desc(), ArticleRow.id)
)


def pack(signature: Signature) -> bytes:
    return struct.pack(f"<{len(signature.values)}I", *signature.values)


def unpack(data: bytes) -> Signature:
    return Signature(struct.unpack(f"<{len(data) // 4}I", data))


def bands(signature: Signature) -> list[int]:
    """One signed 64-bit number per band, which holds the band's own number; none for an empty signature."""
    packed = pack(signature)
    size = BAND_ROWS * 4
    return [
        int.from_bytes(
            hashlib.blake2b(packed[at : at + size], digest_size=8, salt=bytes([at // size])).digest(),
            "little",
            signed=True,
        )
        for at in range(0, len(packed), size)
    ]


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


def find_neighbours(connection: Connection, signature: Signature) -> list[Neighbour]:
    """Articles that share a band, those that share the most first; at most MAX_NEIGHBOURS."""
    if not signature.values:
        return []
    rows = connection.execute(_NEIGHBOURS, {"bands": as_list(bands(signature))})
    return [Neighbour(row.id, row.story_id, unpack(row.data), row.source) for row in rows]
