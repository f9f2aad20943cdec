"""Chooses what to read of a very long text, so that time and memory stay bounded on five megabytes as on five pages."""

from __future__ import annotations

from collections.abc import Iterator

from classifiers.filter import Filter
from classifiers.keywords import Matcher

LONG = 200_000
"""Characters from which a text is read by sections (threat A44)."""
SECTION = 50_000
MOST = 8
"""Sections with candidates that are kept; what a text repeats beyond 400 kB of them adds nothing."""


def sections(title: str, text: str, gate: Filter, matcher: Matcher) -> list[tuple[int, int]]:
    """Half-open ranges of a long text in which a core rule has a candidate, the first MOST; empty for a short one."""
    if len(text) <= LONG:
        return []
    kept = []
    for start, end in _cuts(text):
        part = text[start:end]
        if gate.may_match(title, part) and matcher.has_core(matcher.words(title, part)):
            kept.append((start, end))
            if len(kept) == MOST:
                break
    return kept or [(0, SECTION)]


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Sections cut at the end of a line where there is one in the last tenth, else at a space, else anywhere."""
    start = 0
    while start < len(text):
        end = start + SECTION
        if end < len(text):
            floor = end - SECTION // 10
            border = max(text.rfind("\n", floor, end), -1)
            if border < 0:
                border = text.rfind(" ", floor, end)
            end = border + 1 if border >= 0 else end
        yield start, min(end, len(text))
        start = end
