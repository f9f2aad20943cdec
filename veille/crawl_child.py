"""The crawl's own process: reads a job on stdin, commits raw pages to the store, prints its report as the last line."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC
from pathlib import Path

from core.clock import FixedClock, SystemClock
from veille import config as configuration
from veille import logs


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--config", type=Path, required=True)
    options.add_argument("--scratch", type=Path)
    given = options.parse_args()
    logs.setup()
    config = configuration.load(given.config)
    if given.scratch:
        config = configuration.thrown_away(config, given.scratch)
    chosen = configuration.chosen_time()
    clock = FixedClock(chosen.astimezone(UTC)) if chosen else SystemClock()

    from crawlers.child import crawl
    from crawlers.job import Job, report_to_json
    from db.store import open_store

    job = Job.from_json(sys.stdin.readline())
    store = open_store(
        config.database,
        config.data,
        revisit=config.crawl.revisit,
        sources={},
        recheck=job.settings.recheck,
        backfill=job.settings.since is not None,
        durable=False,
    )
    try:
        report = crawl(job, store.raw, clock, store.backfills)
    finally:
        store.close()
    print(report_to_json(report), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
