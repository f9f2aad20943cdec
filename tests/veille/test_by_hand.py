"""One article that a person found is read, tagged and stored as any other, and refused as any other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demo import DemoWeb
from demo.sites import Site
from veille.wiring import House


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoWeb]:
    with DemoWeb(datetime.now(UTC)) as served:
        yield served


@pytest.fixture
def config(demo: DemoWeb, tmp_path: Path) -> Path:
    """The demonstration's configuration, without the source of the Lisières."""
    path = tmp_path / "config.toml"
    text = demo.config(tmp_path, 2525, "")
    start = text.index("[[source]]", text.index("# Le carnet d'un collectif") - 1)
    end = text.index("[[source]]", start + 1)
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    return path


def site(demo: DemoWeb, slug: str) -> Site:
    return next(one for one in demo.sites if one.slug == slug)


def tagged(demo: DemoWeb, slug: str) -> str:
    """The address of an article of a site that is about the topic and recent."""
    return next(row.url for row in demo.truth() if row.site == slug and row.labels and not row.old)


def said(ran: Any) -> dict[str, Any]:
    assert ran.stderr == ""
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.long
def test_an_article_of_a_watched_site_takes_its_source(veille, demo: DemoWeb, config: Path) -> None:
    address = tagged(demo, "gazette-du-littoral")
    dry = said(veille("add", f"{address}?utm_source=lettre", "--dry-run", "--json"))
    assert (dry["source"], dry["stored"], dry["news"]) == ("gazette-du-littoral", False, True)
    assert sorted(path.name for path in config.parent.iterdir()) == ["config.toml"]
    ran = veille("add", address)
    assert ran.returncode == 0 and "elle va dans la prochaine édition" in ran.stdout
    again = said(veille("add", address, "--json"))
    assert again["done"] == "Déjà dans l'archive"
    with House(config) as house:
        state = house.store.runs.states(counted=True)["gazette-du-littoral"]
        assert (state.articles, state.matched, state.last_attempt, state.failures) == (1, 1, None, 0)


@pytest.mark.long
def test_an_article_of_nowhere_is_added_by_hand_with_the_rights_of_the_press(
    veille, demo: DemoWeb, config: Path
) -> None:
    found = said(veille("add", tagged(demo, "collectif-des-lisieres"), "--json"))
    assert (found["source"], found["stored"], found["news"]) == ("ajouts", True, True)
    assert {tag["label"] for tag in found["tags"]} and found["why"]
    with House(config) as house:
        assert (house.by_hand.name, house.by_hand.rights.full_text) == ("Ajouté à la main", "nobody")
    hits = json.loads(veille("search", "source:ajouts", "--json").stdout)
    assert [hit["source"] for hit in hits["results"]] == ["ajouts"]


@pytest.mark.long
def test_what_cannot_be_read_leaves_no_trace(veille, demo: DemoWeb, config: Path) -> None:
    closed, absent = site(demo, "revue-bilans").base, f"{site(demo, 'gazette-du-littoral').base}/absent/"
    for address, reason in (
        (f"{closed}/article", "robots.txt"),
        (absent, "n'existe pas"),
        ("http://10.0.0.1/", "publique"),
    ):
        ran = veille("add", address)
        assert ran.returncode == 1 and reason in ran.stdout, ran.stdout
    assert veille("add", "file:///etc/passwd").returncode == 3
    with House(config) as house:
        assert house.store.queue.pending(5) == [] and house.store.runs.states() == {}
        assert house.store.raw.unknown([absent]) == {absent}
