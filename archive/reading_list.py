"""Which readings are asked for: one's own or the group's, all of them or those of a keyword."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from archive.member_pages import member_of
from archive.site import Site
from core.members import SharedReading, at_least
from core.text import fold, one_line

GROUP = "groupe"
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address asks of the reading lists, and what there is."""

    of_group: bool
    keyword: str
    """As it was asked; empty for all."""
    all: tuple[SharedReading, ...]
    readings: tuple[SharedReading, ...]
    """Those of the keyword."""


def chosen(site: Site, asked: Mapping[str, str]) -> Choice:
    """`?de=groupe&mot=…`; who may not read what is shared has their own list."""
    member, store = member_of(site), site.ports.members.readings
    of_group = asked.get("de") == GROUP and may_share(site)
    keyword = one_line(asked.get("mot", ""), _LONGEST)
    found = (
        store.shared() if of_group else [SharedReading(member.id, member.name, each) for each in store.of(member.id)]
    )
    wanted = fold(keyword)
    kept = [each for each in found if not wanted or wanted in map(fold, each.reading.keywords)]
    return Choice(of_group, keyword, tuple(found), tuple(kept))


def may_share(site: Site) -> bool:
    """The group is its members: an account that reads as a visitor neither shares nor reads what is shared."""
    return at_least(site.viewer.role, "member")


def keywords_of(readings: Sequence[SharedReading]) -> tuple[str, ...]:
    """The keywords of a list, the most used first, each as it was first written."""
    written: dict[str, str] = {}
    count: Counter[str] = Counter()
    for word in (word for each in readings for word in each.reading.keywords):
        written.setdefault(fold(word), word)
        count[fold(word)] += 1
    return tuple(written[key] for key, _ in sorted(count.items(), key=lambda item: (-item[1], item[0])))


def href(path: str, choice: Choice, keyword: str | None = None) -> str:
    """The same list elsewhere, or of another keyword."""
    word = choice.keyword if keyword is None else keyword
    asked = {"de": GROUP if choice.of_group else "", "mot": word}
    kept = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path
