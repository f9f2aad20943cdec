"""The names that topics give to one thing, `synonyms.toml` of their folders, for searches to add to each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from classifiers.description import folder
from classifiers.tables import table
from core.errors import TopicError
from core.sources import Topic
from core.synonyms import Synonyms


def synonyms(topics: Iterable[Topic]) -> tuple[Synonyms, ...]:
    """The names of one thing, as the topics give them; none for a topic without `synonyms.toml`.

    Raises TopicError, in French, for a file that is not well written.
    """
    return tuple(group for topic in topics for group in _groups(topic))


def _groups(topic: Topic) -> Iterable[Synonyms]:
    file = folder(topic) / "synonyms.toml"
    if not file.is_file():
        return ()
    try:
        return tuple(_group(each) for each in table(file, "Fichier de synonymes").get("group", ()))
    except TypeError as error:
        raise TopicError(f"Fichier de synonymes mal écrit : {file} : {error}") from error


def _group(given: Any) -> Synonyms:
    if isinstance(given, dict) and not given.keys() - {"names", "acronyms", "label"}:
        names, acronyms, label = given.get("names", []), given.get("acronyms", []), given.get("label", "")
        lists = isinstance(names, list) and isinstance(acronyms, list) and isinstance(label, str)
        if lists and names + acronyms and all(isinstance(each, str) for each in names + acronyms):
            return Synonyms(tuple(names), tuple(acronyms), label)
    raise TypeError("un groupe a « names », « acronyms » (des listes de textes) et « label », rien d'autre")
