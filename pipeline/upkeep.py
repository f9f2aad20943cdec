"""The letters to the maintainers: at most one a week on how sources fare, at most one a day on what cannot wait; pure.

Nothing is written when there is nothing to tell. What was told is remembered, so that a letter says what changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.health import ALARMS, ORDER, TITLES, Condition
from core.sources import Source
from core.upkeep import Item, Letter, Section
from pipeline.periods import week_key

HOUR = 7
"""Of Monday, in the watch's zone, from which a week's letter may leave: before the edition."""
WEEK = timedelta(days=7, hours=-2)
"""Between two letters; the two hours are for a timer that is late, and for the change of clocks."""
REMINDER = timedelta(days=27)
"""After which troubles that did not change are told again."""
MOST_LINES = 12
SEE = "Tout l'état des sources : veille source health --all"


@dataclass(frozen=True, slots=True)
class Told:
    """What the last weekly letter said."""

    week: str = ""
    at: str = ""
    """ISO 8601, empty before the first letter."""
    states: Mapping[str, str] = field(default_factory=dict)
    """Slug → state of the sources that were in trouble."""
    facts: tuple[str, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Told:
        if not text:
            return cls()
        table = json.loads(text)
        return cls(table["week"], table["at"], table["states"], tuple(table["facts"]))


def told_now(conditions: Mapping[str, Condition], facts: Sequence[str], now: datetime, zone: ZoneInfo) -> Told:
    """What a letter sent now will have said."""
    states = {slug: each.state for slug, each in conditions.items() if each.state in ALARMS}
    return Told(week_key(now, zone), now.isoformat(), states, tuple(facts))


def is_due(told: Told, now: datetime, zone: ZoneInfo) -> bool:
    """True from Monday morning on, in a week that has had no letter, seven days after the last one."""
    local = now.astimezone(zone)
    if told.at and now - datetime.fromisoformat(told.at) < WEEK:
        return False
    return week_key(now, zone) != told.week and (local.weekday() > 0 or local.hour >= HOUR)


def weekly(
    name: str,
    sources: Sequence[Source],
    conditions: Mapping[str, Condition],
    facts: Sequence[str],
    told: Told,
    now: datetime,
    zone: ZoneInfo,
) -> Letter | None:
    """The letter of this week; None when nothing changed since the last one, save a reminder every four weeks.

    `facts` are French sentences on sendings.
    """
    ill = {s.slug: s for s in sources if s.slug in conditions and conditions[s.slug].state in ALARMS}
    broke = [s for slug, s in ill.items() if slug not in told.states]
    stays = [s for slug, s in ill.items() if slug in told.states]
    back = [s for s in sources if s.enabled and s.slug in told.states and s.slug not in ill]
    fresh = [fact for fact in facts if fact not in told.facts]
    reminded = bool(told.at) and now - datetime.fromisoformat(told.at) < REMINDER
    if not (broke or back or fresh) and (not stays or reminded):
        return None
    proposals = [(s.name, conditions[slug].proposal) for slug, s in ill.items() if conditions[slug].proposal]
    sections = (
        Section("Ce qui ne va plus", _grouped(broke, conditions, now, zone)),
        Section("Les envois", tuple(Item(fact) for fact in fresh)),
        Section("À décider", _most([f"{who} : {what}" for who, what in proposals])),
        Section("Ce qui remarche", _most([s.name for s in back])),
        Section("Ce qui ne va toujours pas", _grouped(stays, conditions, now, zone)),
    )
    subject = f"{name} : {_subject(len(broke), len(back), len(stays), len(fresh))}"
    return Letter(week_key(now, zone), subject, tuple(each for each in sections if each.items), SEE)


def urgent(name: str, facts: Sequence[str], now: datetime, zone: ZoneInfo) -> Letter | None:
    """What cannot wait for Monday."""
    if not facts:
        return None
    key = now.astimezone(zone).date().isoformat()
    section = Section("À regarder aujourd'hui", tuple(Item(fact) for fact in facts))
    return Letter(key, f"{name} : à regarder aujourd'hui", (section,), SEE)


def _subject(broke: int, back: int, stays: int, facts: int) -> str:
    parts = []
    if broke:
        parts.append(f"{broke} {'source ne va plus' if broke == 1 else 'sources ne vont plus'}")
    if back:
        parts.append(f"{back} de retour")
    if stays and not broke:
        parts.append(f"{stays} {'source attend' if stays == 1 else 'sources attendent'} un regard")
    if facts:
        parts.append("un envoi à regarder")
    return ", ".join(parts)


def _grouped(
    sources: Sequence[Source], conditions: Mapping[str, Condition], now: datetime, zone: ZoneInfo
) -> tuple[Item, ...]:
    """Sources by what they share, the worst group first, with what to do once."""
    groups: dict[str, list[Source]] = {}
    for source in sorted(sources, key=lambda each: ORDER[conditions[each.slug].state]):
        groups.setdefault(_cause(conditions[source.slug]), []).append(source)
    items = []
    for cause, members in groups.items():
        first = conditions[members[0].slug]
        lines = [_line(source, conditions[source.slug], now, zone) for source in members[:MOST_LINES]]
        if len(members) > MOST_LINES:
            lines.append(f"… et {len(members) - MOST_LINES} autres")
        advice = (f"À faire : {first.advice}.",) if first.advice else ()
        items.append(Item(cause, (*lines, *advice)))
    return tuple(items)


def _cause(condition: Condition) -> str:
    return condition.cause or TITLES[condition.state].capitalize()


def _line(source: Source, condition: Condition, now: datetime, zone: ZoneInfo) -> str:
    return f"{source.name}{since(condition, now, zone)} : {condition.reason}."


def since(condition: Condition, now: datetime, zone: ZoneInfo) -> str:
    """`, depuis le 03/11 (12 jours)`; empty when nobody knows."""
    if condition.since is None:
        return ""
    days = (now - condition.since).days
    lasting = f" ({days} jours)" if days > 1 else ""
    pattern = "%d/%m" if days < 300 else "%d/%m/%Y"
    return f", depuis le {condition.since.astimezone(zone).strftime(pattern)}{lasting}"


def _most(lines: Sequence[str]) -> tuple[Item, ...]:
    more = [f"… et {len(lines) - MOST_LINES} autres"] if len(lines) > MOST_LINES else []
    return tuple(Item(line) for line in (*lines[:MOST_LINES], *more))
