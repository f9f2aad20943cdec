"""Links in a mail: outside ones made safe, our own to the archive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

MAX_URL = 1_500
_SAFE = "%/:=&?~+!$,;'@()*[]"


def web(url: str) -> str:
    """An http(s) address in plain ASCII, without fragment; empty when it must not be a link (threat A34)."""
    if re.search(r"[\x00-\x20\x7f-\xa0\\]", url):
        return ""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        name = (parts.hostname or "").encode("idna").decode("ascii")
        path, query = quote(parts.path, _SAFE), quote(parts.query, _SAFE)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not name or parts.username is not None:
        return ""
    name = f"[{name}]" if ":" in name else name
    built = urlunsplit((parts.scheme, name + port, path, query, ""))
    return built if len(built) <= MAX_URL else ""


def page(url: str, number: int | None) -> str:
    """The link to a page of a PDF (`#page=3`, as browsers' viewers read it); empty without a page."""
    return f"{url}#page={number}" if url and number else ""


@dataclass(frozen=True, slots=True)
class Site:
    """The archive's own addresses; every one is empty without a public URL."""

    public_url: str

    @property
    def home(self) -> str:
        return f"{self.public_url.rstrip('/')}/" if self.public_url else ""

    @property
    def topic(self) -> str:
        return self.home and f"{self.home}sujet"

    @property
    def editions(self) -> str:
        return self.home and f"{self.home}editions"

    @property
    def mentions(self) -> str:
        """Who publishes, rights, privacy."""
        return self.home and f"{self.home}mentions"

    def edition(self, series: str, key: str) -> str:
        return self.home and f"{self.home}editions/{quote(series)}/{quote(key)}"

    @property
    def saved(self) -> str:
        """A member's own searches."""
        return self.home and f"{self.home}moi/recherches"

    def stop(self, token: str) -> str:
        """What ends one alert."""
        return self.home and f"{self.home}alertes/{quote(token, '')}"

    def search(self, query: str, *, everything: bool, synonyms: bool) -> str:
        """A search, the newest first."""
        query = query.encode("utf-8", "replace").decode()  # a lone surrogate is in no address
        asked = {"q": query, "tri": "date", "tous": "1" if everything else "", "syn": "" if synonyms else "0"}
        return self.home and f"{self.home}recherche?{urlencode({key: value for key, value in asked.items() if value})}"

    def off_topic(self, article_id: int) -> str:
        """Where a reader says that an article has nothing to do here: the same address for everybody."""
        return self.home and f"{self.home}hors-sujet/{article_id}"

    def leave(self, token: str) -> str:
        return self.home and f"{self.home}desabonnement/{quote(token, '')}"

    def preferences(self, token: str) -> str:
        return self.home and f"{self.home}abonnement/{quote(token, '')}"

    @property
    def join(self) -> str:
        return self.home and f"{self.home}abonnement"


def mailto(where: str, subject: str = "") -> str:
    return f"mailto:{where}" + (f"?subject={quote(subject)}" if subject else "")
