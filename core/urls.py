"""Canonical URLs and the identity of an article.

The query string may be the whole identity of a page (`?Page11`, `spip.php?article=12`): it is kept, tracking
parameters aside.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|mkt_tok|xtor|at_\w+|pk_\w+|mtm_\w+|matomo_\w+"
    r"|_ga|ref_src|wt\.mc_id|cmpid|sc_cmp|ns_\w+)(=|$)",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CHANGE = re.compile(r"^modification-\d{4}-\d\d-\d\d-[0-9a-f]{8}$")
_AMP = frozenset({"amp", "amp=", "amp=1", "outputtype=amp"})
"""What asks for the same page in the form made for telephones."""
# RFC 3986, section 2.3: written as they are or escaped, these are the same.
_UNRESERVED = re.compile(r"%(?:2[de]|5f|7e)", re.IGNORECASE)
_FRONT = re.compile(r"^/index\.php(?=/)", re.IGNORECASE)
_INDEX = re.compile(r"/index\.(html?|php)$", re.IGNORECASE)


def _split(url: str) -> SplitResult:
    parts = urlsplit(re.sub(r"[\x00-\x20\x7f\u2028\u2029]+", "", url.strip().replace(" ", "%20")))
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"adresse non prise en charge : {url[:200]!r}")
    if parts.username or parts.password:
        raise ValueError("une adresse avec identifiants n'est pas acceptée")
    return parts


def _authority(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    return host if port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f"{host}:{port}"


def _query(parts: SplitResult) -> str:
    return "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair))


def canonical(url: str) -> str:
    """The URL to ask and to show: no fragment, default port, tracking parameter; raises ValueError unless http(s).

    One fragment is kept, that of `change_url`: what was added to a page on a day is an article of its own.
    """
    parts = _split(url)
    fragment = parts.fragment if _CHANGE.match(parts.fragment) else ""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(_query(parts), safe="/%:@!$&'()*+,;=~-._?[]")
    return urlunsplit((parts.scheme.lower(), _authority(parts), path, query, fragment))


def change_url(url: str, day: date, text: str) -> str:
    """The address of what was added to a page on a day: it opens the page, and is nobody else's."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{canonical(url).split('#')[0]}#modification-{day.isoformat()}-{digest}"


def is_change(url: str) -> bool:
    """True for an address that `change_url` made."""
    return bool(_CHANGE.match(urlsplit(url).fragment))


def article_key(url: str) -> str:
    """Identity of an article: SHA-256 of its URL.

    Whatever the scheme, `www.`, final slash, order of parameters, `index.php` before the path or form for telephones.
    """
    parts = _split(canonical(url))
    host = parts.netloc.removeprefix("www.")
    path = _UNRESERVED.sub(lambda match: unquote(match[0]), parts.path)
    path = _FRONT.sub("", _INDEX.sub("/", path)).rstrip("/").removesuffix("/amp")
    query = "&".join(sorted(pair for pair in parts.query.split("&") if pair.lower() not in _AMP))
    mark = f"#{parts.fragment}" if parts.fragment else ""
    return hashlib.sha256(f"{host}{path}?{query}{mark}".encode()).hexdigest()


def host(url: str) -> str:
    """Host name in lower case, without port; empty when there is none."""
    return (urlsplit(url).hostname or "").rstrip(".").lower()


def same_site(a: str, b: str) -> bool:
    """True when two URLs have the same host, `www.` aside, or one is a sub-domain of the other."""
    first, second = host(a).removeprefix("www."), host(b).removeprefix("www.")
    return first == second or first.endswith("." + second) or second.endswith("." + first)
