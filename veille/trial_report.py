"""What a trial shows: how a source was read, its newest articles, each with its date, its length, its tags and why."""

from __future__ import annotations

import shutil
import textwrap
from typing import Any

from core.articles import Match, StoredArticle
from core.names import LANGUAGES
from core.pages import Failure
from core.text import one_line, plain
from veille import console
from veille.trial import READABLE, Trial

KINDS: dict[str, str] = {
    "feed": "flux",
    "sitemap": "plan de site",
    "listing": "page de liste",
    "api": "données ouvertes (API)",
    "page": "page surveillée",
}
ENTRY_DATES: dict[str, str] = {
    "feed": "flux",
    "sitemap": "plan de site",
    "listing": "liste",
    "api": "API",
    "page": "page",
}
ORIGINS = {"feed": "flux", "listing": "liste", "url": "adresse", "header": "fichier"}
"""Where a date was found, beyond the page itself."""
MOST_FAILURES = 5


def width() -> int:
    """Columns to fill: the terminal's, between 60 and 100."""
    return max(60, min(shutil.get_terminal_size().columns, 100))


def wrapped(text: str, indent: str = "  ", first: str | None = None) -> None:
    """A paragraph folded to the terminal; an address is never cut."""
    lines = textwrap.wrap(
        plain(text),
        width(),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    console.say("\n".join(lines))


def say_trial(trial: Trial) -> None:
    """The whole report of one source."""
    say_entry(trial)
    if trial.articles:
        console.say()
    for number, article in enumerate(trial.articles, 1):
        say_article(number, article, trial.sight.kind if trial.sight else "page")
    say_failures([failure for failure in trial.failures if not failure.entry])
    console.say()
    wrapped(verdict(trial), indent="", first="")


def say_entry(trial: Trial) -> None:
    if trial.failure is not None:
        wrapped(f"Rien n'a pu être lu : {trial.failure.reason}.", indent="")
        console.say(f"  {plain(trial.failure.url)}")
        return
    sight = trial.sight
    if sight is None:
        return
    items = console.count(sight.announced, "article annoncé", "articles annoncés")
    dated = console.count(sight.dated, "daté")
    kind = KINDS[sight.kind]
    seconds = f"{sight.seconds:.1f}".replace(".", ",")
    console.say(f"{kind[0].upper()}{kind[1:]} : {items}, dont {dated}, en {seconds} s.")
    console.say(f"  {plain(trial.entry)}")


def say_article(number: int, article: StoredArticle, kind: str) -> None:
    """Three lines: the title; date, length, language; tags and why. `kind` is the entry's that announced it."""
    room = width() - 5
    console.say(f"{number:>3}. {one_line(article.title or '(sans titre)', room)}")
    facts = [
        dated(article, kind),
        console.count(len(article.text), "caractère"),
        LANGUAGES.get(article.language, article.language or "langue inconnue"),
    ]
    if len(article.text) < READABLE:
        facts[1] += " (trop court)"
    if article.media_type == "pdf":
        facts.append("PDF")
    if article.truncated:
        facts.append("réservé aux abonnés")
    if not article.tags:
        facts.append("sans étiquette")
    wrapped(" · ".join(facts), indent="     ")
    for line in reasons(article):
        wrapped(line, indent="       ", first="     ")


def dated(article: StoredArticle, kind: str) -> str:
    """The date, and where it was found."""
    if article.published is None:
        return "sans date"
    origin = ENTRY_DATES[kind] if article.date_origin == "entry" else ORIGINS.get(article.date_origin, "page")
    return f"{console.day(article.published)} ({origin})"


def reasons(article: StoredArticle) -> list[str]:
    """One line for each tag: where it stands, and the words and the rule that gave it."""
    lines = []
    for tag in article.tags:
        place = "au centre" if tag.central else "en passant"
        proof = _proof(article, tag.label)
        why = f" : « {proof.form} » (règle {proof.rule})" if proof else ""
        lines.append(f"{tag.label}, {place}{why}")
    return lines


def _proof(article: StoredArticle, label: str) -> Match | None:
    accepted = [match for match in article.matches if match.accepted and match.label == label]
    return max(accepted, key=lambda match: match.score, default=None)


def say_failures(failures: list[Failure]) -> None:
    if not failures:
        return
    console.say()
    console.say("Ce qui n'a pas pu être lu :")
    for failure in failures[:MOST_FAILURES]:
        wrapped(f"- {failure.reason} :", indent="  ", first="")
        console.say(f"  {plain(failure.url)}")
    if len(failures) > MOST_FAILURES:
        console.say(f"  … et {console.count(len(failures) - MOST_FAILURES, 'autre')}.")


def verdict(trial: Trial) -> str:
    """One sentence: does it work?"""
    if trial.failure is not None:
        return "Cette source ne se lit pas aujourd'hui."
    if trial.sight is not None and not trial.sight.announced:
        return "L'entrée répond, mais n'annonce aucun article : elle est valable, et vide."
    if not trial.readable:
        return "L'entrée répond, mais aucun de ses articles n'a donné de texte."
    taken = len(trial.articles)
    lengths = sorted(len(article.text) for article in trial.articles)
    dates = "tous datés" if trial.dated == taken else f"{console.count(trial.dated, 'daté')} seulement"
    tagged = sum(bool(article.tags) for article in trial.articles)
    return (
        f"Se lit bien : {console.count(taken, 'article lu', 'articles lus')}, {dates}, "
        f"textes de {console.number(lengths[0])} à {console.count(lengths[-1], 'caractère')} ; "
        f"{console.count(tagged, 'article')} sur le sujet."
    )


def as_json(trial: Trial) -> dict[str, Any]:
    """The object of `veille source try --json`."""
    sight = trial.sight
    return {
        "source": trial.source.slug,
        "name": trial.source.name,
        "entry": {
            "kind": sight.kind if sight else "",
            "url": trial.entry,
            "announced": sight.announced if sight else 0,
            "dated": sight.dated if sight else 0,
            "seconds": round(sight.seconds, 2) if sight else None,
        },
        "articles": [article_json(article) for article in trial.articles],
        "failures": [
            {"url": each.url, "kind": each.kind, "reason": each.reason, "entry": each.entry} for each in trial.failures
        ],
        "verdict": verdict(trial),
    }


def article_json(article: StoredArticle) -> dict[str, Any]:
    return {
        "url": article.url,
        "title": article.title,
        "published": article.published,
        "date_origin": article.date_origin,
        "length": len(article.text),
        "language": article.language,
        "media_type": article.media_type,
        "tags": [{"label": tag.label, "central": tag.central, "score": tag.score} for tag in article.tags],
        "why": [
            {"label": match.label, "rule": match.rule, "form": match.form, "field": match.field}
            for match in article.matches
            if match.accepted and match.label
        ],
    }
