"""The guide of topics, followed step by step in a folder of its own: its files, its commands, its match."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from classifiers.lexicon import Rule
from core.errors import TopicError

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "ajouter-un-sujet.md").read_text(encoding="utf-8")
HEAD = """\
[veille]
contact = "essai@example.org"
[mail]
from = "Veille <veille@example.org>"
"""


def section(title: str) -> str:
    return GUIDE.split(f"\n## {title}\n")[1].split("\n## ")[0]


STEPS = section("Un sujet à vous, pas à pas")
FILES = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```", STEPS, re.DOTALL | re.MULTILINE))
COMMANDS = [
    line for block in re.findall(r"^```sh\n(.*?)^```", STEPS, re.DOTALL | re.MULTILINE) for line in block.splitlines()
]
(BLOCK,) = re.findall(r"^```toml\n(.*?)^```", STEPS, re.DOTALL | re.MULTILINE)


def veille(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "veille", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=180, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a reader has after writing every file that the guide shows."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "config.toml").write_text(HEAD + BLOCK, encoding="utf-8")
    return tmp_path


@pytest.mark.long
def test_the_guide_is_followed_file_by_file_and_command_by_command(folder: Path) -> None:
    assert {Path(name).name for name in FILES} == {
        "definition.md", "topic.toml", "lexicon.toml", "gold.jsonl", "essai.txt",
    }  # fmt: skip
    assert [command.split()[1] for command in COMMANDS] == ["evaluate", "explain", "digest"]
    evaluate, explain, digest = (shlex.split(command)[1:] for command in COMMANDS)

    measured = veille(folder, *evaluate)
    assert measured.returncode == 0, measured.stderr
    assert "regie\t1.000\t1.000\t1.000\t2" in measured.stdout and "0 erreur." in measured.stdout
    assert "aucune étiquette" in veille(folder, *explain).stdout, "a topic that is off must tag nothing"

    config = folder / "config.toml"
    config.write_text(config.read_text("utf-8").replace("enabled = false", "enabled = true"), encoding="utf-8")
    told = veille(folder, *explain)
    assert told.returncode == 0, told.stderr
    assert "regie (au centre" in told.stdout and "règle regie-retour@1" in told.stdout
    shown = veille(folder, *digest)
    assert shown.returncode == 0, shown.stderr
    assert "Une commune reprend son service de l'eau" in " ".join(shown.stdout.split())


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("topics/regie-eau/topic.toml", "name =", "nom =", "clé inconnue"),
        ("topics/regie-eau/topic.toml", 'slug = "regie"', 'slug = "regie', "mal écrit"),
        ("topics/regie-eau/lexicon.toml", "Le retour de l'eau en régie", "L'eau", "ne trouve pas son propre exemple"),
        ("topics/regie-eau/lexicon.toml", '"transports", ', '"bus", ', "accepte son contre-exemple"),
        ("topics/regie-eau/lexicon.toml", 'label = "regie"', 'label = "eau"', "n'a pas de [[label]]"),
        ("config.toml", 'slug = "regie-eau"', 'slug = "regie-de-leau"', "n'a pas de dossier"),
    ],
)
def test_what_the_guide_says_of_a_mistake_is_what_is_said(
    name: str, old: str, new: str, said: str, folder: Path
) -> None:
    from veille.wiring import House

    assert f"`{said}`" in GUIDE or f"`{said}`," in GUIDE or f", `{said}`" in GUIDE
    for path in (folder / name, folder / "config.toml"):
        text = path.read_text("utf-8").replace("enabled = false", "enabled = true")
        path.write_text(text.replace(old, new) if path == folder / name else text, encoding="utf-8")
    with House(folder / "config.toml") as house, pytest.raises(TopicError, match=re.escape(said)):
        _ = house.classifier


def test_the_guide_explains_every_key_of_a_rule() -> None:
    table = section("Toutes les clés d'une règle")
    for field in fields(Rule):
        assert f"`{field.name}`" in table, field.name
    for name in ("lexicon", "topic"):
        head = tomllib.loads(FILES[f"topics/regie-eau/{name}.toml"])
        assert all(f"`{key}`" in GUIDE or f"[[{key}]]" in GUIDE for key in head)
