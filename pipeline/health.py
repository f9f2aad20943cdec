"""The health of a source: its history of visits → one condition, with its reason, since when and what to do; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from core.clock import PARIS
from core.health import ORDER, Condition, History, State, weight
from core.ports import RunStore
from core.sources import Source, SourceState
from core.urls import same_site
from core.visits import Visit
from pipeline.causes import cause, short
from pipeline.expectations import kept
from pipeline.rhythm import rhythm
from pipeline.shifts import days, flooded, shifted, undated

DAY = timedelta(days=1)
FAILING = 2.0
"""Weight of failures in a row from which a source is broken, when they last at least FAILING_FOR."""
FAILING_FOR = timedelta(hours=20)
ANYHOW = timedelta(days=2)
"""Failures of any weight that last so long, three at least, are a breakdown."""
GIVEN_UP = timedelta(days=14)
"""Failing for longer, a source is proposed to be disabled: a person decides."""
MOVES, MOVED_FOR = 3, timedelta(hours=24)
"""Equal answers « moved for good », and the time between the first and the last, before a move is proposed (A19)."""
EMPTY = 2
"""Empty visits in a row, a day apart, of a source that never was."""
PARTIAL = timedelta(days=3)


def look(sources: Sequence[Source], runs: RunStore, now: datetime) -> dict[str, Condition]:
    """How these sources fare, by slug."""
    histories = runs.histories(sources)
    return {source.slug: diagnose(source, histories[source.slug], now) for source in sources}


def diagnose(source: Source, history: History, now: datetime) -> Condition:
    """The worst of all that the history shows."""
    state = history.state
    if not source.enabled:
        return Condition("disabled", short(source.disabled_reason) or "sans raison donnée")
    if state.stopped(source):
        return _gone(state)
    visits = [visit for visit in history.visits if visit.read or weight(visit.failure_kind, visit.failure_reason)]
    if not visits:
        return Condition("new", "elle n'a encore jamais été lue", told="nous ne l'avons pas encore lue")
    if not visits[-1].read:
        return _failing(source, visits, now)
    read = [visit for visit in visits if visit.read]
    found = sorted(_troubles(source, history, read, now), key=lambda each: ORDER[each.state])
    return found[0] if found else Condition("good", "rien à signaler")


def _troubles(source: Source, history: History, read: Sequence[Visit], now: datetime) -> Iterator[Condition]:
    bearing = days(read)
    seen = (
        _empty(read),
        _silence(source, history, read, now),
        shifted(bearing),
        undated(read),
        kept(source.expect, read, history.state.first_run_at, now),
        _moved(source, history.state, now),
        flooded(bearing, now),
        _partial(read, now),
    )
    yield from (each for each in seen if each is not None)


def _gone(state: SourceState) -> Condition:
    return Condition(
        "gone",
        "son entrée a été supprimée pour de bon (code 410) : elle n'est plus demandée",
        state.stopped_at,
        "cherchez une autre entrée et changez-la dans config.toml, ou désactivez la source",
        "Entrée supprimée",
        "la page que nous lisions a été supprimée",
        "désactiver la source, ou changer son entrée",
    )


def _failing(source: Source, visits: Sequence[Visit], now: datetime) -> Condition:
    """Broken once its failures weigh enough and last; until then only uncertain."""
    streak = _last_run(visits, lambda visit: not visit.read)
    since, last = streak[0].at, streak[-1]
    penalty = sum(weight(visit.failure_kind, visit.failure_reason) for visit in streak)
    lasting = last.at - since
    heavy = penalty >= FAILING and lasting >= FAILING_FOR
    broken = heavy or (len(streak) >= 3 and lasting >= ANYHOW)
    named = cause(last.failure_kind, last.failure_reason)
    proposal = ""
    if broken and now - since >= GIVEN_UP:
        proposal = f"désactiver : en panne depuis {(now - since).days} jours (enabled = false, disabled_reason)"
    state: State = "failing" if broken else "shaky"
    return Condition(state, short(last.failure_reason), since, named.advice, named.name, named.told, proposal)


def _empty(read: Sequence[Visit]) -> Condition | None:
    """Valid, and without any article, although it never was so."""
    streak = _last_run(read, lambda visit: not visit.announced)
    before = read[: len(read) - len(streak)]
    if len(streak) < EMPTY or streak[-1].at - streak[0].at < FAILING_FOR:
        return None
    if before and sum(not visit.announced for visit in before) > 0.05 * len(before):
        return None
    return Condition(
        "empty",
        "l'entrée se lit bien, mais n'annonce plus aucun article",
        streak[0].at,
        "ouvrez l'entrée : le site a sans doute changé de flux ou d'adresse",
        "Entrée valable mais vide",
        "sa liste d'articles est vide",
    )


def _silence(source: Source, history: History, read: Sequence[Visit], now: datetime) -> Condition | None:
    """Silent against its own rhythm, or against `expect.silence`; quiet when it only pauses longer than usual."""
    last = _last_news(history, read, now)
    own = rhythm(history.days)
    if last is None or (own is None and source.expect.silence is None):
        return _unknown_rhythm(last, read, now)
    pause = (now - last) / DAY if own is None else own.lived(last, now)
    silent = own is not None and pause > own.longest
    if source.expect.silence is not None:
        silent = now - last > source.expect.silence
    day = f"{last.astimezone(PARIS):%d/%m/%Y}"
    if silent:
        usual = f", alors qu'elle publie d'ordinaire {_pace(own.calendar)}" if own else ", plus que le silence prévu"
        return Condition(
            "silent",
            f"rien de neuf depuis le {day}{usual}",
            last,
            "ouvrez le site : s'il publie encore, l'entrée est morte ; sinon, attendez ou réglez « silence »",
            "Rien de neuf depuis trop longtemps",
            f"rien de neuf depuis le {day}, ce qui ne lui ressemble pas",
        )
    if own is not None and pause > max(2 * own.usual, 2.0):
        return Condition("quiet", f"rien de neuf depuis le {day}, ce qui lui arrive", last)
    return None


def _unknown_rhythm(last: datetime | None, read: Sequence[Visit], now: datetime) -> Condition | None:
    since = last or read[0].at
    if now - since <= 14 * DAY:
        return None
    return Condition("quiet", "rien de neuf ; elle publie trop peu pour que son rythme soit connu", since)


def _last_news(history: History, read: Sequence[Visit], now: datetime) -> datetime | None:
    """When it last gave something new: the day of its newest article, or a later visit that brought one."""
    news = [instant for instant in history.days if instant <= now][:1]
    news += [visit.at for visit in read[1:] if visit.new][-1:]
    return max(news, default=None)


def _pace(usual: float) -> str:
    if usual < 2:
        return "chaque jour"
    return f"tous les {usual:.0f} jours"


def _moved(source: Source, state: SourceState, now: datetime) -> Condition | None:
    """A move for good: told at once when it leads to another site, proposed once it is sure."""
    if not state.moved_to or state.moved_since is None or state.last_success is None:
        return None
    near = same_site(state.moved_from, state.moved_to)
    sure = state.moved_times >= MOVES and state.last_success - state.moved_since >= MOVED_FOR
    if near and not sure:
        return None
    where = "" if near else ", sur un autre site"
    return Condition(
        "moved",
        f"son entrée renvoie pour de bon à {state.moved_to}{where}",
        state.moved_since,
        "remplacez l'adresse dans config.toml" if near else "vérifiez que c'est bien la même source, puis remplacez",
        "Entrée déménagée",
        proposal=f"remplacer {state.moved_from} par {state.moved_to}" if sure else "",
    )


def _partial(read: Sequence[Visit], now: datetime) -> Condition | None:
    streak = _last_run(read, lambda visit: bool(visit.failure_kind))
    if not streak or streak[-1].at - streak[0].at < PARTIAL:
        return None
    last = streak[-1]
    return Condition(
        "partial",
        f"lue, mais une de ses entrées ne répond pas : {short(last.failure_reason)}",
        streak[0].at,
        cause(last.failure_kind, last.failure_reason).advice,
        "Une entrée sur plusieurs ne se lit plus",
    )


def _last_run(visits: Sequence[Visit], odd: Callable[[Visit], bool]) -> Sequence[Visit]:
    """The visits, at the end of a history, that are all so."""
    count = 0
    for visit in reversed(visits):
        if not odd(visit):
            break
        count += 1
    return visits[len(visits) - count :]
