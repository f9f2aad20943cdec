"""Searches that members keep, the alerts that some of them are, and how much news each would bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

from core.query import parse
from core.search import Hit, SearchQuery
from core.synonyms import Synonyms, widened
from core.tree import Expression, Filter, Word, wanted

Frequency = Literal["none", "daily", "weekly"]
FREQUENCIES: tuple[Frequency, ...] = ("none", "daily", "weekly")
FREQUENCY_NAMES: Mapping[Frequency, str] = {"none": "sans alerte", "daily": "chaque jour", "weekly": "chaque semaine"}

LOOK_BACK = timedelta(weeks=12)
"""The time over which an alert's volume is told before it is made."""
YOUNG = timedelta(days=35)
"""An article dated longer ago than this is no news, whenever it is seen; as in the weekly edition."""
MOST_A_WEEK = 20
"""Stories a week, on average, beyond which a search makes no alert: nobody reads such a mail for long."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A search as a member wants to keep it; `query` as it was typed, in the query language (`core/query.py`)."""

    name: str
    query: str
    frequency: Frequency = "none"
    everything: bool = False
    """Articles without a tag too."""
    synonyms: bool = True


@dataclass(frozen=True, slots=True)
class SavedSearch:
    id: int
    member_id: int
    wish: Wish
    made_at: datetime
    alert_since: datetime | None
    """Since when it is an alert, which tells what is first seen from then on; None when it is none."""
    looked_at: datetime | None
    """When the alert was last asked for its news."""
    token: str
    """Random, 128 bits: for the link that stops the alert."""

    @property
    def series(self) -> str:
        """Its series in the ledger of editions (product decision 8)."""
        return f"{ALERTS}{self.id}"


ALERTS = "alert-"
"""What the name of an alert's series begins with, its number follows."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What a search finds among the stories first seen since a day."""

    stories: int
    hits: tuple[Hit, ...]
    """The newest of them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an alert would have told."""

    stories: int
    weeks: float
    """Length of the time looked at: twelve weeks, less while the watch is younger."""
    latest: tuple[Hit, ...]
    ever: int
    """Stories that the search finds in the whole archive."""

    @property
    def per_week(self) -> float:
        return self.stories / max(self.weeks, 1.0)


def restricts(expression: Expression) -> bool:
    """True when a query asks for a word or for a property; a time alone, or what is excluded, narrows nothing."""
    return any(
        isinstance(leaf, Word) or (isinstance(leaf, Filter) and leaf.name != "month") for leaf in wanted(expression)
    )


def refusal(query: str, estimate: Estimate) -> str:
    """Why a search can be no alert, in French; empty when it can."""
    if not restricts(parse(query).expression):
        return "Cette recherche n'a ni mot ni filtre : son alerte enverrait tout ce que la veille retient."
    if estimate.per_week > MOST_A_WEEK:
        return (
            f"Cette recherche trouve environ {round(estimate.per_week)} nouveaux articles par semaine : une alerte en "
            f"enverrait trop pour être lue ({MOST_A_WEEK} par semaine au plus)."
        )
    return ""


def query_of(wish: Wish, synonyms: Sequence[Synonyms], limit: int) -> SearchQuery:
    """What a saved search asks of the index, by date, its words widened unless it refuses that."""
    query = parse(wish.query)
    query = widened(query, synonyms) if wish.synonyms else replace(query, synonyms=False)
    return replace(query, sort="date", everything=query.everything or wish.everything, limit=limit)


class SavedSearchStore(Protocol):
    """The searches of each member; those of another are out of reach. Every change leaves a line in the audit."""

    def save(self, member_id: int, wish: Wish, at: datetime) -> SavedSearch:
        """Raises VeilleError, in French, when the name or the query is not acceptable, or there are too many."""
        ...

    def change(self, member_id: int, number: int, name: str, frequency: Frequency, at: datetime) -> bool:
        """False when there is none of that number. Raises VeilleError, in French, when the name is not acceptable."""
        ...

    def delete(self, member_id: int, number: int, at: datetime) -> bool:
        """Erase it and what its alert told; False when there is none of that number."""
        ...

    def of(self, member_id: int) -> list[SavedSearch]:
        """The last saved first."""
        ...

    def stop(self, token: str, at: datetime) -> bool:
        """End the alert of a link, the search stays; True too when it had ended before. False for no such alert."""
        ...
