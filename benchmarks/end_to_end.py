"""Pages a second from the network to the archive, beside trafilatura alone and Scrapy alone on the same pages.

    python -m benchmarks.end_to_end [PAGES]

The three take turns in one run. The goal: at least 0.7 of the slower of the two peers.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import measure
from benchmarks.site import HOST, pages, serving

CONFIG = """\
[veille]
contact = "essai@example.org"
database = "sqlite:///{out}/veille.db"
data = "{out}"
[crawl]
delay = 0
max_new = 10000
allowed_private_hosts = ["{host}:{port}"]
[mail]
from = "essai@example.org"
[[topic]]
slug = "impact-social"
name = "Impact social"
[[source]]
slug = "site"
name = "Site"
category = "presse"
url = "{base}/"
sitemap = "{base}/sitemap.xml"
"""


def _extract(batch: list[bytes]) -> int:
    from trafilatura import bare_extraction

    return sum(bare_extraction(body.decode(), with_metadata=True, include_comments=False) is not None for body in batch)


def _warm(_: int) -> None:
    _extract([b"<html><body><article><p>Un texte pour charger ce qui doit l'etre.</p></article></body></html>"])
    time.sleep(0.2)


def trafilatura_alone(bodies: list[bytes]) -> float:
    """Seconds for trafilatura with metadata, default settings, on as many processes as cores; start-up aside."""
    cores = os.cpu_count() or 1
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        pool.map(_warm, range(cores), chunksize=1)
        started = time.perf_counter()
        pool.map(_extract, [bodies[i : i + 10] for i in range(0, len(bodies), 10)], chunksize=1)
        return time.perf_counter() - started


def run(count: int) -> dict[str, float]:
    """Rates in pages a second, ratios, and peak memory in MiB."""
    port = 8977
    with tempfile.TemporaryDirectory() as folder, serving(count, port) as base:
        out = Path(folder)
        config = out / "config.toml"
        config.write_text(CONFIG.format(out=out, host=HOST, port=port, base=base), encoding="utf-8")
        ours = measure.command(sys.executable, "-m", "veille", "run", "--json", "--config", str(config))
        report = json.loads(ours.out)
        assert report["articles"] == count, report
        again = measure.command(sys.executable, "-m", "veille", "run", "--json", "--config", str(config))
        scrapy = measure.command(sys.executable, "-m", "benchmarks.scrapy_alone", base, str(count))
        assert int(scrapy.out) == count, scrapy.out
        alone = trafilatura_alone(list(pages(count).values()))
    rates = {"veille": count / ours.seconds, "trafilatura": count / alone, "scrapy": count / scrapy.seconds}
    slower = min(rates["trafilatura"], rates["scrapy"])
    return {
        **{f"{name}_pages_per_second": rate for name, rate in rates.items()},
        "ratio_to_the_slower_peer": rates["veille"] / slower,
        "matched": report["matches"],
        "second_run_seconds": again.seconds,
        "veille_peak_pss_mib": ours.peak_mib,
        "scrapy_peak_pss_mib": scrapy.peak_mib,
    }


if __name__ == "__main__":
    found = run(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
    for name, value in found.items():
        print(f"{name:28} {value:10.2f}")
