"""Pages a second and core, from their bytes to their tags, beside trafilatura and spaCy on every page.

    python -m benchmarks.reading [PAGES]

Three pages in a hundred speak of the topic. Ours: gate, fast extraction or careful one, filter, second step; theirs:
trafilatura with metadata, then the whole French pipeline. The network and the store are measured by `end_to_end`, what
a source repeats (learnt once a source) by nobody here. Goal: four times the peer.
"""

from __future__ import annotations

import sys

from benchmarks.contestants import Rates, compete

SAMPLES = {"trafilatura-spacy": 40, "trafilatura": 200}


def run(count: int) -> Rates:
    """Pages per second of processor, resident MiB, and their growth over the second half of the pages."""
    measured = {name: compete(name, size) for name, size in {"veille-pages": count, **SAMPLES}.items()}
    found = {f"{name} {what}": value for name, each in measured.items() for what, value in each.items()}
    ours = measured["veille-pages"]["pages"]
    return {**found, **{f"ratio to {name}": ours / measured[name]["pages"] for name in SAMPLES}}


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else 660).items():
        print(f"{name:34} {value:10.2f}")
