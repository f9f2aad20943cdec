"""Articles tagged a second and core, three in a hundred on the topic, beside spaCy and a regular expression.

    python -m benchmarks.tagging [ARTICLES]

The peers are what a watch without a filter does: the whole French pipeline over each text, or its lemmas only, or one
regular expression of every form; they are measured on samples, since they take up to a hundred times as long. Goals:
0.15 ms a text for the filter, 25 times spaCy on everything.
"""

from __future__ import annotations

import sys

from benchmarks.contestants import Rates, compete

SAMPLE = 40
"""Texts read by spaCy."""
UNION_SAMPLE = 300


def run(count: int) -> Rates:
    """Texts per second of processor, seconds of loading, resident MiB, each contestant's under its own name."""
    sizes = {"veille": count, "spacy-full": SAMPLE, "spacy-lemmas": SAMPLE, "union": UNION_SAMPLE}
    measured = {name: compete(name, size) for name, size in sizes.items()}
    ours = measured["veille"]
    found = {f"{name} {what}": value for name, each in measured.items() for what, value in each.items()}
    ratios = {f"ratio to {name}": ours["texts"] / measured[name]["texts"] for name in sizes if name != "veille"}
    return {**found, "filter_ms": 1000 / ours["filter"], **ratios}


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else 2000).items():
        print(f"{name:34} {value:10.2f}")
