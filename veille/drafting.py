"""`veille draft`: the next edition as editors prepare it, from the command line."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.drafts import Gesture, Upcoming, changed, introduced
from core.errors import ConfigError
from veille import console
from veille.composing import HouseComposer
from veille.wiring import House

Asked = Sequence[tuple[Gesture, Sequence[int]]]
"""Gestures, each with the numbers of articles."""


def draft(path: Path, introduction: Path | None, asked: Asked, *, dry_run: bool, as_json: bool) -> int:
    """Change what is prepared, then tell it. Returns the exit code; raises ConfigError for an article not in it."""
    with House(path) as house:
        upcoming = HouseComposer(house).upcoming()
        stories = {entry.article_id: entry.story_id for entry in upcoming.composed.entries}
        wanted = upcoming.draft
        if introduction is not None:
            wanted = introduced(wanted, _read(introduction))
        for gesture, numbers in asked:
            for number in numbers:
                wanted = changed(wanted, gesture, _story(stories, number), ())
        if wanted != upcoming.draft and not dry_run:
            house.store.drafts.save(wanted, "command", house.clock.now())
        told = _told(replace(upcoming, draft=wanted))
        if as_json:
            console.say_json(told)
        else:
            _say(told)
    return 0


def _read(path: Path) -> str:
    """Raises ConfigError for a file that cannot be read."""
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"--introduction : {path} ne se lit pas comme un texte en UTF-8.") from error


def _story(stories: Mapping[int, int], number: int) -> int:
    if number not in stories:
        raise ConfigError(f"L'article {number} n'est pas dans la prochaine édition ; « veille draft » les montre.")
    return stories[number]


def _told(upcoming: Upcoming) -> dict[str, Any]:
    kept = upcoming.edition.entries
    dropped = [entry for entry in upcoming.composed.entries if entry.story_id in upcoming.draft.dropped]
    return {
        "edition": upcoming.draft.key,
        "leaves_at": upcoming.leaves_at.isoformat(),
        "introduction": upcoming.draft.introduction,
        "articles": [
            {"article": each.article_id, "title": each.title, "source": each.source, "pinned": each.pinned}
            for each in sorted(kept, key=lambda entry: not entry.pinned)
        ],
        "dropped": [{"article": each.article_id, "title": each.title, "source": each.source} for each in dropped],
    }


def _say(told: Mapping[str, Any]) -> None:
    console.say(f"Édition {told['edition']}, due le {told['leaves_at'][:16].replace('T', ' à ')}.")
    if told["introduction"]:
        console.say(f"\n{told['introduction']}\n")
    for each in told["articles"]:
        console.say(
            f"  {each['article']:>6}  {'épinglé : ' if each['pinned'] else ''}{each['title']} ({each['source']})"
        )
    for each in told["dropped"]:
        console.say(f"  {each['article']:>6}  retiré : {each['title']} ({each['source']})")
    if not told["articles"]:
        console.say("Aucun article pour l'instant.")
