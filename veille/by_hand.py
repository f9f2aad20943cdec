"""`veille add URL`: one article that a person found, read, tagged and stored as any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.articles import StoredArticle
from core.errors import ConfigError
from core.pages import Failure, FetchedPage, NewPage
from core.sources import Source
from core.text import inner_quotes
from core.urls import canonical, host
from veille import console, trial_report
from veille.progress import Progress
from veille.trial import thrown_away
from veille.wiring import House

FAILED = 1


def add(path: Path, address: str, *, dry_run: bool, as_json: bool) -> int:
    """Bring one article in and say what was found; returns the exit code."""
    try:
        url = canonical(address)
    except ValueError:
        raise ConfigError(f"« {address} » n'est pas une adresse : elle commence par https:// ou http://.") from None
    with House(path) as house:
        source = source_of(house, url)
        # A dry run makes no database where there is none.
        known = house.store.articles.by_url(url) if house.config.data.exists() or not dry_run else None
        if known is not None:
            return _say(house, known, as_json, "Déjà dans l'archive")
        if house.config.data.exists() and (told := house.store.removals.of_url(url)):
            raise ConfigError(f"Cet article a été retiré à la demande le {console.day(told.at)} : il ne revient pas.")
        if dry_run:
            return _look(path, source, url, as_json)
        failures = bring(house, source, url)
        found = house.store.articles.by_url(url)
        return _say(house, found, as_json, "Ajouté") if found else _sorry(failures, as_json)


def source_of(house: House, url: str) -> Source:
    """The source that publishes this host, whose rights are then its own; else « Ajouté à la main »."""
    name = host(url).removeprefix("www.")
    for source in sorted(house.config.sources, key=lambda each: not each.enabled):
        if name == host(source.url).removeprefix("www.") or name in source.article_domains:
            return source
    return house.by_hand


def _look(path: Path, source: Source, url: str, as_json: bool) -> int:
    """The article as it would be stored, in a folder that is thrown away."""
    from pipeline.once import try_once

    with thrown_away(path) as house:
        with Progress("Lecture") as progress, house.run_ports(house.collector("bring", [url])) as ports:
            _, failures = try_once([source], ports, progress)
        found = house.store.articles.by_url(url)
        return _say(house, found, as_json, "Serait ajouté") if found else _sorry(failures, as_json)


def bring(house: House, source: Source, url: str) -> Sequence[Failure]:
    """Fetch aside, so that a page that cannot be had leaves no trace; then read it as a run would."""
    from db.lock import run_lock
    from pipeline.once import process_waiting

    house.config.data.mkdir(parents=True, exist_ok=True)
    with run_lock(house.config.data, "run"), Progress("Lecture"):
        pages, failures = _fetch(house.config.path, source, url)
        for page in pages:
            house.store.raw.save(_new(page))
        if not pages:
            return failures
        with house.run_ports(house.collector()) as ports:
            return [failure for failure in process_waiting(ports) if failure.url == url]


def _fetch(path: Path, source: Source, url: str) -> tuple[list[FetchedPage], Sequence[Failure]]:
    with thrown_away(path) as house:
        runs, now = house.store.runs, house.clock.now()
        runs.start("ajout", now)
        with house.collector("bring", [url]).collect([source]) as crawl:
            crawl.report()
        return house.store.queue.pending(1), runs.failures("ajout")


def _new(page: FetchedPage) -> NewPage:
    return NewPage(
        page.source,
        page.kind,
        page.url,
        page.final_url,
        page.status,
        page.headers,
        page.body,
        page.fetched_at,
        page.hint,
    )


def in_next_edition(house: House, article: StoredArticle) -> bool:
    """True when the edition being prepared holds its story."""
    from pipeline.digest import YOUNG

    now = house.clock.now()
    eligible = house.store.editions.eligible("weekly", now - YOUNG, now + timedelta(seconds=1))
    return any(each.story_id == article.story_id for each, _ in eligible)


def _say(house: House, article: StoredArticle, as_json: bool, what: str) -> int:
    stored, goes = house.scratch is None, in_next_edition(house, article)
    source = house.source_name(article.source)
    if as_json:
        shown = trial_report.article_json(article)
        console.say_json({**shown, "source": article.source, "stored": stored, "news": goes, "done": what})
        return 0
    trial_report.wrapped(f"{what} : « {inner_quotes(article.title)} »", indent="  ", first="")
    facts = [source, trial_report.dated(article, "page"), console.count(len(article.text), "caractère")]
    trial_report.wrapped(" · ".join(facts), indent="  ")
    for line in trial_report.reasons(article) or ["sans étiquette"]:
        trial_report.wrapped(line, indent="    ", first="  ")
    for copy in house.store.articles.copies(article.id):
        trial_report.wrapped(f"Même texte que {copy.url}", indent="  ")
    trial_report.wrapped(fate(article, goes), indent="", first="")
    if not stored:
        console.say("Rien n'est enregistré.")
    return 0


def fate(article: StoredArticle, goes: bool) -> str:
    """What becomes of it, in one sentence."""
    if goes:
        return "C'est une nouvelle sur le sujet : elle va dans la prochaine édition."
    if not article.tags:
        return "Il n'est pas sur le sujet : il se cherche dans l'archive, et ne va dans aucune édition."
    if article.backfilled:
        return "Il est trop ancien pour être une nouvelle : il se cherche dans l'archive, et ne va dans aucune édition."
    return "Son histoire est déjà dans une édition, ou n'est plus récente : elle ne revient pas."


def _why(failures: Sequence[Failure]) -> str:
    return failures[0].reason if failures else "la page n'a pas donné d'article"


def reason_of(failures: Sequence[Failure]) -> str:
    """Why nothing is added, as a French sentence."""
    return f"Rien n'est ajouté : {_why(failures).rstrip('.')}."


def _sorry(failures: Sequence[Failure], as_json: bool) -> int:
    if as_json:
        shown: dict[str, Any] = {
            "stored": False,
            "reason": _why(failures),
            "kind": failures[0].kind if failures else "",
        }
        console.say_json(shown)
    else:
        trial_report.wrapped(reason_of(failures), indent="", first="")
    return FAILED
