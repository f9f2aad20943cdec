"""Every measure, printed as a table, then the goals that were met and missed, in one line.

    python -m benchmarks.all

Each row compares ours with a peer or a limit measured in the same run. news-please is not measured: it is not among the
locked dependencies, and nothing is fetched for a measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import copies, crawling, end_to_end, reading, searching, sending, start_up, tagging

PAGES = 2_000
READ = 660
SIGNED = 30_000
ARTICLES = 100_000
SUBSCRIBERS = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    ours: str
    peer: str = ""
    """A peer or a limit, with its name."""
    ratio: str = ""
    memory: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit that a measure must reach, or stay under."""

    name: str
    value: float
    limit: float
    under: bool = False

    @property
    def met(self) -> bool:
        return self.value <= self.limit if self.under else self.value >= self.limit

    def __str__(self) -> str:
        return f"{self.name} {self.value:.3g} ({'≤' if self.under else '≥'} {self.limit:g})"


Measured = Row | Goal


def mib(value: float) -> str:
    return f"{value:.0f} MiB"


def whole_way() -> Iterator[Measured]:
    way = end_to_end.run(PAGES)
    rate = {name: way[f"{name}_pages_per_second"] for name in ("veille", "trafilatura", "scrapy")}
    ratio = {name: rate["veille"] / rate[name] for name in ("trafilatura", "scrapy")}
    ours = f"{rate['veille']:.0f} pages/s"
    yield Row(
        f"network to archive, {PAGES} pages of 49 kB, one host, no delay; the tree's memory (PSS)",
        ours,
        f"trafilatura alone on all cores: {rate['trafilatura']:.0f}",
        f"{ratio['trafilatura']:.2f}",
        mib(way["veille_peak_pss_mib"]),
    )
    yield Row(
        "the same",
        ours,
        f"Scrapy alone, nothing done with the pages: {rate['scrapy']:.0f}",
        f"{ratio['scrapy']:.2f}",
        mib(way["scrapy_peak_pss_mib"]),
    )
    yield Row("the same site again, all unchanged", f"{way['second_run_seconds']:.1f} s")
    yield Goal("G1: of the slower of trafilatura and Scrapy", way["ratio_to_the_slower_peer"], 0.7)
    for role, limit in (("fetch", 150), ("extract", 350), ("tag", 550)):
        peak, growth = way[f"{role}_peak_rss_mib"], way[f"{role}_growth_mib"]
        yield Row(
            f"memory of a process that does this: {role}", mib(peak), f"limit: {limit} MiB", f"{peak / limit:.2f}"
        )
        yield Goal(f"G18: {role}, MiB", peak, limit, under=True)
        yield Goal(f"G18: {role} grows, MiB", growth, 25, under=True)


def crawl() -> Iterator[Measured]:
    found = crawling.run(PAGES)
    yield Row(
        "the crawl child, pages committed; same site",
        f"{found['veille_requests_per_second']:.0f} pages/s",
        f"Scrapy alone: {found['scrapy_requests_per_second']:.0f}",
        f"{found['ratio_of_rates']:.2f}, of processor time {found['ratio_of_cpu']:.2f}",
    )
    yield Row(
        "200 sources without news: bytes saved by the second run, requests by the third",
        f"{found['bytes_saved_by_second_percent']:.1f} %, {found['requests_saved_by_third_percent']:.0f} %",
        memory=mib(found["polling_peak_mib"]),
    )
    yield Goal("bytes saved, %", found["bytes_saved_by_second_percent"], 90)
    yield Goal("crawl child over 200 sources, MiB", found["polling_peak_mib"], 200, under=True)


def start() -> Iterator[Measured]:
    light = start_up.run()
    limits = f"bare Python: {light['python']:.2f}, `import sqlalchemy`: {light['import sqlalchemy']:.2f}"
    for name in ("veille --help", "veille search"):
        yield Row(f"`{name}`", f"{light[name]:.2f} s", limits, f"{light[name] / light['python']:.1f}")


def tags() -> Iterator[Measured]:
    found = tagging.run(PAGES)
    memory = {name: mib(found[f"{name} rss_mib"]) for name in ("veille", "spacy-full", "spacy-lemmas", "union")}
    ours = f"{found['veille texts']:.0f} texts/s"
    loading = f"loads in {found['veille load_seconds']:.1f} s, spaCy at the first candidate in"
    yield Row(
        f"the filter alone, a core ({loading} {found['veille spacy_seconds']:.0f} s)",
        f"{found['filter_ms']:.2f} ms a text",
        "limit: 0.15 ms",
        f"{found['filter_ms'] / 0.15:.2f}",
        memory["veille"],
    )
    yield Row("the second step alone, on candidates", f"{found['veille candidates']:.0f} texts/s")
    for name, what in (("spacy-full", "spaCy, all of it"), ("spacy-lemmas", "its lemmas"), ("union", "a regex union")):
        yield Row(
            f"tagged, {found['veille candidates_percent']:.0f} % candidates, a core",
            ours,
            f"{what}, on every text: {found[f'{name} texts']:.1f} (loads in {found[f'{name} load_seconds']:.0f} s)",
            f"{found[f'ratio to {name}']:.0f}",
            f"{memory['veille']} · {memory[name]}",
        )
    yield Goal("G8: the filter, ms a text", found["filter_ms"], 0.15, under=True)
    yield Goal("G9: times spaCy on every text", found["ratio to spacy-full"], 25)


