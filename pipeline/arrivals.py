"""What the crawl saw of a source and the new articles that came of it → one visit of its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from core.articles import Article, Verdict
from core.pages import Failure
from core.sources import Source
from core.visits import Sight, Visit


@dataclass(frozen=True, slots=True)
class Arrival:
    """The little that a visit remembers of a new article."""

    length: int
    language: str
    matched: bool


def arrival(article: Article, verdict: Verdict) -> Arrival:
    return Arrival(len(article.text), article.language, bool(verdict.tags))


def visit(
    source: Source,
    read: bool,
    sight: Sight | None,
    failures: Sequence[Failure],
    arrivals: Sequence[Arrival],
    at: datetime,
) -> Visit:
    """`failures` are those of this source in this run."""
    sight = sight or Sight(source.slug)
    failure = _failure(source, read, failures)
    languages = Counter(each.language for each in arrivals if each.language)
    return Visit(
        at,
        read,
        sight.kind,
        sight.entry,
        sight.announced,
        sight.dated,
        new=len(arrivals),
        matched=sum(each.matched for each in arrivals),
        text_length=round(median(each.length for each in arrivals)) if arrivals else None,
        language=languages.most_common(1)[0][0] if languages else "",
        failure_kind=failure.kind if failure else "",
        failure_reason=failure.reason if failure else "",
    )


def _failure(source: Source, read: bool, failures: Sequence[Failure]) -> Failure | None:
    """Why the source could not be read, else what one of its entry points answered while another was read."""
    if read:
        return next((failure for failure in failures if failure.url in source.entries), None)
    entry = [failure for failure in failures if failure.entry]
    told = "La collecte s'est arrêtée avant de lire cette source."
    return entry[-1] if entry else Failure(source.slug, source.url, "interrupted", told, True)
