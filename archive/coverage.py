"""What an answer covers: since when which sources are read, for an empty one is no proof of absence; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from archive.gaps import interruptions, told
from archive.names import Names
from archive.query import Address
from archive.wording import count, day
from core.search import SearchQuery
from core.sources import Source, SourceState
from core.text import fold
from core.tree import Dated, asked_time

_FILTERS = ("source", "category")
ALWAYS = Dated()


def watched(
    sources: Iterable[Source],
    states: Mapping[str, SourceState],
    time: Dated = ALWAYS,
) -> tuple[str, ...]:
    """Since when these sources are read, when they were not, and which cannot be at present.

    `time`: what is asked about; interruptions outside of it are left out.
    """
    enabled = [source for source in sources if source.enabled]
    starts = {source.name: at for source in enabled if (at := first_read(source, states))}
    lines = [_since(tuple(starts), sorted(starts.values()))] if starts else [_never(len(enabled))]
    if missed := told(interruptions(enabled, states, time.after, time.before)):
        lines.append(missed)
    broken = [source.name for source in enabled if (state := states.get(source.slug)) and state.failures]
    if broken:
        verb = "ne peut pas être lue" if len(broken) == 1 else "ne peuvent pas être lues"
        named = ", ".join(broken[:3]) + (f" et {count(len(broken) - 3, 'autre', 'autres')}" if len(broken) > 3 else "")
        lines.append(f"En ce moment, {verb}\u00a0: {named}.")
    return tuple(lines)


def covered(address: Address, query: SearchQuery, names: Names, states: Mapping[str, SourceState]) -> tuple[str, ...]:
    """What the answer to a search covers: its sources, in the time that it asks about."""
    return watched(searched(address, names), states, asked_time(query.expression))


def searched(address: Address, names: Names) -> tuple[Source, ...]:
    """The sources that a search is about: those that its filters name, else all."""
    chosen = {
        name: {fold(item.value) for item in address.filters() if item.name == name and not item.excluded}
        for name in _FILTERS
    }
    slugs = {fold(names.slug(value)) for value in chosen["source"]}
    found = [
        one
        for one in names.sources.values()
        if (not slugs or fold(one.slug) in slugs)
        and (not chosen["category"] or fold(one.category) in chosen["category"])
    ]
    return tuple(found or names.sources.values())


def first_read(source: Source, states: Mapping[str, SourceState]) -> datetime | None:
    """None for a source that was only ever tried."""
    return states[source.slug].first_run_at if source.slug in states else None


def _since(names: Sequence[str], starts: Sequence[datetime]) -> str:
    one = len(names) == 1
    what = f"Source «\u00a0{names[0]}\u00a0» lue" if one else count(len(names), "source lue", "sources lues")
    since = f"depuis le {day(starts[0])}"
    if day(starts[0]) != day(starts[-1]):
        since = f"entre le {day(starts[0])} et le {day(starts[-1])} pour la première fois"
    return f"{what} {since}\u00a0: ce qui est plus ancien peut manquer."


def _never(sources: int) -> str:
    return "Cette source n’a encore jamais été lue." if sources == 1 else "Aucune source n’a encore été lue."
