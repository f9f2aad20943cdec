"""What editors prepare of the next edition of a series, an introduction, an order, pins and drops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from core.editions import Body, Edition
from core.errors import VeilleError
from core.text import plain

LONGEST = 1_500
"""Characters of an introduction."""
Gesture = Literal["monter", "descendre", "epingler", "desepingler", "retirer", "remettre"]


@dataclass(frozen=True, slots=True)
class Draft:
    """Begun for one period; the next edition of its series that is frozen takes it, whenever that is."""

    series: str
    key: str
    introduction: str = ""
    order: tuple[int, ...] = ()
    """Stories in the order that was seen when one was moved; those that came later follow."""
    pinned: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    """Stories that no later edition will hold, weekly or monthly."""
    revision: int = 0
    """Grows with each change; 0 while nothing was prepared."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next edition, as it would be without the editors, and what they prepared."""

    composed: Edition
    draft: Draft
    leaves_at: datetime

    @property
    def edition(self) -> Edition:
        return arranged(self.composed, self.draft)


class DraftStore(Protocol):
    def open(self, series: str) -> Draft | None:
        """What is prepared for the next edition of a series; None while nothing is."""
        ...

    def save(self, draft: Draft, who: str, at: datetime) -> None:
        """Put a draft in the place of the one whose revision it carries, with its line of the audit.

        Raises VeilleError, in French, when somebody else was faster.
        """
        ...


class Composer(Protocol):
    """Editions that are not frozen, for pages to show."""

    def upcoming(self) -> Upcoming: ...

    def body(self, edition: Edition) -> Body:
        """What its mail would say."""
        ...

    def since(self, start: datetime) -> Edition:
        """All that came in since an instant, told in editions or not."""
        ...


def arranged(edition: Edition, draft: Draft) -> Edition:
    """The edition as editors want it; stories that they did not touch stay where the rules put them."""
    place = {story: at for at, story in enumerate(draft.order)}
    kept = sorted(
        (entry for entry in edition.entries if entry.story_id not in draft.dropped),
        key=lambda entry: place.get(entry.story_id, len(place)),
    )
    entries = tuple(replace(entry, pinned=entry.story_id in draft.pinned) for entry in kept)
    held = {entry.story_id for entry in edition.entries}
    return replace(
        edition,
        entries=entries,
        introduction=draft.introduction,
        arranged=bool(held & {*draft.order, *draft.pinned, *draft.dropped}),
        revision=draft.revision,
        state="composed" if entries else "empty",
    )


def introduced(draft: Draft, text: str) -> Draft:
    """With another introduction, cleaned. Raises VeilleError, in French, when it is too long."""
    text = plain(text)
    if len(text) > LONGEST:
        raise VeilleError(f"L'introduction a {len(text)} caractères ; {LONGEST} au plus.")
    return replace(draft, introduction=text)


def changed(draft: Draft, gesture: Gesture, story: int, parts: Sequence[Sequence[int]]) -> Draft:
    """A draft after one gesture on a story; `parts`: the stories of each part, as they are shown."""
    match gesture:
        case "retirer":
            return replace(
                draft, dropped=(*_without(draft.dropped, story), story), pinned=_without(draft.pinned, story)
            )
        case "remettre":
            return replace(draft, dropped=_without(draft.dropped, story))
        case "epingler":
            return replace(draft, pinned=(*_without(draft.pinned, story), story))
        case "desepingler":
            return replace(draft, pinned=_without(draft.pinned, story))
    step = -1 if gesture == "monter" else 1
    return replace(draft, order=tuple(each for part in parts for each in _moved(part, story, step)))


def _without(stories: Sequence[int], story: int) -> tuple[int, ...]:
    return tuple(each for each in stories if each != story)


def _moved(part: Sequence[int], story: int, step: int) -> list[int]:
    """One place up or down in its part; the first and the last go no further."""
    moved = list(part)
    if story in moved:
        at = moved.index(story)
        to = min(max(at + step, 0), len(moved) - 1)
        moved.insert(to, moved.pop(at))
    return moved
