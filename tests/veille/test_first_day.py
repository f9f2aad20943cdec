"""All the sources of the demonstration tried at once: one screen, one diff, applied on demand only."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demo import DemoWeb
from veille.config import load

pytestmark = pytest.mark.long
CLOSED_BY_MISTAKE = """
# Fermée trop vite.
[[source]]
slug = "gazette-bis"
name = "Gazette bis"
category = "presse"
url = "{base}/"
feed = "{base}/feed/"
enabled = false
disabled_reason = "en panne en mars"
"""


@dataclass
class Day:
    config: Path
    before: str
    report: dict[str, Any]
    code: int


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp("premier-jour")
    with DemoWeb(datetime.now(UTC)) as demo:
        gazette = next(site for site in demo.sites if site.slug == "gazette-du-littoral")
        config = folder / "config.toml"
        before = demo.config(folder, 2525, "") + CLOSED_BY_MISTAKE.format(base=gazette.base)
        config.write_text(before, encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, "-m", "veille", "source", "try", "--all", "--write", "--json", "--config", str(config)],
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert ran.stderr == ""
        yield Day(config, before, json.loads(ran.stdout), ran.returncode)


def test_each_source_has_its_cause(day: Day) -> None:
    causes = {row["source"]: row["cause"] for row in day.report["sources"]}
    broken = {"lettre-du-secteur-associatif": "html", "revue-bilans": "robots"}
    assert {slug: cause for slug, cause in causes.items() if cause != "reads"} == broken
    assert len(causes) == 11
    assert day.code == 4


def test_what_lasts_is_disabled_and_what_reads_is_enabled(day: Day) -> None:
    sources = {source.slug: source for source in load(day.config).sources}
    assert day.report["written"] is True
    assert not sources["revue-bilans"].enabled and "robots.txt" in sources["revue-bilans"].disabled_reason
    assert sources["gazette-bis"].enabled and sources["gazette-bis"].checked_on
    assert sources["gazette-du-littoral"].enabled


def test_the_diff_is_all_that_changed(day: Day) -> None:
    lines = day.report["diff"].splitlines()
    gone = [line[1:] for line in lines if line.startswith("-") and not line.startswith("---")]
    assert gone == ["enabled = false", 'disabled_reason = "en panne en mars"']
    came = [line[1:] for line in lines if line.startswith("+") and not line.startswith("+++")]
    after = day.config.read_text(encoding="utf-8").splitlines()
    assert len(after) == len(day.before.splitlines()) - len(gone) + len(came)
    assert [line.rsplit("@@ ", 1)[1] for line in lines if line.startswith("@@")] == [
        "lettre-du-secteur-associatif", "revue-bilans", "gazette-bis",
    ]  # fmt: skip


def test_nothing_of_a_trial_is_stored(day: Day) -> None:
    assert sorted(path.name for path in day.config.parent.iterdir()) == ["config.toml"]
