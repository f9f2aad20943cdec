"""The whole store: saved while in use, checked, its index made again; one run at a time."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from store_shelf import NOW, REVISIT, SOURCES, Shelf

from core.errors import AlreadyRunning, StoreError
from db import care
from db.lock import run_lock
from db.store import open_store

ROOT = Path(care.__file__).parents[1]


def fill(shelf: Shelf, count: int = 5) -> None:
    for number in range(count):
        shelf.keep(f"https://exemple.fr/{number}", f"impact {number}", f"n{number}")


def execute(shelf: Shelf, statement: str) -> None:
    with shelf.store.articles._database.write() as connection:
        connection.execute(text(statement))


def test_a_copy_taken_while_writing_is_whole_and_opens_as_a_store_c11(shelf: Shelf) -> None:
    fill(shelf)
    stop = threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            shelf.keep(f"https://exemple.fr/{number}", f"impact {number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    target = shelf.path / "sauvegardes" / "veille-2026-11-23.db"
    target.parent.mkdir()
    try:
        shelf.store.backup(target)
    finally:
        stop.set()
        writer.join()
    with open_store(f"sqlite:///{target}", shelf.path, sources=SOURCES) as copy:
        assert copy.check() == []
        assert len(copy.articles.all_ids()) >= 5
    assert [each.name for each in target.parent.iterdir() if "partial" in each.name] == []


def test_a_copy_replaces_an_older_one_and_a_stale_partial_file(shelf: Shelf) -> None:
    target = shelf.path / "copie.db"
    target.write_bytes(b"ancienne")
    (shelf.path / "copie.db.partial").write_bytes(b"interrompue")
    fill(shelf)
    shelf.store.backup(target)
    connection = sqlite3.connect(target)
    assert connection.execute("SELECT count(*) FROM article").fetchone() == (5,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_copy_that_cannot_be_written_is_told_in_french(shelf: Shelf) -> None:
    with pytest.raises(StoreError, match="copie"):
        shelf.store.backup(shelf.path / "absent" / "copie.db")


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        ("INSERT INTO article_fts (article_fts) VALUES ('delete-all')", "compte 0 articles au lieu de 5"),
        ("INSERT INTO article_fts (rowid, title, text) VALUES (99, 'a', 'b')", "compte 6 articles au lieu de 5"),
        ("UPDATE article_fts_data SET block = x'00ff' WHERE id > 10", "L'index de recherche est abîmé"),
        ("UPDATE meta SET value = 'autre' WHERE name = 'analysis'", "L'analyse du français a changé"),
    ],
)
def test_an_index_out_of_step_is_found_and_made_again_c12(damage: str, word: str, shelf: Shelf) -> None:
    fill(shelf)
    assert shelf.store.check() == []
    execute(shelf, damage)
    assert any(word in problem for problem in shelf.store.check())
    assert shelf.store.reindex() == 5
    assert shelf.store.check() == []
    assert shelf.find("impact").total == 5


def test_a_row_that_points_nowhere_is_found_c13(shelf: Shelf) -> None:
    fill(shelf)
    connection = sqlite3.connect(shelf.path / "veille.db")
    with connection:
        connection.execute("UPDATE article SET story_id = 99 WHERE id = 1")
    connection.close()
    assert any("article" in problem for problem in shelf.store.check())


def test_a_new_french_analysis_asks_for_a_new_index(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(shelf)
    monkeypatch.setattr(care, "stems", lambda words: [each.lower() for each in words.split()])
    assert any("français" in problem for problem in shelf.store.check())


def test_a_second_run_is_refused_in_one_french_sentence_c5(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from db.lock import run_lock\n"
        f"with run_lock(Path({str(tmp_path)!r}), 'run'):\n    print('tenu', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "tenu\n"
    with pytest.raises(AlreadyRunning, match=f"processus {holder.pid}") as caught, run_lock(tmp_path, "run"):
        pass
    assert caught.value.exit_code == 75
    with run_lock(tmp_path, "other"):
        os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    with run_lock(tmp_path, "run"):
        assert (tmp_path / "run.lock").read_text() == str(os.getpid())


def test_a_worker_forked_from_a_killed_run_does_not_hold_its_lock_c5(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from db.lock import run_lock\n"
        f"with run_lock(Path({str(tmp_path)!r}), 'run'):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n        time.sleep(20); os._exit(0)\n"
        "    print(child, flush=True); os.kill(os.getpid(), 9)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    worker = int(holder.stdout.readline())
    holder.wait()
    try:
        with run_lock(tmp_path, "run"):
            os.kill(worker, 0)
    finally:
        os.kill(worker, signal.SIGKILL)
        holder.stdout.close()


def test_two_threads_of_one_process_do_not_share_a_lock_c8(tmp_path: Path) -> None:
    with run_lock(tmp_path, "run"), pytest.raises(AlreadyRunning), run_lock(tmp_path, "run"):
        pass
    with run_lock(tmp_path / "neuf", "run"):
        assert (tmp_path / "neuf" / "run.lock").exists()


def test_a_lock_that_cannot_be_written_is_told_in_french_c4(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    with pytest.raises(StoreError, match="verrou"), run_lock(tmp_path / "fichier", "run"):
        pass


def test_a_store_may_be_searched_by_several_threads_at_once(shelf: Shelf) -> None:
    fill(shelf)
    totals: list[int] = []

    def search() -> None:
        totals.extend(shelf.find("impact").total for _ in range(10))

    threads = [threading.Thread(target=search) for _ in range(6)]
    for each in threads:
        each.start()
    for number in range(20):
        shelf.keep(f"https://exemple.fr/0?{number}", "rien")
    for each in threads:
        each.join()
    assert totals == [5] * 60


def test_what_was_committed_is_there_when_the_store_is_opened_again(shelf: Shelf) -> None:
    fill(shelf)
    shelf.page("https://exemple.fr/brut", "corps", at=NOW)
    shelf.store.close()
    with open_store(shelf.url, shelf.path, revisit=REVISIT, sources=SOURCES) as again:
        assert len(again.articles.all_ids()) == 5
        assert [page.body for page in again.queue.pending(5)] == [b"corps"]
