"""Patterns of addresses in which only `*` is special, found in linear time (threat A40)."""

from __future__ import annotations


def is_glob(text: str, pattern: str) -> bool:
    """True when a whole text is as a pattern says; each part is taken at the first place where it can be."""
    first, *others = pattern.split("*")
    if not others:
        return text == pattern
    *middle, last = others
    at, end = len(first), len(text) - len(last)
    if at > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
