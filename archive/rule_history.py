"""How the rules of tags changed, from the versions that each sent edition was made with; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.wording import period_title
from core.editions import Edition


@dataclass(frozen=True, slots=True)
class Change:
    """What an edition's rules are beside those of the edition before it."""

    title: str
    """Of the edition."""
    series: str
    key: str
    first: int
    """Rules of the first edition; 0 for the others."""
    changed: tuple[str, ...]
    """« cis, version 2 puis 3 »."""
    added: tuple[str, ...]
    removed: tuple[str, ...]


def changes(editions: Iterable[Edition]) -> tuple[Change, ...]:
    """The editions whose rules are not those of the one before, latest first; those that note no rule are left out."""
    found: list[Change] = []
    before: dict[str, str] | None = None
    for one in sorted(editions, key=lambda each: (each.period.end, each.composed_at)):
        after = dict(_parted(version) for version in one.rule_versions)
        if not after or after == before:
            continue
        found.append(_change(one, before, after))
        before = after
    return tuple(reversed(found))


def _change(edition: Edition, before: dict[str, str] | None, after: dict[str, str]) -> Change:
    title, series, key = period_title(edition.period), edition.period.series, edition.period.key
    if before is None:
        return Change(title, series, key, len(after), (), (), ())
    changed = (
        f"{rule}, version {before[rule]} puis {after[rule]}"
        for rule in sorted(before.keys() & after.keys())
        if before[rule] != after[rule]
    )
    return Change(
        title,
        series,
        key,
        0,
        tuple(changed),
        tuple(sorted(after.keys() - before)),
        tuple(sorted(before.keys() - after)),
    )


def _parted(version: str) -> tuple[str, str]:
    """`cis@3` → (`cis`, `3`)."""
    rule, _, number = version.rpartition("@")
    return (rule, number) if rule else (version, "")
