"""kill -9 of a run at random moments: the next one completes, nothing committed is lost, nothing is doubled (C1)."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from demo_program import program

from demo.web import DemoWeb

SEED = 20_261_122
LONGEST = 11.0
"""Seconds: about how long a run over the demonstration web lasts."""


def ids(folder: Path, query: str) -> set[object]:
    path = folder / "veille.db"
    if not path.exists():
        return set()
    with sqlite3.connect(path) as database:
        known = database.execute("select count(*) from sqlite_master where name = 'article'").fetchone()[0]
        return set(database.execute(query).fetchall()) if known else set()


def moments(count: int) -> list[float]:
    draw = random.Random(SEED)
    return [round(draw.uniform(0.3, LONGEST), 2) for _ in range(count)]


def kill_and_finish(web: DemoWeb, folder: Path, moment: float) -> None:
    veille = program(web, folder)
    veille.kill_after(moment, "run")
    pages = ids(folder, "select url, body_hash from page where kind != 'entry'")
    articles = ids(folder, "select id, key, story_id from article")
    ended = veille.run("run", "--json")
    assert ended.returncode == 4, ended.stderr
    assert pages <= ids(folder, "select url, body_hash from page where kind != 'entry'")
    assert {key for _, key, _ in articles} <= {
        key for _, key, _ in ids(folder, "select id, key, story_id from article")
    }
    urls = [row[0] for row in ids(folder, "select url, id from article")]
    assert sorted(urls) == sorted(truth.url for truth in web.truth())
    assert ids(folder, "select count(*) from article where story_id not in (select id from story)") == {(0,)}
    assert ids(folder, "select count(*) from article") == ids(folder, "select count(*) from article_fts_docsize")
    copies = sum(1 for truth in web.truth() if truth.copy_of)
    assert ids(folder, "select count(distinct story_id) from article") == {(len(urls) - copies,)}
    assert ids(folder, "pragma integrity_check") == {("ok",)}
    assert ids(folder, "select count(*) from page where state = 'pending' and kind != 'entry'") == {(0,)}


@pytest.mark.long
@pytest.mark.parametrize("moment", moments(1))
def test_a_killed_run_is_finished_by_the_next(demo_web: DemoWeb, tmp_path: Path, moment: float) -> None:
    kill_and_finish(demo_web, tmp_path, moment)


@pytest.mark.long
@pytest.mark.parametrize("moment", moments(12)[1:])
def test_eleven_killed_runs_are_finished_by_the_next(demo_web: DemoWeb, tmp_path: Path, moment: float) -> None:
    kill_and_finish(demo_web, tmp_path, moment)
