"""Which addresses may be connected to: public ones on the web's ports, and literal pairs of the configuration.

`ipaddress.is_global` is not enough: it calls 192.0.0.192 (a metadata service) and `::127.0.0.1` global. IPv6 is
therefore accepted in the global unicast block alone (RFC 4291), minus the tunnels and documentation inside it; IPv4 is
refused in every block of the special-purpose registry (RFC 6890) and where clouds keep their metadata services.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network

WEB_PORTS = frozenset({80, 443})

_REFUSED_V4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_GLOBAL_V6 = IPv6Network("2000::/3")
# 2001::/23 holds Teredo, ORCHID and benchmarking; 2002::/16 is 6to4, which hides an IPv4 address.
_REFUSED_V6 = tuple(ip_network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


class AddressRefused(Exception):
    """A connection was refused by the guard before any packet left; the message is French."""


def refused(address: str, port: int, allowed: Collection[str] = ()) -> str | None:
    """Why a literal address and port may not be connected to, in French; None when they may.

    `allowed` holds literal pairs (`127.0.0.2:8800`, `[::1]:8800`), compared as text in canonical form.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return f"« {address[:100]} » n'est pas une adresse IP : connexion refusée"
    pair = f"{ip.compressed}:{port}" if isinstance(ip, IPv4Address) else f"[{ip.compressed}]:{port}"
    if pair in allowed:
        return None
    blocks = _REFUSED_V4 if isinstance(ip, IPv4Address) else _REFUSED_V6
    public = isinstance(ip, IPv4Address) or ip in _GLOBAL_V6
    if not public or any(ip in block for block in blocks):
        return f"l'adresse {ip.compressed} n'est pas publique : connexion refusée"
    if port not in WEB_PORTS:
        return f"le port {port} de {ip.compressed} n'est pas un port du web (80 ou 443) : connexion refusée"
    return None
