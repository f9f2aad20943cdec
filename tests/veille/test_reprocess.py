"""`veille reprocess` by the real program: what an older extraction left is corrected, killed or not, and told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.articles import Signature, Tag, Verdict
from core.pages import NewPage
from core.search import SearchQuery
from core.tree import Filter
from db.store import Store, open_store
from pipeline.html import extract_html

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CIS = Tag("impact-social", "cis", True, 1.0)
PROSE = (
    "Le contrat à impact social signé hier finance, dans la ville {n}, un accompagnement de deux ans. "
    "Le contrat à impact social prévoit un remboursement par l'État si les objectifs sont atteints. "
    "Une évaluation indépendante sera rendue, et le conseil municipal en débattra avant l'été prochain."
)


@contextmanager
def archive(folder: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{folder}/var/veille.db", folder / "var") as store:
        yield store


def fill(folder: Path, count: int) -> None:
    """Articles as an older extraction left them: the menu in the text, no tag; their raw pages are whole."""
    with archive(folder) as store:
        for n in range(count):
            url = f"https://exemple.fr/article/{n}"
            body = (
                f"<html lang='fr'><head><title>Article numéro {n}</title></head><body><nav>Menu Contact</nav>"
                f"<article><h1>Article numéro {n}</h1><p>{PROSE.format(n=n)}</p></article></body></html>"
            )
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            store.raw.save(NewPage("muette", "article", url, url, 200, headers, body.encode(), NOW))
        for page in store.queue.pending(count):
            article = extract_html(page)
            assert not hasattr(article, "reason"), article
            worse = type(article)(
                page.id, "muette", article.url, article.key, "Menu", f"Menu Contact {page.id}", NOW, language="fr"
            )
            store.articles.keep(worse, Verdict(), Signature(), None, True)


def texts(folder: Path) -> list[str]:
    with archive(folder) as store:
        found = [store.articles.article(each) for each in store.articles.all_ids()]
        return [article.text for article in found if article]


def test_a_replay_says_what_it_would_change_then_changes_it_once(veille, tmp_path: Path) -> None:
    fill(tmp_path, 12)
    with archive(tmp_path) as store:
        body = store.replays.batch(0, 1, "", None)[0].page
        assert body is not None
        (tmp_path / "var" / "raw" / body.body_hash[:2] / f"{body.body_hash}.gz").unlink()
    told = json.loads(veille("reprocess", "--dry-run", "--json").stdout)
    assert (told["articles"], told["replayed"], told["corrected"], told["tags"]) == (12, 11, 11, 11)
    assert len(told["biggest"]) == 10
    assert told["biggest"][0]["gained"] == ["cis"]
    assert told["biggest"][0]["before"] < told["biggest"][0]["after"]
    assert [(each["count"], each["urls"]) for each in told["unread"]] == [(1, ["https://exemple.fr/article/0"])]
    assert all(text.startswith("Menu") for text in texts(tmp_path))


@pytest.mark.long
def test_a_replay_killed_on_the_way_is_finished_by_the_next(veille, tmp_path: Path) -> None:
    veille("source", "list")
    fill(tmp_path, 150)
    child = subprocess.Popen([sys.executable, "-m", "veille", "reprocess"], cwd=tmp_path, start_new_session=True)
    while child.poll() is None and not any("impact" in text for text in texts(tmp_path)):
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    left = sum(text.startswith("Menu") for text in texts(tmp_path))
    assert 0 < left < 150
    with archive(tmp_path) as store:
        assert store.check() == []
    ran = veille("reprocess", "muette")
    assert "150 articles relus sur 150." in ran.stdout
    assert (
        f"{left} articles corrigés : {left} textes, {left} titres, 0 date, étiquettes de {left} articles" in ran.stdout
    )
    assert all("contrat à impact social" in text for text in texts(tmp_path))
    with archive(tmp_path) as store:
        assert store.check() == []
        assert store.index.search(SearchQuery(expression=Filter("tag", ("cis",))), NOW).total >= 1
        assert store.editions.eligible("weekly", NOW - timedelta(days=30), NOW + timedelta(days=30)) == []


def test_an_unknown_source_and_a_wrong_day_are_told_in_french(veille) -> None:
    ran = veille("reprocess", "inconnue")
    assert (ran.returncode, "inconnue" in ran.stderr) == (3, True)
    ran = veille("reprocess", "--since", "hier")
    assert ran.returncode == 2
    assert "n'est pas une date" in ran.stderr
