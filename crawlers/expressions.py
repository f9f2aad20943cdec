"""A maintainer's regular expression searched in addresses, within a limit of time (threat A40)."""

from __future__ import annotations

import time

import regex

from crawlers.found import Unreadable

SECONDS = 0.1
"""For one address."""
SECONDS_IN_ALL = 3.0
"""For all the addresses of one page."""


class Expression:
    """One pattern over one page; an empty one is found everywhere."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._left = SECONDS_IN_ALL
        try:
            self._compiled = regex.compile(pattern)
        except (regex.error, RecursionError) as error:
            raise Unreadable("config", f"l'expression « {pattern[:100]} » est mal formée") from error

    def found_in(self, url: str) -> bool:
        """Raises Unreadable (`config`) when the search is too long: no address would ever be sure to be read."""
        if not self._pattern:
            return True
        started = time.perf_counter()
        try:
            # The lock of the interpreter is left to the other sources meanwhile.
            found = self._compiled.search(url, timeout=min(SECONDS, self._left), concurrent=True)
        except TimeoutError as error:
            reason = f"l'expression « {self._pattern[:100]} » demande trop de temps : il faut l'écrire plus simplement"
            raise Unreadable("config", reason) from error
        self._left = max(self._left - (time.perf_counter() - started), 0.001)
        return found is not None
