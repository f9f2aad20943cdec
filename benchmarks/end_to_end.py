"""Pages a second from the network to the archive, beside trafilatura alone and Scrapy alone on the same pages.

    python -m benchmarks.end_to_end [PAGES]

The three take turns in one run, as whole commands, start-up included. The goal: at least 0.7 of the slower peer.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks import measure
from benchmarks.site import HOST, pages, serving

ROLES = ("fetch", "extract", "tag")
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
        bodies = out / "pages"
        bodies.mkdir()
        for number, body in enumerate(pages(count).values()):
            (bodies / f"{number}.html").write_bytes(body)
        alone = measure.command(sys.executable, "-m", "benchmarks.trafilatura_alone", str(bodies))
        assert int(alone.out) == count, alone.out
    commands = {"veille": ours, "trafilatura": alone, "scrapy": scrapy}
    rates = {name: count / measured.seconds for name, measured in commands.items()}
    slower = min(rates["trafilatura"], rates["scrapy"])
    return {
        **{f"{name}_pages_per_second": rate for name, rate in rates.items()},
        "ratio_to_the_slower_peer": rates["veille"] / slower,
        "matched": report["matches"],
        "second_run_seconds": again.seconds,
        "veille_peak_pss_mib": ours.peak_mib,
        "trafilatura_peak_pss_mib": alone.peak_mib,
        "scrapy_peak_pss_mib": scrapy.peak_mib,
        **{f"{role}_peak_rss_mib": ours.peak(role) for role in ROLES},
        **{f"{role}_growth_mib": ours.growth(role) for role in ROLES},
    }


if __name__ == "__main__":
    found = run(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
    for name, value in found.items():
        print(f"{name:28} {value:10.2f}")
