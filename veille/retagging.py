"""`veille rules diff` and `veille retag`: what other rules change in the archive, told, then done."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ConfigError
from veille import console
from veille.progress import Progress
from veille.wiring import House

if TYPE_CHECKING:
    from pipeline.replay import Choice
    from pipeline.retag import RetagReport, TagChange, Turn

SHOWN = 200
"""Changes that a person is shown; --json gives all."""


def diff(path: Path, lexicon: Path | None, slug: str, since: datetime | None, *, as_json: bool) -> int:
    """Tell what rules would gain and lose; writes nothing. Raises ConfigError, or TopicError for a wrong lexicon."""
    from classifiers import build_with
    from pipeline.retag import retag as judge

    with House(path) as house:
        classifier = build_with(house.config.topics, lexicon) if lexicon else house.classifier
        choice, store = _choice(house, slug, since), house.store
        with Progress("Comparaison") as progress:
            report = judge(
                store.replays, store.articles, classifier, choice, house.clock.now(), dry_run=True, progress=progress
            )
        _say(report, house, as_json)
        if report.changed and not as_json:
            first = "remplacez le lexique du sujet par celui-ci, puis " if lexicon else ""
            console.say(f"Rien n'est changé. Pour l'adopter : {first}veille retag")
    return 0


def retag(path: Path, slug: str, since: datetime | None, *, dry_run: bool, as_json: bool) -> int:
    """Apply the rules of today. Raises AlreadyRunning while a pass is under way."""
    from db.lock import run_lock
    from pipeline.retag import retag as judge

    with House(path) as house:
        choice, store, now = _choice(house, slug, since), house.store, house.clock.now()
        with run_lock(house.config.data, "run"), Progress("Étiquetage") as progress:
            report = judge(
                store.replays, store.articles, house.classifier, choice, now, dry_run=dry_run, progress=progress
            )
        _say(report, house, as_json)
    return 0


def _choice(house: House, slug: str, since: datetime | None) -> Choice:
    from pipeline.replay import Choice

    if slug and slug not in house.sources and slug not in house.store.runs.states(counted=True):
        raise ConfigError(f"Aucune source ne s'appelle « {slug} » (voir : veille source list).")
    return Choice(slug, house.day_start(since) if since else None)


def _say(report: RetagReport, house: House, as_json: bool) -> None:
    if as_json:
        console.say_json(report)
        return
    if report.changes:
        rows = [_row(change, house) for change in report.changes[:SHOWN]]
        console.table(("Source", "Date", "Titre", "Étiquettes", "Ce qui décide", "Adresse"), rows)
        if report.changed > SHOWN:
            console.say(f"… et {report.changed - SHOWN} de plus (tous avec --json).")
        console.say()
    for sentence in _sentences(report):
        console.say(sentence)
    if report.unread:
        console.say()
        console.say("Ce qui n'a pas pu être relu, et reste tel quel :")
        unread = [
            (house.source_name(each.source), each.reason, str(each.count), each.urls[0]) for each in report.unread
        ]
        console.table(("Source", "Raison", "Articles", "Le premier"), sorted(unread))


def _sentences(report: RetagReport) -> list[str]:
    told = [f"{console.count(report.read, 'article relu', 'articles relus')} sur {report.articles}."]
    if not report.changed:
        told.append("Aucune étiquette ne change.")
    else:
        verb = "à changer" if report.dry_run else "changé" if report.changed < 2 else "changés"
        told.append(f"{console.count(report.changed, 'article')} {verb} : {_counts(report)}.")
        if report.gained:
            told.append(_fate(report))
    if report.proofs:
        verb = "à refaire" if report.dry_run else "refaites"
        told.append(f"Fiches {verb}, étiquettes inchangées : {console.count(report.proofs, 'article')}.")
    if report.by_people:
        articles = console.count(report.by_people, "article")
        stay = "reste comme des personnes l'ont jugé" if report.by_people < 2 else "restent comme on les a jugés"
        told.append(f"{articles} que les règles changeraient {stay} (veille corrections list).")
    return told


def _counts(report: RetagReport) -> str:
    told = [f"{label} +{report.gained[label]} -{report.lost[label]}" for label in sorted(report.gained | report.lost)]
    if report.weighed:
        told.append(f"sujet principal ou simple mention {report.weighed}")
    return ", ".join(told)


def _fate(report: RetagReport) -> str:
    """What the next edition takes of it: never the past."""
    if not report.news:
        return "Aucun n'entre par là dans une édition : ils se cherchent dans l'archive."
    verb = "peut" if report.news < 2 else "peuvent"
    return (
        f"{report.news}, de moins de huit jours, {verb} entrer dans la prochaine édition ; "
        "les plus anciens se cherchent dans l'archive et ne sont jamais envoyés."
    )


def _row(change: TagChange, house: House) -> tuple[str, ...]:
    marks = [f"+{turn.label}" for turn in change.gained] + [f"-{turn.label}" for turn in change.lost]
    marks += [f"{turn.label}→principal" for turn in change.central]
    marks += [f"{turn.label}→mention" for turn in change.passing]
    turns = (*change.gained, *change.lost, *change.central, *change.passing)
    why = " ; ".join(dict.fromkeys(filter(None, map(_why, turns)))) or "—"
    when = console.day(change.day)
    return house.source_name(change.source), when, change.title[:80], " ".join(marks), why, change.url


def _why(turn: Turn) -> str:
    if not turn.form:
        return ""
    form = f"« {' '.join(turn.form.split())} »"
    against = ", ".join(f"« {' '.join(each.split())} »" for each in turn.refuted_by)
    return f"{form}, écarté par {against}" if against else form
