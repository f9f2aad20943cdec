"""`veille search`, `explain` and `evaluate`: the archive and the rules, read from the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.articles import Article, Match, Tag
from core.corrections import PastTag, State, states
from core.errors import ConfigError, VeilleError
from core.facts import ROLES, Fact
from core.names import CAUSES, STATES
from core.search import Hit, SearchResult
from veille import console
from veille.wiring import House

_KINDS = {"actor": "acteur", "place": "lieu", "amount": "montant", "duration": "durée", "date": "date"}


def search(house: House, text: str, limit: int, everything: bool) -> SearchResult:
    from core.query import parse
    from core.synonyms import widened
    from veille.synonyms import synonyms

    query = widened(parse(text), synonyms(house.config.topics))
    for note in query.notes:
        console.warn(note)
    if query.added:
        console.warn(f"Cherché aussi : {', '.join(query.added)} (sans eux : synonymes:non).")
    query = replace(query, limit=limit, everything=query.everything or everything)
    return house.index.search(query, house.clock.now())


def hit_json(house: House, hit: Hit) -> dict[str, Any]:
    """One row of `veille search --json`."""
    return {
        "url": hit.url,
        "title": hit.title,
        "source": hit.source,
        "published": hit.published.isoformat() if hit.published else None,
        "tags": list(hit.tags),
        "excerpt": hit.excerpt.text,
        "score": round(hit.score, 4),
        "central": hit.central,
        "copies": hit.copies,
        "first_seen": hit.first_seen.isoformat(),
    }


def say_hits(house: House, result: SearchResult) -> None:
    more = "plus de " if result.bound else ""
    console.say(more + console.count(result.total, "résultat"))
    if result.bound:
        console.say(f"Classés parmi les {result.bound} articles trouvés les plus récents ; une période en dira plus.")
    for hit in result.hits:
        source = house.source_name(hit.source)
        tags = f" [{', '.join(hit.tags)}]" if hit.tags else ""
        console.say()
        console.say(f"{hit.title}{tags}")
        console.say(f"  {source}, {console.day(hit.published or hit.first_seen)} — {hit.url}")
        if hit.excerpt.text:
            console.say(f"  {hit.excerpt.text}")


def read_text(given: str) -> str:
    """The text of `-` (stdin) or of a file; raises ConfigError when it cannot be read."""
    if given == "-":
        return sys.stdin.read()
    try:
        return Path(given).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{given} ne peut pas être lu : {error}.") from None


@dataclass(frozen=True, slots=True)
class Explained:
    """The object of `veille explain --json`."""

    title: str
    tags: tuple[Tag, ...]
    matches: tuple[Match, ...]
    facts: tuple[Fact, ...] = ()
    states: dict[str, State] = field(default_factory=dict)
    """Topic → what people have said of it; empty while nobody has."""
    rules: tuple[Tag, ...] | None = None
    """What the rules alone say, when people have judged it."""
    past: tuple[PastTag, ...] = ()


def explain(house: House, given: str) -> Explained:
    """An article of the archive (by its URL) or any text."""
    if given.startswith(("http://", "https://")):
        article = house.store.articles.by_url(given)
        judged = house.store.corrections.judged(article.id) if article else None
        if article is None or judged is None:
            raise VeilleError("Cette adresse n'est pas dans l'archive (elle n'est pas demandée au réseau).")
        said = states(judged.opinions)
        past = tuple(house.store.corrections.past_tags(article.id))
        rules = judged.machine if said else None
        return Explained(article.title, article.tags, article.matches, article.facts, said, rules, past)
    verdict = house.classifier.classify(_article(read_text(given)))
    return Explained("" if given == "-" else given, verdict.tags, verdict.matches, verdict.facts)


def _article(text: str) -> Article:
    from classifiers.plain import article_from_text
    from core.text import plain

    title, _, rest = plain(text).partition("\n")
    body = rest.strip()
    if not body:
        title, body = "", title
    return article_from_text(title, body)


def say_explained(found: Explained) -> None:
    console.say(f"{found.title or 'Texte lu'} : {_tags(found.tags)}")
    for topic, state in found.states.items():
        console.say(f"{STATES[state].capitalize()} ({topic}) ; les règles seules diraient : {_tags(found.rules or ())}")
    for tag in found.past:
        rules = f", par {', '.join(tag.rule_versions)}" if tag.rule_versions else ""
        console.say(f"Jusqu'au {console.day(tag.ended_at)} : {_tags((tag,))}{rules} ({CAUSES[tag.cause]})")
    for match in sorted(found.matches, key=lambda m: (not m.accepted, m.field != "title", m.start)):
        _say_card(match)
    for fact in found.facts:
        _say_fact(fact)


def _say_fact(fact: Fact) -> None:
    role = f" ({ROLES[fact.role]})" if fact.role else ""
    place = "titre" if fact.field == "title" else f"caractères {fact.start}–{fact.end}"
    page = f", page {fact.page}" if fact.page else ""
    console.say()
    console.say(f"[{_KINDS[fact.kind]}] {_told(fact)}{role}, {place}{page}")
    console.say(f"  « {fact.sentence} »")


def _told(fact: Fact) -> str:
    """What a fact is worth, after its form when that says it otherwise."""
    if fact.low is None or fact.high is None:
        worth = fact.name or fact.value
        return worth if worth == fact.form else f"« {fact.form} » : {worth}"
    low, high = (_number(each) for each in (fact.low, fact.high))
    unit = "mois" if fact.unit == "month" else fact.unit
    worth = f"{low} {unit}" if low == high else f"{low} à {high} {unit}"
    return f"« {fact.form} » : {worth}{' par an' if fact.per_year else ''}"


def _number(value: float) -> str:
    whole = console.number(int(value))
    return whole if value == int(value) else f"{whole},{round(value % 1 * 100):02}"


def _tags(tags: Sequence[Tag | PastTag]) -> str:
    told = (f"{t.label} ({'au centre' if t.central else 'en passant'}, {t.score:.2f})" for t in tags)
    return ", ".join(told) or "aucune étiquette"


def _say_card(match: Match) -> None:
    state = "retenu" if match.accepted else "écarté"
    place = "titre" if match.field == "title" else f"caractères {match.start}–{match.end}"
    page = f", page {match.page}" if match.page else ""
    console.say()
    console.say(f"[{state}] « {match.form} » — {match.concept} ({match.label or 'appui'}), {place}{page}")
    console.say(
        f"  règle {match.rule}@{match.rule_version}, score {match.score:.2f} pour un seuil de {match.threshold:.2f}"
    )
    if match.confirmed_by:
        console.say(f"  confirmé par : {', '.join(match.confirmed_by)}")
    if match.refuted_by:
        console.say(f"  contredit par : {', '.join(match.refuted_by)}")
    console.say(f"  « {match.sentence} »")
