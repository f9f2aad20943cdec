"""What `veille source list` says: every source and how it fares."""

from __future__ import annotations

from typing import Any

from core.health import Condition
from core.sources import Source, SourceState
from veille import console
from veille.source_health import conditions_of, phrase
from veille.wiring import House


def _row(source: Source, state: SourceState | None, condition: Condition) -> dict[str, Any]:
    return {
        "slug": source.slug,
        "name": source.name,
        "category": source.category,
        "enabled": source.enabled,
        "condition": condition.state,
        "state": phrase(condition),
        "last_success": state.last_success if state else None,
        "entry": state.entry_used if state else "",
        "articles": state.articles if state else 0,
        "matched": state.matched if state else 0,
    }


def say_sources(house: House, as_json: bool) -> None:
    states, conditions = house.store.runs.states(), conditions_of(house)
    rows = [_row(source, states.get(source.slug), conditions[source.slug]) for source in house.config.sources]
    if as_json:
        console.say_json({"sources": rows})
        return
    cells = [(r["slug"], r["name"], str(r["articles"]), str(r["matched"]), r["state"]) for r in rows]
    console.table(("Source", "Nom", "Articles", "Retenus", "État"), cells)
