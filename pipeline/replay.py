"""Articles read and judged again from their raw pages: a better extraction corrects the archive and tells no news.

The publisher has edited nothing, so the current version is corrected in its place, and no version is added. Story, day
first seen and mark of back-fill stay: what was mailed is not mailed again, what waits to be mailed still waits. An old
article that gains its first label this way is history, and what people said of an article stands.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.articles import Article, StoredArticle, Verdict
from core.corrections import Occasion, decided
from core.history import Gap, Replayable, ReplayStore
from core.pages import Failure, FetchedPage
from pipeline.dedupe import signature
from pipeline.freshness import news_since
from pipeline.run import Ports, Progress

BATCH = 64
SHOWN = 10
"""Changes that a report shows, the biggest."""
NAMED = 20
"""Addresses that a report names for one reason."""
_GAPS: dict[Gap, str] = {
    "purged": "page et texte effacés au terme de leur durée (keep_days)",
    "missing": "page enregistrée absente du disque, ou abîmée",
    "part": "ajout à une page surveillée, que seule une comparaison donne",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What an article becomes when its page is read again; lengths in characters."""

    article_id: int
    source: str
    url: str
    title: str
    before: int
    after: int
    text: bool = False
    renamed: bool = False
    dated: bool = False
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def weight(self) -> tuple[bool, int]:
        """A tag more or less is what readers see first."""
        return bool(self.gained or self.lost), abs(self.after - self.before)


@dataclass(slots=True)
class Unread:
    """Articles of a source that could not be replayed for one reason, in French."""

    source: str
    reason: str
    count: int = 0
    urls: list[str] = field(default_factory=list)
    """The first of them."""


def miss(unread: list[Unread], source: str, reason: str, url: str) -> None:
    """Count one article more that could not be replayed, and name it while there are few."""
    found = next((each for each in unread if (each.source, each.reason) == (source, reason)), None)
    if found is None:
        found = Unread(source, reason)
        unread.append(found)
    found.count += 1
    if len(found.urls) < NAMED:
        found.urls.append(url)


@dataclass(slots=True)
class ReplayReport:
    """The object of `veille reprocess --json`."""

    articles: int = 0
    """Articles looked at, those that could not be replayed included."""
    replayed: int = 0
    texts: int = 0
    titles: int = 0
    dates: int = 0
    tags: int = 0
    """Articles whose text, title, date or tags changed, or would."""
    corrected: int = 0
    """Articles written again, or that would be: for what is above, or for the proof of a tag, an author, a language."""
    unread: list[Unread] = field(default_factory=list)
    biggest: list[Change] = field(default_factory=list)
    dry_run: bool = False

    def miss(self, source: str, reason: str, url: str) -> None:
        miss(self.unread, source, reason, url)

    def count(self, change: Change) -> None:
        self.corrected += 1
        self.texts += change.text
        self.titles += change.renamed
        self.dates += change.dated
        self.tags += bool(change.gained or change.lost)
        if change.text or change.renamed or change.dated or change.gained or change.lost:
            self.biggest = heapq.nlargest(SHOWN, [*self.biggest, change], key=lambda each: each.weight)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles: of one source, or of all when it is empty; whose day is `since` or later."""

    source: str = ""
    since: datetime | None = None


def replay(ports: Ports, shelf: ReplayStore, choice: Choice, *, dry_run: bool, progress: Progress) -> ReplayReport:
    """Read the raw pages again; each article is corrected in a transaction of its own, so that it may be stopped at
    any time and asked again: what is already right is not written."""
    report, now = ReplayReport(dry_run=dry_run), ports.clock.now()
    occasion = Occasion("reprocess", now, news_since(now))
    known: dict[int, Replayable] = {}
    """By page, those in the hands of the extractor: as many as it takes ahead."""
    for page, result, verdict in ports.judge.judge(ports.extractor.extract(_pages(shelf, choice, report, known))):
        wanted = known.pop(page.id)
        progress("articles relus", report.replayed)
        if isinstance(result, Failure):
            report.miss(wanted.source, result.reason, wanted.url)
            continue
        _correct(wanted, (result, verdict), shelf, occasion, report)
    return report


def _pages(
    shelf: ReplayStore, choice: Choice, report: ReplayReport, known: dict[int, Replayable]
) -> Iterator[FetchedPage]:
    after = 0
    while batch := shelf.batch(after, BATCH, choice.source, choice.since):
        for each in batch:
            after = each.article_id
            report.articles += 1
            if each.page is None:
                report.miss(each.source, _GAPS[each.gap], each.url)
            else:
                known[each.page.id] = replace(each, page=None)
                yield each.page


def _correct(
    wanted: Replayable,
    read: tuple[Article, Verdict],
    shelf: ReplayStore,
    occasion: Occasion,
    report: ReplayReport,
) -> None:
    found, verdict = read
    judged = next(iter(shelf.judged(wanted.article_id - 1, 1)), None)
    if judged is None or judged.article.id != wanted.article_id:
        return
    stored = judged.article
    if stored.text and not found.text:
        report.miss(wanted.source, "le texte n'est plus trouvé dans la page : celui de l'archive est gardé", wanted.url)
        return
    report.replayed += 1
    article = corrected(stored, found)
    if is_right(replace(stored, tags=judged.machine), article, verdict):
        return
    change = difference(stored, article, Verdict(decided(verdict.tags, judged.opinions, stored.id)))
    if report.dry_run or shelf.renew(stored.id, article.page_id, article, verdict, signature(article.text), occasion):
        report.count(change)


def corrected(stored: StoredArticle, found: Article) -> Article:
    """What is found again, completed by what the archive knew; a date is the one that the first version gave."""
    whole = replace(
        found,
        title=found.title or stored.title,
        author=found.author or stored.author,
        language=found.language or stored.language,
    )
    if stored.published and (stored.version > 1 or not found.published):
        return replace(
            whole, published=stored.published, date_origin=stored.date_origin, date_has_time=stored.date_has_time
        )
    return whole


def is_right(stored: StoredArticle, article: Article, verdict: Verdict) -> bool:
    """True when the archive holds all this already."""
    names = ("title", "text", "author", "language", "published", "date_origin", "date_has_time", "truncated")
    same = all(getattr(stored, name) == getattr(article, name) for name in (*names, "media_type", "page_offsets"))
    return (
        same
        and set(stored.tags) == set(verdict.tags)
        and (stored.matches, stored.facts)
        == (
            verdict.matches,
            verdict.facts,
        )
    )


def difference(stored: StoredArticle, article: Article, verdict: Verdict) -> Change:
    before, after = ({tag.label for tag in tags} for tags in (stored.tags, verdict.tags))
    return Change(
        article_id=stored.id,
        source=stored.source,
        url=stored.url,
        title=article.title,
        before=len(stored.text),
        after=len(article.text),
        text=stored.text != article.text,
        renamed=stored.title != article.title,
        dated=stored.published != article.published,
        gained=tuple(sorted(after - before)),
        lost=tuple(sorted(before - after)),
    )
