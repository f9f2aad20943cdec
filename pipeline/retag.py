"""The stored texts judged again by the rules of today: what that gains and loses, then done.

People's word stands, purged texts are named, and an article that is not of this week enters no edition by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from core.articles import Article, Match, StoredArticle, Tag, Verdict
from core.corrections import Judged, Occasion, decided
from core.history import ReplayStore
from core.ports import ArticleStore, Classifier
from pipeline.freshness import news_since
from pipeline.replay import BATCH, Choice, Unread, miss
from pipeline.run import Progress

LISTED = 10_000
"""Changes that a report lists; beyond, they are counted."""
PURGED = "texte effacé au terme de sa durée (keep_days)"


@dataclass(frozen=True, slots=True)
class Turn:
    """A label that comes, goes, or changes its weight, with the form that decides."""

    label: str
    form: str = ""
    refuted_by: tuple[str, ...] = ()
    """What cancels the form now, for a label that goes."""


@dataclass(frozen=True, slots=True)
class TagChange:
    """What an article gains and loses."""

    article_id: int
    source: str
    url: str
    title: str
    day: datetime
    gained: tuple[Turn, ...] = ()
    lost: tuple[Turn, ...] = ()
    central: tuple[Turn, ...] = ()
    """Labels that were a passing mention and become the subject."""
    passing: tuple[Turn, ...] = ()
    """The reverse."""
    news: bool = False
    """True when a first label makes it eligible for the next edition."""


@dataclass(slots=True)
class RetagReport:
    """The object of `veille rules diff --json` and of `veille retag --json`."""

    articles: int = 0
    """Articles looked at, those whose text is gone included."""
    read: int = 0
    changed: int = 0
    """Articles whose labels change, or their weight."""
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    weighed: int = 0
    """Labels that become the subject, or a passing mention."""
    news: int = 0
    """Articles that a first label makes eligible for the next edition: those of this week."""
    proofs: int = 0
    """Articles of which only cards, facts or scores change."""
    by_people: int = 0
    """Articles that the rules alone would change, and that people's word keeps as they are."""
    unread: list[Unread] = field(default_factory=list)
    changes: list[TagChange] = field(default_factory=list)
    dry_run: bool = False

    def count(self, judged: Judged, verdict: Verdict, since: datetime) -> None:
        tags = decided(verdict.tags, judged.opinions, judged.article.id)
        change = difference(judged.article, tags, verdict.matches, since)
        if change is None:
            unlike = _weights(judged.machine) != _weights(verdict.tags)
            self.by_people += unlike
            self.proofs += not unlike
            return
        self.changed += 1
        self.gained.update(turn.label for turn in change.gained)
        self.lost.update(turn.label for turn in change.lost)
        self.weighed += len(change.central) + len(change.passing)
        self.news += change.news
        if len(self.changes) < LISTED:
            self.changes.append(change)


def retag(
    shelf: ReplayStore,
    articles: ArticleStore,
    classifier: Classifier,
    choice: Choice,
    now: datetime,
    *,
    dry_run: bool,
    progress: Progress,
) -> RetagReport:
    """Judge the stored texts; each article is written in a transaction of its own, and only when something of it
    changes: stopped at any time, it is asked again."""
    report, occasion = RetagReport(dry_run=dry_run), Occasion("retag", now, news_since(now))
    for judged, verdict in _judged_again(shelf, classifier, choice, report, progress):
        report.count(judged, verdict, news_since(now))
        if not dry_run:
            articles.retag(judged.article.id, verdict, occasion)
    return report


def _judged_again(
    shelf: ReplayStore, classifier: Classifier, choice: Choice, report: RetagReport, progress: Progress
) -> Iterator[tuple[Judged, Verdict]]:
    """The articles of which the rules do not say today what the archive holds."""
    after = 0
    while batch := shelf.judged(after, BATCH, choice.source, choice.since):
        after = batch[-1].article.id
        progress("articles", report.articles)
        for each in batch:
            report.articles += 1
            if each.purged:
                miss(report.unread, each.article.source, PURGED, each.article.url)
                continue
            report.read += 1
            verdict = classifier.classify(_article(each.article))
            proofs = (each.article.matches, each.article.facts)
            if set(verdict.tags) != set(each.machine) or (verdict.matches, verdict.facts) != proofs:
                yield each, verdict


def _article(stored: StoredArticle) -> Article:
    return Article(
        page_id=0,
        source=stored.source,
        url=stored.url,
        key="",
        title=stored.title,
        text=stored.text,
        fetched_at=stored.first_seen,
        language=stored.language,
        page_offsets=stored.page_offsets,
        media_type=stored.media_type,  # type: ignore[arg-type]
    )


def difference(
    stored: StoredArticle, tags: Iterable[Tag], matches: tuple[Match, ...], since: datetime
) -> TagChange | None:
    """What an article becomes with these tags; None when readers see no difference."""
    before, after = _weights(stored.tags), _weights(tags)
    if before == after:
        return None
    kept = [label for label in sorted(before.keys() & after.keys()) if before[label] != after[label]]
    return TagChange(
        article_id=stored.id,
        source=stored.source,
        url=stored.url,
        title=stored.title,
        day=stored.day,
        gained=tuple(_turn(label, matches) for label in sorted(after.keys() - before.keys())),
        lost=tuple(_turn(label, stored.matches, matches) for label in sorted(before.keys() - after.keys())),
        central=tuple(_turn(label, matches) for label in kept if after[label]),
        passing=tuple(_turn(label, matches) for label in kept if before[label]),
        news=not before and not stored.backfilled and min(stored.day, stored.first_seen) >= since,
    )


def _weights(tags: Iterable[Tag]) -> dict[str, bool]:
    """Label → central or not."""
    found: dict[str, bool] = {}
    for tag in tags:
        found[tag.label] = found.get(tag.label, False) or tag.central
    return found


def _turn(label: str, cards: Iterable[Match], now: Iterable[Match] = ()) -> Turn:
    """The best form of a label among these cards, and what refutes it `now`."""
    form = next((card.form for card in cards if card.accepted and card.label == label), "")
    against = next((card.refuted_by for card in now if not card.accepted and card.form == form), ())
    return Turn(label, form, against)
