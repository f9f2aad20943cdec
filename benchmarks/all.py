"""Every measure, printed as the table that README holds.

python -m benchmarks.all
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import crawling, end_to_end, searching, start_up, tagging

PAGES = 2_000
ARTICLES = 20_000

Row = tuple[str, str]


def whole_way() -> Iterator[Row]:
    way = end_to_end.run(PAGES)
    site = f"{PAGES} pages of 49 kB, one host, no delay"
    yield f"network to archive, {site}", f"{way['veille_pages_per_second']:.0f} pages/s"
    yield "trafilatura alone, default settings, both cores", f"{way['trafilatura_pages_per_second']:.0f} pages/s"
    yield "Scrapy alone, nothing done with the pages", f"{way['scrapy_pages_per_second']:.0f} pages/s"
    yield "ratio to the slower of the two (goal: 0.7)", f"{way['ratio_to_the_slower_peer']:.2f}"
    yield "the same site again, all unchanged", f"{way['second_run_seconds']:.1f} s"
    yield "peak memory of the whole process tree (PSS)", f"{way['veille_peak_pss_mib']:.0f} MiB"


def crawl() -> Iterator[Row]:
    found = crawling.run(PAGES)
    both = f"{found['veille_requests_per_second']:.0f} · {found['scrapy_requests_per_second']:.0f} pages/s"
    yield "the crawl child, pages committed · Scrapy alone, same site", both
    yield "ratio of the two · of processor time a page", f"{found['ratio_of_rates']:.2f} · {found['ratio_of_cpu']:.2f}"
    saved = f"{found['bytes_saved_by_second_percent']:.1f} % · {found['requests_saved_by_third_percent']:.0f} %"
    yield "200 unchanged sources: bytes saved by the second run (goal: 90) · requests by the third", saved
    yield "the crawl child over 200 sources, peak (goal: 200)", f"{found['polling_peak_mib']:.0f} MiB"


def start() -> Iterator[Row]:
    light = start_up.run()
    answer = f"{light['veille --help']:.2f} s · {light['veille search']:.2f} s"
    limits = f"bare Python: {light['python']:.2f} s, `import sqlalchemy` alone: {light['import sqlalchemy']:.2f} s"
    yield f"`veille --help` · `veille search` ({limits})", answer


def tags() -> Iterator[Row]:
    found = tagging.run(PAGES)
    about = f"{found['candidates_percent']:.0f} in a hundred on the topic"
    yield f"articles tagged, {about}", f"{found['veille_texts_per_second']:.0f} texts/s"
    yield "spaCy's lemmas on every one of them", f"{found['spacy_on_all_texts_per_second']:.0f} texts/s"
    yield "ratio of the two (goal: 25)", f"{found['ratio_to_spacy_on_all']:.0f}"


def searches() -> Iterator[Row]:
    found = searching.run(ARTICLES)
    for kind in searching.KINDS:
        share = f"{found[f'{kind}_percent_of_articles']:.2g} % of {ARTICLES} articles"
        times = f"{found[f'{kind}_ms']:.0f} ms · {found[f'{kind}_p95_ms']:.0f} ms"
        bare = f"{found[f'{kind}_bare_fts5_ms']:.1f} ms"
        yield f"search of a word that is in {share}: median · 95th centile (bare FTS5: {bare})", times


def main() -> None:
    print("| what | measured |")
    print("|---|---|")
    for part in (whole_way, crawl, start, tags, searches):
        for what, measured in part():
            print(f"| {what} | {measured} |", flush=True)


if __name__ == "__main__":
    main()
