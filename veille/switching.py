"""`veille source enable` and `disable`: a source is read or not, with the reason for the next person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from core.clock import PARIS
from core.errors import ConfigError
from core.sources import Source
from veille import config as configuration
from veille import config_writer, console


def changes_for(enabled: bool, reason: str, day: str) -> config_writer.Changes:
    """What changes in a source's block; `day`: ISO 8601."""
    if enabled:
        return {"enabled": True, "disabled_reason": None, "checked_on": day}
    return {"enabled": False, "disabled_reason": reason, "checked_on": day}


def switch(path: Path, slug: str, enabled: bool, reason: str, dry_run: bool) -> None:
    """Change one source's block, and say it."""
    source = _known(path, slug)
    if source.enabled == enabled and (enabled or not reason or reason == source.disabled_reason):
        console.say(f"« {source.name} » est déjà {'active' if enabled else 'désactivée'}. Rien n'est changé.")
        return
    if not enabled and not reason:
        raise ConfigError('Dites pourquoi, pour la personne suivante : --reason "le site a fermé".')
    old = config_writer.read(path)
    new = config_writer.with_changes(old, slug, changes_for(enabled, reason, today()))
    if dry_run:
        config_writer.check(path, new)
        console.say(f"« {source.name} » serait {'activée' if enabled else 'désactivée'} ; rien n'est écrit.")
        return
    config_writer.replace(path, old, new)
    console.say(f"« {source.name} » est {'active' if enabled else 'désactivée'}.")


def _known(path: Path, slug: str) -> Source:
    found = next((source for source in configuration.load(path).sources if source.slug == slug), None)
    if found is None:
        raise ConfigError(f"Aucune source ne s'appelle « {slug} » (voir : veille source list).")
    return found


def today() -> str:
    """The day of Paris, ISO 8601; that of VEILLE_NOW when it is set."""
    return (configuration.chosen_time() or datetime.now(UTC)).astimezone(PARIS).date().isoformat()
