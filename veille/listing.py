"""What `veille source list` says: every source and how it fares."""

from __future__ import annotations

from typing import Any

from core.sources import Source, SourceState
from veille import console
from veille.wiring import House


def state_text(source: Source, state: SourceState | None) -> str:
    """One French phrase: how a source fares."""
    if not source.enabled:
        return f"désactivée : {source.disabled_reason or 'sans raison donnée'}"
    if state is None or state.last_attempt is None:
        return "jamais lue"
    if state.failures or state.last_success is None:
        return f"en panne : {state.last_error_reason}"
    return f"lue le {console.day(state.last_success, with_hour=True)}"


def _row(source: Source, state: SourceState | None) -> dict[str, Any]:
    return {
        "slug": source.slug,
        "name": source.name,
        "category": source.category,
        "enabled": source.enabled,
        "state": state_text(source, state),
        "last_success": state.last_success if state else None,
        "entry": state.entry_used if state else "",
        "articles": state.articles if state else 0,
        "matched": state.matched if state else 0,
    }


def say_sources(house: House, as_json: bool) -> None:
    states = house.store.runs.states()
    rows = [_row(source, states.get(source.slug)) for source in house.config.sources]
    if as_json:
        console.say_json({"sources": rows})
        return
    cells = [(r["slug"], r["name"], str(r["articles"]), str(r["matched"]), r["state"]) for r in rows]
    console.table(("Source", "Nom", "Articles", "Retenus", "État"), cells)
