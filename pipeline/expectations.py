"""What `[source.expect]` asks of a source: a minimum that is not kept is an error, a maximum a warning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median

from core.health import Condition
from core.sources import Expectations
from core.visits import Visit
from pipeline.shifts import RECENT, days

WEEK = timedelta(days=7)
LOOKED_AT = 4 * WEEK
"""Over which the least number of articles a week is counted, so that one quiet week is no error."""


def kept(expect: Expectations, read: Sequence[Visit], first_run: datetime | None, now: datetime) -> Condition | None:
    """The first expectation that is not kept; `read` are the visits in which the source was read."""
    later = [visit for visit in read if first_run is None or visit.at > first_run]
    return next(_broken(expect, read, later, now), None)


def _broken(expect: Expectations, read: Sequence[Visit], later: Sequence[Visit], now: datetime) -> Iterator[Condition]:
    if expect.items_min is not None and later and now - later[0].at >= LOOKED_AT:
        per_week = _new(later, now - LOOKED_AT) / 4
        if per_week < expect.items_min:
            yield _error(f"{_number(per_week)} articles par semaine, {_number(expect.items_min)} attendus")
    recent = days(read)[-RECENT:]
    if recent and expect.text_min is not None and (length := median(day.length for day in recent)) < expect.text_min:
        yield _error(f"textes de {length:.0f} caractères, {expect.text_min} attendus", recent[0].at)
    if recent and expect.language and not {day.language for day in recent} & {expect.language, ""}:
        yield _error(f"articles en « {recent[-1].language} », « {expect.language} » attendu", recent[0].at)
    announced = [visit for visit in read if visit.announced][-RECENT:]
    if announced and expect.dates_min is not None:
        share = sum(visit.dated for visit in announced) / sum(visit.announced for visit in announced)
        if share < expect.dates_min:
            yield _error(f"{share:.0%} d'articles datés, {expect.dates_min:.0%} attendus", announced[0].at)
    if expect.items_max is not None and (new := _new(later, now - WEEK)) > expect.items_max:
        yield Condition(
            "excess",
            f"{new} articles en une semaine, {_number(expect.items_max)} au plus attendus",
            None,
            "choisissez une entrée plus étroite, ajoutez « keywords », ou relevez « items_max »",
            "Plus d'articles que prévu",
        )


def _error(reason: str, since: datetime | None = None) -> Condition:
    advice = "ouvrez le site ; corrigez l'entrée, ou ce que [source.expect] attend d'elle"
    return Condition("expected", reason, since, advice, "Ce qui était attendu n'est pas là")


def _new(visits: Sequence[Visit], since: datetime) -> int:
    return sum(visit.new for visit in visits if visit.at > since)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
