"""The names that topics give to one thing, `synonyms.toml` of their folders, for searches to add to each other."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib import resources
from typing import Any

from core.errors import TopicError
from core.sources import Topic
from core.synonyms import Synonyms


def synonyms(topics: Iterable[Topic]) -> tuple[Synonyms, ...]:
    """The names of one thing, as the topics give them; none for a topic without `synonyms.toml`.

    Raises TopicError, in French, for a file that is not well written.
    """
    return tuple(group for topic in topics for group in _groups(topic))


def _groups(topic: Topic) -> Iterable[Synonyms]:
    file = resources.files("classifiers") / "topics" / topic.slug / "synonyms.toml"
    if not file.is_file():
        return ()
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        return tuple(_group(each) for each in data.get("group", ()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise TopicError(f"Synonymes mal écrits : {file} : {error}") from error


def _group(table: dict[str, Any]) -> Synonyms:
    names, acronyms, label = table.pop("names", []), table.pop("acronyms", []), table.pop("label", "")
    lists = isinstance(names, list) and isinstance(acronyms, list) and isinstance(label, str)
    if table or not lists or not names + acronyms or not all(isinstance(each, str) for each in names + acronyms):
        raise TypeError("un groupe a « names », « acronyms » (des listes de textes) et « label », rien d'autre")
    return Synonyms(tuple(names), tuple(acronyms), label)
