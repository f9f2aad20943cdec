"""The one door outwards: an event loop that lets no TCP connection leave before the guard has seen its literal address.

Twisted resolves a host name first and then connects to one of the addresses found, so that the address checked here is
the address connected to, for pages, robots.txt and every redirect alike, whatever the DNS says next (threats A1–A5).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from twisted.internet.asyncioreactor import AsyncioSelectorReactor

from crawlers.guard import AddressRefused, refused

PATH = "crawlers.reactor.GuardedReactor"


class GuardedReactor(AsyncioSelectorReactor):
    """Refuses every address that is not public until `allowed` says otherwise."""

    allowed: Collection[str] = ()

    def connectTCP(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        """Raises AddressRefused, which Twisted's endpoints turn into a failed connection."""
        if reason := refused(host, port, self.allowed):
            raise AddressRefused(reason)
        return super().connectTCP(host, port, *args, **kwargs)


def install() -> None:
    """Install it as the process's reactor; called by Scrapy, from the TWISTED_REACTOR setting."""
    from scrapy.utils.reactor import set_asyncio_event_loop
    from twisted.internet.main import installReactor

    installReactor(GuardedReactor(set_asyncio_event_loop(None)))  # type: ignore[no-untyped-call]
