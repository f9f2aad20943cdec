"""What changed in what a source gives while it is still read: shorter texts, another language, no dates, a flood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import median

from core.clock import PARIS
from core.health import Condition
from core.visits import Visit

RECENT = 3
"""Days with new articles that tell how a source is now."""
KNOWN = 8
"""New articles before them, in at least KNOWN_DAYS days, that tell how it was."""
KNOWN_DAYS = 2
COLLAPSE = 0.2
"""Share of its usual length under which a text has collapsed (threat A47: -80 %)."""
FLOOD, FLOOD_LEAST = 10, 50
"""Times its usual day, and articles, from which a day is a flood."""
FLOOD_TOLD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """The visits of one day, in Paris, that brought something."""

    at: datetime
    """Its first visit."""
    new: int
    length: float
    language: str


def days(visits: Iterable[Visit]) -> list[Day]:
    """Days with new articles, oldest first."""
    bearing = (visit for visit in visits if visit.new)
    return [_day(list(group)) for _, group in groupby(bearing, key=_date)]


def _date(visit: Visit) -> date:
    return visit.at.astimezone(PARIS).date()


def _day(visits: Sequence[Visit]) -> Day:
    lengths = [visit.text_length for visit in visits if visit.text_length is not None]
    spoken: Counter[str] = Counter()
    for visit in visits:
        spoken[visit.language] += visit.new
    return Day(
        visits[0].at,
        sum(visit.new for visit in visits),
        median(lengths) if lengths else 0.0,
        spoken.most_common(1)[0][0],
    )


def shifted(bearing: Sequence[Day]) -> Condition | None:
    """Whether the last days differ from all those before in the length or the language of texts."""
    before, recent = bearing[:-RECENT], bearing[-RECENT:]
    if len(before) < KNOWN_DAYS or sum(day.new for day in before) < KNOWN:
        return None
    return _shrunk(before, recent) or _language(before, recent)


def _shrunk(before: Sequence[Day], recent: Sequence[Day]) -> Condition | None:
    usual, now = median(day.length for day in before), median(day.length for day in recent)
    # One of them may be a little longer; none is as before, or a short brief or two would be taken for a collapse.
    if now >= COLLAPSE * usual or max(day.length for day in recent) >= 1.5 * COLLAPSE * usual:
        return None
    since = _first((*before, *recent), lambda day: day.length < COLLAPSE * usual)
    return Condition(
        "shrunk",
        f"les textes font {now:.0f} caractères au lieu de {usual:.0f}",
        since,
        "ouvrez un article : mur payant, bandeau ou mise en page nouvelle ? Sinon, signalez l'adresse",
        "Des textes bien plus courts qu'avant",
        "ses articles ne nous parviennent plus en entier",
    )


def _language(before: Sequence[Day], recent: Sequence[Day]) -> Condition | None:
    spoken: Counter[str] = Counter()
    for day in before:
        spoken[day.language] += day.new
    usual, times = spoken.most_common(1)[0]
    now = {day.language for day in recent}
    if not usual or times < 0.8 * spoken.total() or len(now) > 1 or now <= {usual, ""}:
        return None
    return Condition(
        "language",
        f"les articles sont en « {now.pop()} » au lieu de « {usual} »",
        _first((*before, *recent), lambda day: day.language not in (usual, "")),
        "ouvrez le site : autre édition, ou nom de domaine repris par d'autres ?",
        "Une autre langue qu'avant",
        "elle ne publie plus dans sa langue",
    )


def _first(bearing: Sequence[Day], odd: Callable[[Day], bool]) -> datetime:
    """The first of the odd days that end a history."""
    since = bearing[-1].at
    for day in reversed(bearing):
        if not odd(day):
            break
        since = day.at
    return since


def flooded(bearing: Sequence[Day], now: datetime) -> Condition | None:
    """A day of the last week in which ten times more came than usual; the first visit, that takes all, aside."""
    later = bearing[1:]
    if len(later) < KNOWN:
        return None
    usual = median(day.new for day in later)
    flood = [day for day in later if now - day.at <= FLOOD_TOLD and day.new >= max(FLOOD_LEAST, FLOOD * usual)]
    if not flood:
        return None
    return Condition(
        "flood",
        f"{flood[-1].new} nouveaux articles en un jour, contre {usual:.0f} d'ordinaire",
        flood[0].at,
        "le site a peut-être changé toutes ses adresses ; s'il y en a trop, choisissez une entrée plus étroite",
        "Bien plus d'articles que d'ordinaire",
    )


def undated(read: Sequence[Visit]) -> Condition | None:
    """Whether announced articles have lost the dates that they used to come with."""
    announcing = (visit for visit in read if visit.announced)
    shares = [_dated(list(group)) for _, group in groupby(announcing, key=_date)]
    if len(shares) < KNOWN + RECENT:
        return None
    if median(share for _, share in shares[:-RECENT]) < 0.8 or max(share for _, share in shares[-RECENT:]) >= 0.2:
        return None
    since = shares[-1][0]
    for at, share in reversed(shares):
        if share >= 0.2:
            break
        since = at
    return Condition(
        "undated",
        "les articles annoncés n'ont plus de date",
        since,
        "revoyez la clé « date » de l'entrée",
        "Des articles qui ont perdu leur date",
    )


def _dated(visits: Sequence[Visit]) -> tuple[datetime, float]:
    return visits[0].at, sum(visit.dated for visit in visits) / sum(visit.announced for visit in visits)
