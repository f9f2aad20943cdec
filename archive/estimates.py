"""How much news a search would bring as an alert, told before it is made, and how to narrow one too broad."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from archive.asking import Asked
from archive.coverage import first_read
from archive.filter_names import filter_name
from archive.pages import Choice
from archive.query import Address, Filter
from archive.site import Site
from archive.wording import NBSP, count, number
from core.saved import LOOK_BACK, YOUNG, Estimate, refusal, restricts

LATEST = 3
"""Titles shown of what an alert would have told last."""
PROPOSED = 4
_WEEK = timedelta(weeks=1)
_NARROWING = ("tag", "category", "source")
"""Facets whose values are proposed, in this order."""
_EACH = 3


def estimate(site: Site, address: Address, ever: int) -> Estimate:
    """What the alert of a search would have told in the last twelve weeks, or since the watch began.

    `ever`: the stories that the search finds in the whole archive.
    """
    ports, now = site.ports, site.ports.clock.now()
    states = ports.runs.states()
    begun = min((at for source in ports.sources if (at := first_read(source, states))), default=now)
    since = max(now - LOOK_BACK, begun)
    query = replace(address.search_query(LATEST, ports.settings.synonyms), offset=0)
    found = ports.index.arrivals(query, since, since - YOUNG)
    return Estimate(found.stories, (now - since) / _WEEK, found.hits, ever)


def told(found: Estimate) -> str:
    """One or two French sentences."""
    if not found.ever:
        return "Cette recherche n’a encore jamais rien trouvé."
    if not found.stories:
        return (
            f"Rien de neuf pour cette recherche {_lately(found)}\u00a0; elle trouve en tout "
            f"{count(found.ever, 'article', 'articles')}."
        )
    return f"{count(found.stories, 'nouvel article', 'nouveaux articles')} {_lately(found)}, soit {_rate(found)}."


def _lately(found: Estimate) -> str:
    weeks = round(found.weeks)
    if weeks >= LOOK_BACK / _WEEK:
        return "dans les douze dernières semaines"
    began = count(weeks, "semaine", "semaines") if weeks > 1 else "moins de deux semaines"
    return f"depuis le début de la veille, il y a {began}"


def _rate(found: Estimate) -> str:
    if found.per_week < 0.75:
        return "moins d’un par semaine"
    return f"environ {number(round(found.per_week))}{NBSP}par semaine"


def narrower(site: Site, address: Address, asked: Asked, path: str) -> tuple[Choice, ...]:
    """Searches a little narrower that may be alerts, with what each would bring."""
    found = []
    for item in _filters(site, asked):
        nearer = address.with_filter(item.name, item.value)
        guessed = estimate(site, nearer, asked.found.total)
        if guessed.stories and restricts(nearer.search_query().expression) and not refusal(nearer.q, guessed):
            shown = filter_name(nearer.filters()[-1], site.names)
            found.append(Choice(f"{shown}\u00a0: {_rate(guessed)}", nearer.href(path)))
    return tuple(found[:PROPOSED])


def _filters(site: Site, asked: Asked) -> Iterator[Filter]:
    used = {item.name for item in _used(asked)}
    if "central" not in used:
        yield Filter("central", "oui")
    for name, values in sorted(asked.found.facets, key=lambda each: _place(each[0])):
        if name in _NARROWING and name not in used:
            yield from (Filter(name, facet.value) for facet in values[:_EACH])


def _used(asked: Asked) -> Iterable[Filter]:
    return Address(asked.query.text).filters()


def _place(name: str) -> int:
    return _NARROWING.index(name) if name in _NARROWING else len(_NARROWING)
