"""Killed at any moment, written by two processes at once: what was committed is there, and nothing is half done."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from store_shelf import NOW, REVISIT, SOURCES, Shelf

from core.search import SearchQuery
from db import schema
from db.store import Store, open_store

ROOT = Path(schema.__file__).parents[1]

CRAWLER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from core.pages import Failure, NewPage
from db.store import open_store

url, data, start, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
now = datetime(2026, 11, 23, tzinfo=UTC)
with open_store(url, data, durable=False) as store:
    print("ready", flush=True)
    for number in range(start, start + count):
        address = f"https://exemple.fr/{number}"
        body = f"<p>contrat à impact {number}</p>".encode() * 200
        store.raw.save(NewPage("anah", "article", address, address, 200, (), body, now))
        store.raw.save(NewPage("anah", "entry", "https://exemple.fr/rss", "", 200, (), body, now))
        print(number, flush=True)
"""

KEEPER = """
import sys, time
from pathlib import Path
from core.articles import Article, Signature, Tag, Verdict
from core.urls import article_key
from db.store import open_store

url, data, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
kept, deadline = 0, time.monotonic() + 60
with open_store(url, data) as store:
    print("ready", flush=True)
    while kept < count and time.monotonic() < deadline:
        for page in store.queue.pending(16):
            text = page.body.decode()[:60]
            signature = Signature(tuple((page.id * 7919 + index) % 2**32 for index in range(128)))
            article = Article(page.id, "anah", page.url, article_key(page.url), "Titre", text, page.fetched_at)
            store.articles.keep(article, Verdict((Tag("cis", "cis", True, 1.0),)), signature, None, False)
            kept += 1
            print(page.url, flush=True)
"""

SENDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from core.editions import Receipt
from db.store import open_store

now = datetime(2026, 11, 23, tzinfo=UTC)
with open_store(sys.argv[1], Path(sys.argv[2])) as store:
    print("ready", flush=True)
    for row in store.editions.rows(1):
        if store.editions.begin(row.id, f"<{row.id}@x>", now):
            print("begun", row.id, flush=True)
            store.editions.end(row.id, Receipt("sent", "250 ok"), now)
            print("ended", row.id, flush=True)
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def killed_after(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """The lines that a process had printed when it was killed."""
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    output, _ = process.communicate()
    whole, _, _ = output.rpartition("\n")
    return whole.splitlines()


def opened(shelf: Shelf) -> Store:
    return open_store(shelf.url, shelf.path, revisit=REVISIT, sources=SOURCES)


@pytest.mark.parametrize("seed", [3, 5])
def test_a_crawl_killed_at_any_moment_loses_no_committed_page_c1(seed: int, shelf: Shelf) -> None:
    wait = random.Random(seed).uniform(0.02, 0.2)
    saved = killed_after(start(CRAWLER, shelf.url, shelf.path, 0, 100_000), wait)
    with opened(shelf) as store:
        pages = store.queue.pending(100_000)
        assert len(pages) - len(saved) in (0, 1), "at most the page in flight was committed unsaid"
        assert [page.url for page in pages[: len(saved)]] == [f"https://exemple.fr/{number}" for number in saved]
        assert store.raw.unknown([page.url for page in pages]) == set()
        assert store.raw.body("https://exemple.fr/rss") is not None or not saved
        assert store.check() == []
    again = start(CRAWLER, shelf.url, shelf.path, len(pages), 5)
    assert again.communicate()[0].split() == [str(len(pages) + number) for number in range(5)]


@pytest.mark.parametrize("seed", [13, 21])
def test_a_run_killed_at_any_moment_keeps_each_article_whole_or_not_at_all_c1(seed: int, shelf: Shelf) -> None:
    crawler = start(CRAWLER, shelf.url, shelf.path, 0, 100)
    wait = random.Random(seed).uniform(0.05, 0.2)
    kept = killed_after(start(KEEPER, shelf.url, shelf.path, 100), wait)
    crawler.communicate()
    with opened(shelf) as store:
        assert store.check() == []
        done = len(store.articles.all_ids())
        assert done - len(kept) in (0, 1)
        assert all(store.articles.by_url(url) for url in kept)
        assert len(store.queue.pending(1_000)) == 100 - done
    rest = start(KEEPER, shelf.url, shelf.path, 100 - done)
    assert len(rest.communicate()[0].split()) == 100 - done
    with opened(shelf) as store:
        assert len(store.articles.all_ids()) == 100
        assert (store.check(), store.queue.pending(1)) == ([], [])


def test_two_processes_write_at_once_without_waiting_in_vain(shelf: Shelf) -> None:
    both = [start(CRAWLER, shelf.url, shelf.path, 0, 150), start(KEEPER, shelf.url, shelf.path, 150)]
    # Without a timeout: with one, communicate() would pass by the lines that readline() has already buffered.
    outputs = [process.communicate()[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [len(output) for output in outputs] == [150, 150]
    with opened(shelf) as store:
        assert store.index.search(SearchQuery(), NOW).total == 150
        assert store.check() == []


@pytest.mark.parametrize("seed", [34, 55])
def test_a_sending_killed_at_any_moment_leaves_one_unknown_row_at_most_b1(seed: int, shelf: Shelf) -> None:
    edition = shelf.freeze("2026-W48", [shelf.keep("https://exemple.fr/a", "texte").story_id])
    assert edition.id == 1
    people = [shelf.store.subscribers.add(f"p{number}@exemple.fr", "person", NOW) for number in range(60)]
    shelf.store.editions.queue(1, people)
    said = killed_after(start(SENDER, shelf.url, shelf.path), random.Random(seed).uniform(0.01, 0.08))
    begun = {int(line.split()[1]) for line in said if line.startswith("begun")}
    ended = {int(line.split()[1]) for line in said if line.startswith("ended")}
    with opened(shelf) as store:
        assert store.editions.mark_interrupted(1) <= 1
        states = {row.id: row.state for row in store.editions.rows(1)}
    assert all(states[row] == "sent" for row in ended)
    assert all(states[row] in ("sent", "unknown") for row in begun)
    assert sorted(states.values()).count("queued") >= 60 - len(begun) - 1
    rest = start(SENDER, shelf.url, shelf.path).communicate()[0]
    again = {int(line.split()[1]) for line in rest.splitlines() if line.startswith("begun")}
    assert not again & begun, "nobody is written to twice"
    with opened(shelf) as store:
        left = {row.state for row in store.editions.rows(1)}
    assert left <= {"sent", "unknown"}
