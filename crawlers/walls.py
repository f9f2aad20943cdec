"""Pages that stand before the one that was asked: walls against robots, doors to log in. Told, never passed."""

from __future__ import annotations

import re

from core.text import fold

_HEADERS = (
    ("Cloudflare", "cf-mitigated", ""),
    ("DataDome", "x-datadome", ""),
    ("DataDome", "server", "datadome"),
    ("Akamai", "server", "akamai"),
    ("AWS WAF", "x-amzn-waf-action", ""),
)
_BODIES = (
    ("Cloudflare", b"cdn-cgi/challenge-platform"),
    ("Cloudflare", b"<title>Just a moment"),
    ("Cloudflare", b"<title>Attention Required! | Cloudflare"),
    ("Cloudflare", b'id="cf-error-details"'),
    ("DataDome", b"captcha-delivery.com"),
    ("Akamai", b"errors.edgesuite.net"),
    ("Imperva", b"_Incapsula_Resource"),
    ("Anubis", b"/.within.website/x/cmd/anubis"),
)
_BEGINNING = 200_000
_PASSWORD_RE = re.compile(r"<input\b[^<>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
_LOGIN_TITLE_RE = re.compile(r"<title\b[^<>]*>[^<]*\b(?:connexion|identification|authentification|log ?in|sign ?in)\b")


def wall(headers: tuple[tuple[str, str], ...], body: bytes) -> str:
    """Whose protection against robots answers in the site's place; empty when nothing says so.

    The headers are those of a refusal (403, 429, 503): on an ordinary page they only say who carries it.
    """
    said = [(name.lower(), value.lower()) for name, value in headers]
    for owner, header, mark in _HEADERS:
        if any(name == header and mark in value for name, value in said):
            return owner
    return _standing(body)


def _standing(body: bytes) -> str:
    return next((owner for owner, mark in _BODIES if mark in body[:_BEGINNING]), "")


def in_its_place(html: str) -> str:
    """What an HTML page received instead of a feed is, as a French noun phrase."""
    beginning = html[:_BEGINNING]
    if owner := _standing(beginning.encode("utf-8", "replace")):
        return f"une page de vérification contre les robots ({owner})"
    if _PASSWORD_RE.search(beginning) or _LOGIN_TITLE_RE.search(fold(beginning[:5_000])):
        return "une page de connexion"
    return "une page HTML"
