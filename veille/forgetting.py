"""What `veille forget` does: an article taken down for good, a person erased."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace

from core.articles import StoredArticle
from core.editions import Edition
from core.errors import ConfigError
from core.mailing import Renderer
from core.saved import ALERTS
from core.text import inner_quotes
from veille import alerting, console
from veille.arguments import article_number
from veille.membership import WHO
from veille.wiring import House

ALL_EDITIONS = 100_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking an article down would change."""

    article: StoredArticle
    versions: int
    passages: int
    pages: int
    editions: tuple[Edition, ...]
    """Those that hold it, as they would be without it."""
    copies: tuple[StoredArticle, ...]
    """Other articles with the same text: they stay."""


def forget_article(house: House, what: str, reason: str, *, as_json: bool, dry_run: bool) -> None:
    """Raises ConfigError when nothing is there, AlreadyRunning while a pass or a sending is under way."""
    from db.lock import run_lock

    with ExitStack() as locks:
        for name in () if dry_run else ("run", "send"):  # neither may hold in memory what is being erased
            locks.enter_context(run_lock(house.config.data, name))
        plan = _plan(house, what)
        if not dry_run:
            rewritten = [(edition, _renderer(house, edition).body(edition)) for edition in plan.editions]
            house.store.removals.forget(plan.article.id, reason, house.clock.now(), WHO, rewritten)
    _say(plan, dry_run, as_json)


def _plan(house: House, what: str) -> Plan:
    articles, removals = house.store.articles, house.store.removals
    number = article_number(what)
    article = articles.by_url(what) if number is None else articles.article(number)
    if article is None:
        told = removals.of_url(what) if number is None else removals.find(number)
        if told:
            raise ConfigError(f"Cet article a déjà été retiré, le {console.day(told.at)}.")
        raise ConfigError(f"« {what} » n'est pas dans l'archive : donnez l'adresse de l'article, ou son numéro.")
    found = removals.footprint(article.id)
    return Plan(
        article,
        found.versions,
        found.cards,
        found.pages,
        tuple(_without(each, article) for each in _all_editions(house) if _holds(each, article)),
        tuple(articles.copies(article.id)),
    )


def _all_editions(house: House) -> tuple[Edition, ...]:
    """Those of everybody, and those of members' alerts."""
    return (*house.store.editions.editions(ALL_EDITIONS), *house.store.searches.editions())


def _renderer(house: House, edition: Edition) -> Renderer:
    """What the text of an edition is made by."""
    if not edition.period.series.startswith(ALERTS):
        return house.renderer
    search = house.store.searches.find(alerting.number_of(edition))
    return alerting.renderer(house, search) if search else house.renderer


def _holds(edition: Edition, article: StoredArticle) -> bool:
    return _without(edition, article) != edition


def _without(edition: Edition, article: StoredArticle) -> Edition:
    entries = (
        replace(entry, copies=tuple(copy for copy in entry.copies if copy.url != article.url))
        for entry in edition.entries
        if entry.article_id != article.id
    )
    return replace(edition, entries=tuple(entries))


def _say(plan: Plan, dry_run: bool, as_json: bool) -> None:
    if as_json:
        console.say_json(
            {
                "article": plan.article.id,
                "versions": plan.versions,
                "passages": plan.passages,
                "pages": plan.pages,
                "editions": [edition.period.key for edition in plan.editions],
                "copies": [copy.url for copy in plan.copies],
                "done": not dry_run,
            }
        )
        return
    verb = "Serait retiré" if dry_run else "Retiré"
    console.say(f"{verb} : « {inner_quotes(plan.article.title)} » ({plan.article.url}).")
    parts = (
        console.count(plan.versions, "version"),
        console.count(plan.passages, "passage"),
        console.count(plan.pages, "page d'origine", "pages d'origine"),
    )
    console.say(f"  {', '.join(parts)}.")
    for edition in plan.editions:
        what = "Alerte" if edition.period.series.startswith(ALERTS) else "Édition"
        console.say(f"  {what} {edition.period.key} : il n'y est plus. Les mails déjà partis ne se rappellent pas.")
    for copy in plan.copies:
        console.say(f"  Le même texte reste ici : {copy.url} (numéro {copy.id}).")
    if not dry_run:
        console.say("Il ne sera plus lu. Les sauvegardes d'avant le tiennent encore, jusqu'à ce qu'elles tournent.")


def forget_person(house: House, address: str, *, as_json: bool, dry_run: bool) -> None:
    """Erase whoever has an address, as member and as subscriber; raises ConfigError when nobody has it."""
    subscribers, members, now = house.store.subscribers, house.store.members, house.clock.now()
    found = {
        "member": members.find(address) is not None,
        "subscriber": house.store.joining.record(address) is not None,
    }
    if not any(found.values()):
        raise ConfigError("Cette adresse n'est ni celle d'un membre, ni celle d'un abonné.")
    if not dry_run:
        members.remove(address, now, WHO)
        subscribers.erase(address, now, WHO)
    if as_json:
        console.say_json({**found, "done": not dry_run})
        return
    who = " et ".join(name for key, name in (("member", "membre"), ("subscriber", "abonné")) if found[key])
    console.say(f"{'Serait effacé' if dry_run else 'Effacé'} : {who}.")
    if not dry_run and found["subscriber"]:
        console.say("Une empreinte de l'adresse reste, pour qu'aucun import ne la remette.")
