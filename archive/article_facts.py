"""The facts of an article page: who, where, how much, each with what may be shown of its sentence; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.marks import Piece, marked
from core.articles import StoredArticle
from core.facts import ROLES, Fact
from core.search import Excerpt, Span

_GROUPS = {
    "actor": "Acteurs",
    "place": "Lieux",
    "amount": "Montants",
    "duration": "Durées",
    "date": "Dates",
}
_SEARCHED = ("actor", "place")


@dataclass(frozen=True, slots=True)
class FactLine:
    value: str
    name: str
    role: str
    passage: tuple[Piece, ...]
    """Empty when no more than the name may be shown, or when the title says it."""
    page: int | None


@dataclass(frozen=True, slots=True)
class FactGroup:
    title: str
    filter: str
    """The filter of a search that finds the same name elsewhere; empty when there is none."""
    lines: tuple[FactLine, ...]


def fact_sentences(article: StoredArticle) -> list[Excerpt]:
    """The sentences of the facts that stand in the text, in the order of the facts."""
    return [_sentence(fact) for fact in article.facts if fact.field == "text"]


def fact_groups(article: StoredArticle, allowed: Iterator[Excerpt]) -> tuple[FactGroup, ...]:
    """Facts by kind, actors with a role first; `allowed`: what may be shown of each of `fact_sentences`."""
    lines: dict[str, list[FactLine]] = {kind: [] for kind in _GROUPS}
    for fact in article.facts:
        lines[fact.kind].append(_line(fact, next(allowed) if fact.field == "text" else Excerpt("")))
    return tuple(
        FactGroup(title, kind if kind in _SEARCHED else "", tuple(sorted(lines[kind], key=lambda line: not line.role)))
        for kind, title in _GROUPS.items()
        if lines[kind]
    )


def _sentence(fact: Fact) -> Excerpt:
    start, end = fact.start - fact.sentence_start, fact.end - fact.sentence_start
    inside = 0 <= start < end <= len(fact.sentence)
    return Excerpt(fact.sentence, (Span(start, end),) if inside else ())


def _line(fact: Fact, passage: Excerpt) -> FactLine:
    bare = passage.text.strip("… ") == fact.form
    return FactLine(
        value=fact.value,
        name=fact.name or fact.form,
        role=ROLES.get(fact.role, ""),
        passage=() if bare else marked(passage),
        page=fact.page,
    )