def pages() -> Iterator[Measured]:
    found = reading.run(READ)
    for name, what in (("trafilatura-spacy", "trafilatura and spaCy"), ("trafilatura", "trafilatura with metadata")):
        yield Row(
            f"from HTML to tags, {found['veille-pages tagged_percent']:.0f} % tagged, a core",
            f"{found['veille-pages pages']:.0f} pages/s",
            f"{what} on every page: {found[f'{name} pages']:.1f}",
            f"{found[f'ratio to {name}']:.1f}",
            f"{mib(found['veille-pages rss_mib'])} · {mib(found[f'{name} rss_mib'])}",
        )
    yield Goal("times trafilatura and spaCy on every page", found["ratio to trafilatura-spacy"], 4)
    yield Goal("G18: reading pages grows, MiB", found["veille-pages growth_mib"], 25, under=True)


def same_texts() -> Iterator[Measured]:
    found = copies.run(SIGNED)
    yield Row(
        f"copies: signature and look-up among {SIGNED} articles, a core",
        f"{found['both_per_second']:.0f} texts/s",
        f"its signature alone: {found['signature_per_second']:.0f}",
        f"{found['both_per_second'] / found['signature_per_second']:.2f}",
    )
    yield Row("the same in a band of a template", f"{found['template_lookup_per_second']:.0f} texts/s")
    yield Row(
        "copies found with 2.5 % of words changed, mistakes in 20,000 pairs",
        f"{found['recall_percent']:.1f} %, {found['mistakes_in_20000_pairs']:.0f}",
    )
    yield Goal("G16: signature and look-up, texts/s", found["both_per_second"], 3000)
    yield Goal("G16: copies found, %", found["recall_percent"], 99)
    yield Goal("G16: mistakes", found["mistakes_in_20000_pairs"], 0, under=True)


def mails() -> Iterator[Measured]:
    found = sending.run(SUBSCRIBERS)
    yield Row(
        f"an edition of {found['size_kb']:.0f} kB to {SUBSCRIBERS} subscribers, two durable commits a mail",
        f"{found['mails_per_second']:.0f} mails/s",
        f"smtplib, ready-made bytes, same receiver: {found['bare_per_second']:.0f}",
        f"{found['ratio']:.2f}",
        mib(found["peak_rss_mib"]),
    )
    yield Row("two commits of a page, nothing else, same disk", f"{found['two_syncs_per_second']:.0f} a second")
    yield Row("mails made, none sent", f"{found['rendered_per_second']:.0f} mails/s")
    yield Goal("G17: mails made, a second", found["rendered_per_second"], 1_000)
    yield Goal("sending, of bare smtplib", found["ratio"], 0.6)
    yield Goal("sending grows, MiB", found["growth_mib"], 10, under=True)


def searches() -> Iterator[Measured]:
    found = searching.run(ARTICLES)
    for kind in searching.KINDS:
        share = f"{found[f'{kind}_percent_of_articles']:.2g} % of {ARTICLES} articles"
        bare = found[f"{kind}_bare_fts5_p95_ms"]
        for what, told in (("", "ranked and counted"), ("newest_", "newest first"), ("page_", "the whole page")):
            ours = found[f"{kind}_{what}p95_ms"]
            yield Row(
                f"a word in {share}, {told}: 95th centile of processor time",
                f"{ours:.0f} ms",
                f"bare FTS5, bm25 alone: {bare:.1f} ms",
                f"{ours / bare:.1f}",
            )
    for told, name, limit in (
        ("G10: newest first", "newest_p95_ms", 5),
        ("G11: ranked and faceted", "p95_ms", 50),
        ("G12: the whole page", "page_p95_ms", 150),
    ):
        yield Goal(
            f"{told}, the slowest word, ms", max(found[f"{kind}_{name}"] for kind in searching.KINDS), limit, True
        )
    yield Goal("the slowest hostile query, ms", found["hostile_slowest_ms"], 1_000, under=True)
    yield Goal("G15: the index of words, to the text", found["index_to_text"], 1.7, under=True)


def main() -> None:
    print("| what | ours | peer or limit | ratio | memory |")
    print("|---|---|---|---|---|")
    goals = []
    for part in (whole_way, crawl, start, tags, pages, same_texts, searches, mails):
        for found in part():
            if isinstance(found, Goal):
                goals.append(found)
            else:
                cells = " | ".join((found.what, found.ours, found.peer, found.ratio, found.memory))
                print(f"| {cells} |", flush=True)
    missed = " ; ".join(str(goal) for goal in goals if not goal.met)
    print(f"\nGoals met: {sum(goal.met for goal in goals)} of {len(goals)}. Missed: {missed or 'none'}.")


if __name__ == "__main__":
    main()
