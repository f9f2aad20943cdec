"""What `veille source list` says: every source and how it fares."""

from __future__ import annotations

from typing import Any

from core.health import Condition
from core.sources import Source, SourceState
from veille import console
from veille.source_health import conditions_of, phrase
from veille.wiring import House


def _reservation(source: Source, state: SourceState | None) -> str:
    """What the publisher says of text and data mining, and what is made of it."""
    if state is None or not state.mining:
        return ""
    if source.rights.mining == "authorised":
        return f" ; {state.mining}, mais l'éditeur a donné son accord"
    return f" ; {state.mining} : titre et lien seulement"


def _row(source: Source, state: SourceState | None, condition: Condition) -> dict[str, Any]:
    return {
        "slug": source.slug,
        "name": source.name,
        "category": source.category,
        "enabled": source.enabled,
        "condition": condition.state,
        "state": phrase(condition) + _reservation(source, state),
        "last_success": state.last_success if state else None,
        "entry": state.entry_used if state else "",
        "mining": state.mining if state else "",
        "articles": state.articles if state else 0,
        "matched": state.matched if state else 0,
    }


def say_sources(house: House, as_json: bool) -> None:
    states, conditions = house.store.runs.states(counted=True), conditions_of(house)
    rows = [_row(source, states.get(source.slug), conditions[source.slug]) for source in house.config.sources]
    if as_json:
        console.say_json({"sources": rows})
        return
    cells = [(r["slug"], r["name"], str(r["articles"]), str(r["matched"]), r["state"]) for r in rows]
    console.table(("Source", "Nom", "Articles", "Retenus", "État"), cells)
