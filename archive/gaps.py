"""When sources were not read, told in one bounded sentence: what came and went meanwhile may be missing; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.wording import between, count
from core.sources import Gap, Source, SourceState

NEAR = timedelta(days=2)
"""Interruptions whose ends are as near as this are one: sources stopped together are not all read the same day."""
TOLD = 3
"""Interruptions told, the latest; and names of sources in each."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """`gap` is what the gaps of all these sources share."""

    gap: Gap
    names: tuple[str, ...]


def interruptions(
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    after: datetime | None = None,
    before: datetime | None = None,
) -> tuple[Interruption, ...]:
    """The latest first; only those that touch the time from `after` to `before`, where these are given."""
    found: list[Interruption] = []
    for gap, name in sorted(_gaps(sources, states), key=lambda pair: (pair[0].start, pair[0].end, pair[1])):
        if (after and gap.end <= after) or (before and gap.start >= before):
            continue
        for index, known in enumerate(found):
            if abs(gap.start - known.gap.start) <= NEAR and abs(gap.end - known.gap.end) <= NEAR:
                shared = Gap(max(gap.start, known.gap.start), min(gap.end, known.gap.end))
                found[index] = Interruption(shared, (*known.names, name))
                break
        else:
            found.append(Interruption(gap, (name,)))
    return tuple(sorted(found, key=lambda one: one.gap.end, reverse=True))


def told(found: Sequence[Interruption]) -> str:
    """« La Gazette » n’a pas été lue entre le 3 et le 17 mai 2026…; empty when there was no interruption."""
    if not found:
        return ""
    parts = [_one(each) for each in found[:TOLD]]
    if len(found) > TOLD:
        parts.append(f"et {count(len(found) - TOLD, 'interruption plus ancienne', 'interruptions plus anciennes')}")
    text = "\u00a0; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}\u00a0: ce qui a paru alors peut manquer."


def _one(each: Interruption) -> str:
    many, when = len(each.names), between(each.gap.start, each.gap.end)
    if many > TOLD:
        return f"{count(many, 'source', 'sources')} n’ont pas été lues {when}"
    names = " et ".join(f"«\u00a0{name}\u00a0»" for name in each.names)
    return f"{names} {'n’a pas été lue' if many == 1 else 'n’ont pas été lues'} {when}"


def _gaps(sources: Iterable[Source], states: Mapping[str, SourceState]) -> Iterable[tuple[Gap, str]]:
    for source in sources:
        state = states.get(source.slug)
        # A source that is to be read once a month is not missed for three weeks.
        least = 2 * source.every if source.every else timedelta(0)
        for gap in state.gaps if state and source.enabled else ():
            if gap.end - gap.start > least:
                yield gap, source.name
