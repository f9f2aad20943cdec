"""Secret tokens of links and cookies: random, and known to the database by their hash alone."""

from __future__ import annotations

import hashlib


def hashed(token: str) -> str:
    """SHA-256: a random token of 128 bits or more needs no slower hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
