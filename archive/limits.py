"""How often one client may ask for the same thing, counted in this process's memory; nothing of it is kept."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
MOST, MOST_HERE = 20, 300
"""Requests of one client in an hour; from this machine, where a proxy asks for everybody (threat C21)."""
CLIENTS = 5_000
"""Clients remembered, the least recent forgotten: memory is bounded whoever asks."""


class Limiter:
    """Used from several threads at once."""

    def __init__(self, overall: int = 0) -> None:
        """`overall`: requests in an hour of all clients together; 0 for no limit."""
        self._asked: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._overall = overall
        self._all: deque[datetime] = deque()
        self._lock = threading.Lock()

    def allows(self, client: str, at: datetime) -> bool:
        """Count a request; False, and not counted, when there were too many in the last hour."""
        name, most = _network(client)
        with self._lock:
            times = self._asked.setdefault(name, deque())
            self._asked.move_to_end(name)
            for line in (times, self._all):
                while line and line[0] <= at - WINDOW:
                    line.popleft()
            if len(times) >= most or (self._overall and len(self._all) >= self._overall):
                return False
            times.append(at)
            if self._overall:
                self._all.append(at)
            while len(self._asked) > CLIENTS:
                self._asked.popitem(last=False)
            return True


def _network(client: str) -> tuple[str, int]:
    """The client as it is counted, and its share: an IPv6 client has a whole /64 to itself (RFC 6177)."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client, MOST
    if address.is_loopback:
        return "here", MOST_HERE
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False)), MOST
    return client, MOST
