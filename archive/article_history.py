"""The versions of an article: what changed from each to the next, as far as may be shown; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from archive.diff import Difference, compare
from archive.rights import View
from core.articles import ArticleVersion

MAX_COMPARED = 10
"""Pairs of versions compared on one page, the latest first."""


@dataclass(frozen=True, slots=True)
class Step:
    """From one version to the next."""

    number: int
    seen_at: datetime
    title_changed: tuple[str, str] | None
    difference: Difference
    readable: bool
    """False when only the amount of change may be shown."""


@dataclass(frozen=True, slots=True)
class History:
    count: int
    """Versions known; 1 for an article of which none was noted."""
    first: datetime | None
    """When the first one was seen."""
    steps: tuple[Step, ...]
    """The latest first."""
    older: int
    """Steps that are not among these."""


def history(versions: Sequence[ArticleVersion], view: View) -> History:
    known = sorted(versions, key=lambda version: version.number)
    pairs = list(pairwise(known))
    # A text that is purged has nothing to be compared with.
    compared = [pair for pair in pairs if all(version.text for version in pair)][-MAX_COMPARED:]
    return History(
        count=max(len(known), 1),
        first=known[0].seen_at if known else None,
        steps=tuple(_step(old, new, view) for old, new in reversed(compared)),
        older=len(pairs) - len(compared),
    )


def _step(old: ArticleVersion, new: ArticleVersion, view: View) -> Step:
    difference = compare(old.text, new.text)
    return Step(
        number=new.number,
        seen_at=new.seen_at,
        title_changed=(old.title, new.title) if old.title != new.title else None,
        difference=difference if view.full_text else replace(difference, paragraphs=()),
        readable=view.full_text,
    )
