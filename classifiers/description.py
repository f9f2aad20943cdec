"""Reads how a topic is told to readers: topic.toml and definition.md, in the topic's folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classifiers.tables import known, table, text
from core.errors import TopicError
from core.sources import Topic
from core.topics import Acronym, Description, Label, Section

TOPICS = Path(__file__).parent / "topics"
"""The topics that ship with the program, one folder each."""
FORMAT = 1
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def folder(topic: Topic) -> Path:
    """Where a topic's data is: the group's own folder when there is one, else the one that ships."""
    return topic.folder or TOPICS / topic.slug


def describe(topic: Topic) -> Description:
    """What readers are told of a topic. Raises TopicError naming the file, and the key that is missing or wrong."""
    place = folder(topic)
    if not place.is_dir():
        raise TopicError(f"Le sujet « {topic.slug} » n'a pas de dossier : {place} n'existe pas.")
    path = place / "topic.toml"
    data = table(path, "Sujet")
    known(data, {"format", "label", "section", "acronyms"}, str(path))
    if data.get("format") != FORMAT:
        raise TopicError(f"{path} : « format = {FORMAT} » attendu, {data.get('format')!r} trouvé")
    labels = tuple(_label(one, where) for one, where in _tables(data, "label", path))
    sections = tuple(_section(one, topic.slug, where) for one, where in _tables(data, "section", path))
    _check(labels, sections, path)
    return Description(
        labels, sections, _definition(place / "definition.md"), _acronyms(data.get("acronyms", {}), path)
    )


def _acronyms(given: object, path: Path) -> tuple[Acronym, ...]:
    """The [acronyms] table, which may be missing."""
    if not isinstance(given, dict) or not all(isinstance(long, str) and long.strip() for long in given.values()):
        raise TopicError(f"{path} : [acronyms] donne à chaque sigle ses mots, entre guillemets")
    return tuple(Acronym(short, long.strip()) for short, long in given.items())


def _tables(data: Mapping[str, Any], key: str, path: Path) -> list[tuple[Mapping[str, Any], str]]:
    """The [[…]] tables of a name, each with what to call it in an error."""
    found = data.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise TopicError(f"{path} : il faut au moins une table [[{key}]]")
    return [(one, f"{path}, [[{key}]] n° {number}") for number, one in enumerate(found, 1)]


def _label(given: Mapping[str, Any], where: str) -> Label:
    known(given, {"slug", "name"}, where)
    slug = text(given, "slug", where)
    if not _SLUG.fullmatch(slug) or slug == "none":
        raise TopicError(f"{where} : « slug » vaut « {slug} » ; minuscules sans accent, chiffres et tirets seulement")
    return Label(slug, text(given, "name", where))


def _section(given: Mapping[str, Any], topic: str, where: str) -> Section:
    known(given, {"title", "about", "labels"}, where)
    labels = given.get("labels")
    if not isinstance(labels, list) or not labels or not all(isinstance(label, str) for label in labels):
        raise TopicError(f"{where} : « labels » doit être une liste d'étiquettes")
    return Section(topic, tuple(labels), text(given, "title", where), text(given, "about", where))


def _check(labels: tuple[Label, ...], sections: tuple[Section, ...], path: Path) -> None:
    """Every label is declared once and is in one section."""
    slugs = [label.slug for label in labels]
    placed = [label for section in sections for label in section.labels]
    for label in (*slugs, *placed):
        if slugs.count(label) != 1 or placed.count(label) != 1:
            raise TopicError(
                f"{path} : l'étiquette « {label} » doit avoir un seul [[label]] et être dans « labels » d'une seule "
                f"[[section]] (ici {slugs.count(label)} et {placed.count(label)})"
            )


def _definition(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TopicError(f"Définition du sujet illisible : {path} ({error})") from error
