"""How long light commands take to answer, and that they load nothing heavy; medians of five.

python -m benchmarks.start_up
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import measure
from demo.web import DemoWeb

RUNS = 5
HEAVY = ("scrapy", "trafilatura", "spacy", "sqlalchemy")
LOADED = (
    "import sys\nfrom veille.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
    f"heavy = set({HEAVY!r}) & set(sys.modules)\nsys.exit(str(sorted(heavy)) if heavy else 0)"
)


def median(*arguments: str) -> float:
    """Median seconds of a command, after one run that fills the caches."""
    measure.command(*arguments, memory=False)
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        measure.command(*arguments, memory=False)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def run() -> dict[str, float]:
    """Seconds by command, on the demonstration's archive; a bare interpreter is the limit.

    SQLAlchemy, which a search does without, gives the measure of the machine at that moment.
    """
    veille = (sys.executable, "-m", "veille")
    with tempfile.TemporaryDirectory() as folder, DemoWeb(datetime.now(UTC)) as web:
        config = Path(folder) / "config.toml"
        config.write_text(web.config(Path(folder), 25), encoding="utf-8")
        measure.command(*veille, "run", "--config", str(config))
        search = ("search", "contrat à impact", "--config", str(config))
        loaded = measure.command(sys.executable, "-c", LOADED, *search, memory=False)
        assert loaded.code == 0, "a heavy library was loaded"
        return {
            "python": median(sys.executable, "-c", "pass"),
            "import sqlalchemy": median(sys.executable, "-c", "import sqlalchemy"),
            "veille --help": median(*veille, "--help"),
            "veille search": median(*veille, *search),
        }


if __name__ == "__main__":
    for name, seconds in run().items():
        print(f"{name:28} {seconds:10.2f} s")
