"""The sources and how they fare, in plain French; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.marks import site_of, web_link
from archive.wording import count, day, error, spaced
from core.health import TITLES
from core.names import CATEGORIES
from core.sources import Source, SourceState
from core.visits import Visit

Health = Literal["fine", "broken", "waiting", "stopped"]


@dataclass(frozen=True, slots=True)
class VisitLine:
    at: datetime
    told: str
    read: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    slug: str
    name: str
    url: str
    host: str
    health: Health
    status: str
    """One French sentence."""
    past_error: str
    """What went wrong last, for a source that is read again."""
    last_success: datetime | None
    last_attempt: datetime | None
    next_due: datetime | None
    since: datetime | None
    last_new: datetime | None
    entry: str
    entry_kind: str
    articles: int
    matched: int
    visits: tuple[VisitLine, ...]
    """The last ones, newest first."""


@dataclass(frozen=True, slots=True)
class SourceGroup:
    title: str
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class SourcesPage:
    groups: tuple[SourceGroup, ...]
    fine: int
    broken: int
    waiting: int
    stopped: int


def sources_page(
    sources: Sequence[Source], states: Mapping[str, SourceState], visits: Mapping[str, Sequence[Visit]]
) -> SourcesPage:
    lines = [(source, source_line(source, states.get(source.slug), visits.get(source.slug, ()))) for source in sources]
    # Articles added by hand have no site: their line is shown once there are some.
    lines = [(source, line) for source, line in lines if line.url or line.articles]
    groups = []
    for category, title in CATEGORIES.items():
        members = [line for source, line in lines if source.category == category]
        if members:
            members.sort(key=lambda line: (line.health == "stopped", line.name))
            groups.append(SourceGroup(title, tuple(members)))
    health = [line.health for _, line in lines]
    return SourcesPage(
        tuple(groups), health.count("fine"), health.count("broken"), health.count("waiting"), health.count("stopped")
    )


def source_line(source: Source, state: SourceState | None, visits: Sequence[Visit] = ()) -> SourceLine:
    state = state or SourceState(source.slug)
    health, status = _health(source, state)
    entry = web_link(state.entry_used)
    return SourceLine(
        slug=source.slug,
        name=source.name,
        url=web_link(source.url),
        host=site_of(source.url),
        health=health,
        status=status,
        past_error=_past_error(state) if health == "fine" else "",
        last_success=state.last_success,
        last_attempt=state.last_attempt,
        next_due=state.next_due if source.enabled else None,
        since=state.first_run_at,
        last_new=state.last_new,
        entry=entry,
        entry_kind=_entry_kind(source, state.entry_used),
        articles=state.articles,
        matched=state.matched,
        visits=tuple(VisitLine(visit.at, _told(visit), visit.read) for visit in visits),
    )


def _told(visit: Visit) -> str:
    if not visit.read:
        return f"échec\u00a0: {error(visit.failure_kind, visit.failure_reason)}"
    return count(visit.new, "nouvel article", "nouveaux articles") if visit.new else "rien de nouveau"


def _past_error(state: SourceState) -> str:
    had = state.last_error_kind or state.last_error_reason
    return error(state.last_error_kind, state.last_error_reason) if had else ""


def _health(source: Source, state: SourceState) -> tuple[Health, str]:
    if not source.enabled:
        reason = spaced(source.disabled_reason.strip().rstrip("."))
        if not source.url:
            return "fine", f"{reason[:1].upper()}{reason[1:]}."
        return "stopped", f"N’est plus lue\u00a0: {reason}." if reason else "N’est plus lue."
    if source.enabled and state.condition in _TOLD and state.condition not in ("shaky", "new", "disabled"):
        return _condition(state)
    if state.failures:
        times = "La dernière lecture a échoué"
        if state.failures > 1:
            times = f"{count(state.failures, 'lecture', 'lectures')} de suite sans succès"
        return "broken", f"{times}\u00a0: {error(state.last_error_kind, state.last_error_reason)}."
    if state.last_success is None:
        return "waiting", "Pas encore lue."
    return "fine", "Lue normalement."


_TOLD: dict[str, str] = {str(state): title for state, title in TITLES.items()}


def _condition(state: SourceState) -> tuple[Health, str]:
    """What the last look at its visits says."""
    if state.condition == "good":
        return "fine", "Lue normalement."
    reason = spaced(state.condition_reason)
    if state.condition == "quiet":
        return "fine", f"Lue normalement\u00a0: {reason}."
    title, since = _TOLD[state.condition].capitalize(), ""
    if state.condition_since is not None:
        since = f" depuis le {day(state.condition_since)}"
    return "broken", f"{title}{since}\u00a0: {reason}."


def _entry_kind(source: Source, used: str) -> str:
    if not used:
        return ""
    if used in source.feeds:
        return "flux"
    if used in source.sitemaps:
        return "plan du site"
    if source.listing and used == source.listing.url:
        return "liste d’articles"
    return "données ouvertes" if source.api else "page d’entrée"
