"""`veille source try --all`: every source tried at once, grouped by cause, and one diff of what to change."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from core.text import one_line
from veille import config as configuration
from veille import config_writer, console
from veille.causes import TITLES, Cause, Proposal, cause_of, grouped, no_network, proposals
from veille.switching import changes_for, today
from veille.trial import Trial, try_sources
from veille.trial_report import width

PARTIAL = 4
ARTICLES = 2
"""Articles read of each source: enough to know that it can be read."""


def try_all(path: Path, write: bool, as_json: bool) -> int:
    """Try every source, enabled or not; returns the exit code: 4 when some cannot be read."""
    sources = configuration.load(path).sources
    trials = try_sources(path, sources, ARTICLES, quick=True) if sources else []
    proposed, old = proposals(trials), config_writer.read(path)
    new = _changed(old, proposed)
    if write and new != old:
        config_writer.replace(path, old, new)
    diff = _diff(path.name, old, new)
    if as_json:
        console.say_json(_as_json(trials, proposed, diff, write and new != old))
    else:
        _say(trials, diff, write)
    return PARTIAL if any(cause_of(trial) != "reads" for trial in trials if trial.source.enabled) else 0


def _changed(text: str, proposed: Sequence[Proposal]) -> str:
    for each in proposed:
        text = config_writer.with_changes(text, each.slug, changes_for(each.enable, each.reason, today()))
    return text


def _diff(name: str, old: str, new: str) -> str:
    """A unified diff whose hunks name the source that they change."""
    before = old.splitlines()
    lines = difflib.unified_diff(before, new.splitlines(), name, f"{name} (proposé)", n=1, lineterm="")
    return "\n".join(line + _slug(before, line) if line.startswith("@@") else line for line in lines)


def _slug(before: Sequence[str], header: str) -> str:
    """The source of a hunk: the last slug above it, as `diff -p` says the function."""
    start = re.match(r"@@ -(\d+)", header)
    above = before[: int(start[1]) + 1] if start else []
    found = next((named for line in reversed(above) if (named := re.match(r"""slug\s*=\s*["']([^"']+)""", line))), None)
    return f" {found[1]}" if found else ""


def _say(trials: Sequence[Trial], diff: str, written: bool) -> None:
    if not trials:
        console.say("La configuration n'a aucune source. Pour en ajouter une : veille source add URL")
        return
    for cause, members in grouped(trials).items():
        console.say(f"{TITLES[cause]} : {len(members)}")
        for trial in members:
            console.say("  " + one_line(_line(trial, cause), width() - 2))
    console.say()
    if no_network(trials):
        console.say("Aucune source n'a répondu : c'est sans doute le réseau de cette machine.")
    elif not diff:
        console.say("Rien à changer dans la configuration.")
    else:
        console.say("Changé dans la configuration :" if written else "Proposé pour la configuration :")
        console.say(diff)
        if not written:
            console.say()
            console.say("Relisez, puis, pour l'écrire : veille source try --all --write")


def _line(trial: Trial, cause: Cause) -> str:
    off = "" if trial.source.enabled else ", désactivée"
    head = f"{trial.source.slug}{off}"
    if cause == "reads" and trial.sight:
        newest = trial.articles[0].published
        until = f", le dernier du {console.day(newest)}" if newest else ", sans date"
        return f"{head} : {console.count(trial.sight.announced, 'article')}{until}"
    reason = trial.failure.reason if trial.failure else next((each.reason for each in trial.failures), "")
    return f"{head} : {reason}" if reason else head


def _as_json(trials: Sequence[Trial], proposed: Sequence[Proposal], diff: str, written: bool) -> dict[str, object]:
    rows = [
        {
            "source": trial.source.slug,
            "enabled": trial.source.enabled,
            "cause": cause_of(trial),
            "entry": trial.entry,
            "announced": trial.sight.announced if trial.sight else 0,
            "newest": trial.articles[0].published if trial.articles else None,
            "reason": trial.failure.reason if trial.failure else "",
        }
        for trial in trials
    ]
    return {"sources": rows, "proposals": proposed, "diff": diff, "written": written}
