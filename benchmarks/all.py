"""Every measure, printed as the table that README holds.

python -m benchmarks.all
"""

from __future__ import annotations

from benchmarks import end_to_end, start_up

PAGES = 2000


def main() -> None:
    way, light = end_to_end.run(PAGES), start_up.run()
    print("| what | measured |")
    print("|---|---|")
    rate = way["veille_pages_per_second"]
    print(f"| network to archive, {PAGES} pages of 49 kB, one host, no delay | {rate:.0f} pages/s |")
    print(f"| trafilatura alone, default settings, both cores | {way['trafilatura_pages_per_second']:.0f} pages/s |")
    print(f"| Scrapy alone, nothing done with the pages | {way['scrapy_pages_per_second']:.0f} pages/s |")
    print(f"| ratio to the slower of the two (goal: 0.7) | {way['ratio_to_the_slower_peer']:.2f} |")
    print(f"| the same site again, all unchanged | {way['second_run_seconds']:.1f} s |")
    print(f"| peak memory of the whole process tree (PSS) | {way['veille_peak_pss_mib']:.0f} MiB |")
    print(f"| `veille --help` · `veille search` (bare Python: {light['python']:.2f} s) "
          f"| {light['veille --help']:.2f} s · {light['veille search']:.2f} s |")  # fmt: skip


if __name__ == "__main__":
    main()
