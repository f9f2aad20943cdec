"""`veille run`: one pass over the sources, and what it says at the end."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from core.errors import ConfigError
from core.pages import Failure
from core.runs import RunReport
from core.sources import Source
from veille import console
from veille.progress import Progress
from veille.wiring import House

PARTIAL, FAILED = 4, 1


def chosen_sources(house: House, slug: str, due: bool) -> list[Source]:
    """The sources to read: one by its slug, those that are due, or every enabled one; not the gone ones (410)."""
    if slug:
        if slug not in house.sources:
            raise ConfigError(f"Aucune source ne s'appelle « {slug} » (voir : veille source list).")
        return [house.sources[slug]]
    from pipeline.due import due_sources, still_there

    enabled, states = house.config.enabled, house.states()
    return due_sources(enabled, states, house.clock.now()) if due else still_there(enabled, states)


def run_pass(house: House, sources: Sequence[Source], recheck: bool = False) -> RunReport:
    """One pass, under the lock that keeps two from running at once."""
    from db.lock import run_lock
    from pipeline.run import run
    from veille import config_expressions

    config_expressions.check(house.config)
    house.config.data.mkdir(parents=True, exist_ok=True)
    run_id = f"{house.clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    collector = house.collector(recheck=recheck)
    with run_lock(house.config.data, "run"), Progress() as progress, house.run_ports(collector) as ports:
        return run(sources, run_id, ports, progress)


def exit_code(report: RunReport) -> int:
    """0 done, 4 when some sources failed, 1 when all did."""
    if report.sources and report.sources_failed == report.sources:
        return FAILED
    return PARTIAL if report.sources_failed else 0


def shown_failures(failures: Sequence[Failure], names: dict[str, Source]) -> list[tuple[str, ...]]:
    """Failed sources first, then failed pages; one row for each reason of a source."""
    grouped: dict[tuple[bool, str, str], list[str]] = {}
    for failure in failures:
        grouped.setdefault((not failure.entry, failure.source, failure.reason), []).append(failure.url)
    rows: list[tuple[str, ...]] = []
    for (is_page, slug, reason), urls in sorted(grouped.items()):
        what = urls[0] if len(urls) == 1 else f"{urls[0]} et {console.count(len(urls) - 1, 'autre')}"
        name = names[slug].name if slug in names else slug
        rows.append((name, "page" if is_page else "source", reason, what))
    return rows


def describe(report: RunReport, names: dict[str, Source]) -> None:
    """The French summary of a pass."""
    read = report.sources - report.sources_failed
    console.say(
        f"{console.count(read, 'source lue', 'sources lues')} sur {report.sources}, "
        f"{console.count(report.requests, 'requête')}, {console.count(report.pages, 'page reçue', 'pages reçues')}, "
        f"{console.count(report.unchanged, 'inchangée')}, en {report.seconds:.0f} s."
    )
    console.say(
        f"{console.count(report.articles, 'nouvel article', 'nouveaux articles')}, "
        f"dont {console.count(report.matches, 'retenu')} ; "
        f"{console.count(report.changed, 'article modifié', 'articles modifiés')}, "
        f"{console.count(report.deleted, 'retiré')} de son site."
    )
    if report.failures:
        console.say()
        console.say("Ce qui n'a pas pu être lu :")
        console.table(("Source", "Quoi", "Raison", "Adresse"), shown_failures(report.failures, names))


def as_json(report: RunReport) -> dict[str, object]:
    """The object of `veille run --json`."""
    shown: dict[str, object] = console.plain(report)
    return shown
