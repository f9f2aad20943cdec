"""A return address of its own for each mail (VERP), that nobody but us can make (threats B7, B8)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from core.returns import Proof

# Base 32 in lower case: some servers change the case of what precedes the @.
_TOKEN = re.compile(r"(?<![0-9a-z])([0-9]{1,12})-([0-9]{1,12})-([a-z2-7]{26})(?![0-9a-z])", re.IGNORECASE)
MOST = 20
"""Tokens looked at in one mail."""


def token(secret: str, edition_id: int, subscriber_id: int) -> str:
    """`12-345-` and 128 bits of HMAC-SHA-256, in letters and digits that survive any mail server."""
    return f"{edition_id}-{subscriber_id}-{_mac(secret, edition_id, subscriber_id)}"


def address(bounces: str, token: str) -> str:
    """`retours+token@domain`; empty when the part before the @ would be too long (RFC 5321, section 4.5.3.1.1)."""
    local, _, domain = bounces.rpartition("@")
    return f"{local}+{token}@{domain}" if len(local) + 1 + len(token) <= 64 else ""


def proof(secret: str, text: str) -> Proof | None:
    """What the genuine token in a text says; None without one, or with two that disagree."""
    if not secret:
        return None
    found = {match.groups() for match, _ in zip(_TOKEN.finditer(text), range(MOST), strict=False)}
    genuine = {
        (int(edition), int(subscriber))
        for edition, subscriber, mac in found
        if hmac.compare_digest(_mac(secret, int(edition), int(subscriber)), mac.lower())
    }
    return Proof(*genuine.pop()) if len(genuine) == 1 else None


def _mac(secret: str, edition_id: int, subscriber_id: int) -> str:
    said = f"verp\n{edition_id}\n{subscriber_id}".encode()
    digest = hmac.new(secret.encode(), said, hashlib.sha256).digest()[:16]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()
