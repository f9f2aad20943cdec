"""`veille search`, `explain` and `evaluate`: the archive and the rules, read from the terminal."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.articles import Article, Match, Verdict
from core.errors import ConfigError, VeilleError
from core.search import Hit, SearchResult
from veille import console
from veille.wiring import House


def search(house: House, text: str, limit: int, everything: bool) -> SearchResult:
    from core.query import parse

    query = parse(text)
    for note in query.notes:
        console.warn(note)
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
    console.say(console.count(result.total, "résultat"))
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


def explain(house: House, given: str) -> tuple[str, Verdict]:
    """Title and verdict of an article of the archive (by its URL) or of any text."""
    if given.startswith(("http://", "https://")):
        article = house.store.articles.by_url(given)
        if article is None:
            raise VeilleError("Cette adresse n'est pas dans l'archive (elle n'est pas demandée au réseau).")
        return article.title, Verdict(article.tags, article.matches)
    return ("" if given == "-" else given), house.classifier.classify(_article(read_text(given)))


def _article(text: str) -> Article:
    from classifiers.plain import article_from_text
    from core.text import plain

    title, _, rest = plain(text).partition("\n")
    body = rest.strip()
    if not body:
        title, body = "", title
    return article_from_text(title, body)


def say_verdict(title: str, verdict: Verdict) -> None:
    tags = ", ".join(f"{t.label} ({'au centre' if t.central else 'en passant'}, {t.score:.2f})" for t in verdict.tags)
    console.say(f"{title or 'Texte lu'} : {tags or 'aucune étiquette'}")
    for match in sorted(verdict.matches, key=lambda m: (not m.accepted, m.field != "title", m.start)):
        _say_card(match)


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
