"""Trafilatura alone: the pages of a folder, with metadata, default settings, on as many processes as cores."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path


def extract(batch: list[Path]) -> int:
    from trafilatura import bare_extraction

    found = 0
    for path in batch:
        text = path.read_bytes().decode()
        found += bare_extraction(text, with_metadata=True, include_comments=False) is not None
    return found


def main(folder: Path) -> int:
    paths = sorted(folder.iterdir())
    batches = [paths[start : start + 10] for start in range(0, len(paths), 10)]
    with multiprocessing.get_context("forkserver").Pool(os.cpu_count()) as pool:
        return sum(pool.imap_unordered(extract, batches))


if __name__ == "__main__":
    print(main(Path(sys.argv[1])))
