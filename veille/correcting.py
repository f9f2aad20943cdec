"""`veille correct`: one person's opinion on one article, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.articles import Tag
from core.corrections import Correction, Judged, State, decided, states
from core.errors import VeilleError
from core.names import STATES
from core.saying import MOST_NAME, Saying, corrections_of, is_member_mark
from core.text import inner_quotes, one_line
from veille import console
from veille.arguments import UsageError, article_number
from veille.wiring import House


def correct(path: Path, what: str, saying: Saying, *, dry_run: bool, as_json: bool) -> int:
    """Note an opinion and say what follows; returns the exit code.

    Raises VeilleError when the article is not in the archive, UsageError on a name or a label that cannot be used.
    """
    with House(path) as house:
        judged = find(house, what)
        opinions = _opinions(house, judged, saying)
        if not dry_run:
            house.store.corrections.record(opinions)
        everything = (*judged.opinions, *opinions)
        after = decided(judged.machine, everything, judged.article.id)
        found = states(everything)
        if as_json:
            console.say_json(_object(judged, opinions, found, after, dry_run))
        else:
            _say(judged, saying, found, after, dry_run)
    return 0


def find(house: House, what: str) -> Judged:
    """An article by its number or its address. Raises VeilleError when it is not in the archive."""
    number = article_number(what)
    if number is None:
        article = house.store.articles.by_url(what)
        number = article.id if article else 0
    judged = house.store.corrections.judged(number)
    if judged is None:
        raise VeilleError(f"« {what} » n'est pas dans l'archive (pour l'y mettre : veille add URL).")
    return judged


def _opinions(house: House, judged: Judged, saying: Saying) -> list[Correction]:
    """One for each topic concerned: those of the labels given, else those that the article bears, else all."""
    said = replace(saying, by=_name(saying.by))
    labels = dict(_labels(house, judged, saying))
    return corrections_of(judged, said, labels, [topic.slug for topic in house.config.topics], house.clock.now())


def _name(typed: str) -> str:
    name = one_line(typed)
    if not name or len(name) > MOST_NAME:
        raise UsageError(f"--by : donnez un nom court, de {MOST_NAME} caractères au plus.")
    if is_member_mark(name):
        raise UsageError("--by : « member: » désigne un membre connecté à l'archive ; donnez un nom.")
    return name


def _labels(house: House, judged: Judged, saying: Saying) -> list[tuple[str, str]]:
    """(label, topic) that « pertinent » gives: those typed, else those of the rules, else those that people gave."""
    from classifiers import labels

    if saying.opinion != "pertinent":
        return []
    known = labels(house.config.topics)
    if unknown := next((label for label in saying.labels if label not in known), ""):
        raise UsageError(f"L'étiquette « {unknown} » n'existe pas ; il y a : {', '.join(known)}.")
    if saying.labels:
        return [(label, known[label]) for label in saying.labels]
    borne = [(tag.label, tag.topic) for tag in judged.machine or judged.article.tags]
    given = [(label, each.topic) for each in judged.opinions for label in each.labels]
    found = list(dict.fromkeys(borne or given))
    if not found:
        raise UsageError(
            f"Les règles n'y ont rien trouvé : dites l'étiquette, par exemple --label {next(iter(known))}."
        )
    return found


def _object(
    judged: Judged, opinions: Sequence[Correction], found: dict[str, State], after: Sequence[Tag], dry_run: bool
) -> dict[str, object]:
    article = judged.article
    return {
        "article": {"id": article.id, "url": article.url, "title": article.title},
        "opinions": opinions,
        "states": found,
        "before": article.tags,
        "after": after,
        "recorded": not dry_run,
    }


def tags_told(tags: Sequence[Tag]) -> str:
    told = (f"{tag.label} ({'sujet principal' if tag.central else 'simple mention'})" for tag in tags)
    return ", ".join(told) or "aucune"


def _say(judged: Judged, saying: Saying, found: dict[str, State], after: Sequence[Tag], dry_run: bool) -> None:
    word = saying.opinion.replace("-", " ")
    title = inner_quotes(judged.article.title)
    console.say(f"{'Serait noté' if dry_run else 'Noté'} : « {title} », {word} selon {_name(saying.by)}.")
    for topic, state in found.items():
        console.say(f"{STATES[state].capitalize()}{f' ({topic})' if len(found) > 1 else ''}.")
    console.say(f"Étiquettes : {tags_told(judged.article.tags)} → {tags_told(after)}.")
    if "discussion" in found.values():
        console.say("Celles des règles restent jusqu'à ce que deux personnes soient du même avis.")
    if judged.article.tags and not after:
        console.say("Il quitte la recherche et l'édition à venir, avec ses copies ; ce qui est envoyé ne change pas.")
