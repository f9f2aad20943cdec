"""Tries sources, and looks for entry points, by the real crawl, extraction and tags, in a folder thrown away after."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from core.articles import StoredArticle
from core.discovery import Candidate, Discovery
from core.pages import Failure
from core.sources import Source
from core.visits import Sight
from veille.progress import Progress
from veille.wiring import House

NEWEST = 10
READABLE = 200
"""Characters below which a text is no article: a notice, a login page."""
MOST_TRIES = 3
"""Entry points of one site that are tried, the best first."""
QUICK_PAGES = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """What one visit of a source gave."""

    source: Source
    entry: str
    """The entry point that answered; empty when none did."""
    sight: Sight | None
    """What the entry point that answered announced."""
    articles: tuple[StoredArticle, ...]
    """Newest first, undated ones last."""
    failures: tuple[Failure, ...]

    @property
    def failure(self) -> Failure | None:
        """Why no entry point could be read."""
        return next((failure for failure in self.failures if failure.entry), None)

    @property
    def readable(self) -> int:
        return sum(len(article.text) >= READABLE for article in self.articles)

    @property
    def dated(self) -> int:
        return sum(article.published is not None for article in self.articles)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found from one address, and the entry point that gave dated, readable articles, if one did."""

    discovery: Discovery
    chosen: Candidate | None = None
    trial: Trial | None = None


@contextmanager
def thrown_away(path: Path) -> Iterator[House]:
    """A house whose database and raw pages vanish with the context."""
    with tempfile.TemporaryDirectory(prefix="veille-essai-") as folder, House(path, Path(folder)) as house:
        yield house


def explore(path: Path, addresses: Sequence[str]) -> tuple[Discovery, ...]:
    """Ways to articles from each address, in one crawl child."""
    with (
        Progress("Exploration"),
        thrown_away(path) as house,
        house.collector("explore", addresses).collect(()) as crawl,
    ):
        found = {discovery.asked: discovery for discovery in crawl.report().discoveries}
    return tuple(found.get(address, Discovery(address, "")) for address in addresses)


def try_sources(path: Path, sources: Sequence[Source], newest: int = NEWEST, quick: bool = False) -> list[Trial]:
    """One visit of each source, side by side, at most `newest` articles of each; nothing is stored.

    `quick`: only the first pages of an entry are asked.
    """
    from pipeline.once import try_once

    if quick:
        sources = [_shortened(source) for source in sources]
    with thrown_away(path) as house, Progress("Essai") as progress:
        most = min(house.config.crawl.max_pages, QUICK_PAGES) if quick else house.config.crawl.max_pages
        with house.run_ports(house.collector(max_new=newest, max_pages=most)) as ports:
            report, failures = try_once(sources, ports, progress)
        articles = [found for key in house.store.articles.all_ids() if (found := house.store.articles.article(key))]
    entries, sights = dict(report.entries_used), {each.source: each for each in report.sights if each.kind}
    return [
        Trial(
            source,
            entries.get(source.slug, ""),
            sights.get(source.slug),
            _newest(article for article in articles if article.source == source.slug),
            tuple(failure for failure in failures if failure.source == source.slug),
        )
        for source in sources
    ]


def _newest(articles: Iterator[StoredArticle]) -> tuple[StoredArticle, ...]:
    return tuple(sorted(articles, key=lambda each: (each.published is not None, each.day), reverse=True))


def _shortened(source: Source) -> Source:
    """The first page of a list or of an API is enough to know that it answers."""
    return replace(
        source,
        listing=replace(source.listing, pages=1) if source.listing else None,
        api=replace(source.api, pages=1) if source.api else None,
    )


def find(path: Path, addresses: Sequence[str]) -> list[Finding]:
    """From each address, the first entry point that yields dated, readable articles, tried together round by round.

    Where none gives dates, the first that gives readable articles. One round is one crawl child; a site is left in
    peace for its delay between two.
    """
    findings = [Finding(discovery) for discovery in explore(path, addresses)]
    with House(path) as house:
        delay = house.config.crawl.delay
    for number in range(MOST_TRIES):
        tried = {
            place: finding.discovery.candidates[number]
            for place, finding in enumerate(findings)
            if not _good(finding) and number < len(finding.discovery.candidates)
        }
        if not tried:
            break
        time.sleep(delay)
        trials = try_sources(path, [source_of(each, f"essai-{place}") for place, each in tried.items()])
        for (place, candidate), trial in zip(tried.items(), trials, strict=True):
            if trial.readable and (findings[place].trial is None or trial.dated):
                findings[place] = Finding(findings[place].discovery, candidate, trial)
    return findings


def _good(finding: Finding) -> bool:
    return finding.trial is not None and finding.trial.dated > 0


def source_of(candidate: Candidate, slug: str) -> Source:
    """A source that has this entry point only."""
    return Source(
        slug,
        slug,
        "presse",
        candidate.url,
        feeds=(candidate.url,) if candidate.kind == "feed" else (),
        sitemaps=(candidate.url,) if candidate.kind == "sitemap" else (),
        listing=candidate.listing,
        api=candidate.api,
    )
