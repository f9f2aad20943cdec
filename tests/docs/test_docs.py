"""The documents say what the program does: commands, options, configuration keys, links, lengths."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest
import typer
from pydantic import BaseModel

from core.errors import VeilleError
from core.pages import FailureKind
from core.sources import Category
from veille.cli import app
from veille.config import load
from veille.config_model import ConfigFile

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
]
SOURCES_GUIDE = ROOT / "docs" / "guides" / "mainteneur-sources.md"
CONFIG = ROOT / "config.toml"
HEAD = {
    "veille": '[veille]\ncontact = "veille@asso.example"\n',
    "mail": '[mail]\nfrom = "Veille <veille@asso.example>"\n',
    "topic": '[[topic]]\nslug = "impact-social"\nname = "Impact social"\n',
}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def for_users() -> str:
    """What a person who runs the program is given to read."""
    return "\n".join(read(path) for path in [*GUIDES, ROOT / "README.md"])


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that can be typed, `veille source list` and the like, with its parameters."""

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        below = getattr(command, "commands", None)
        if below is None:
            yield name, command
            return
        for word, child in below.items():
            yield from walk(f"{name} {word}", child)

    yield from walk("veille", typer.main.get_command(app))


def options() -> list[tuple[str, str]]:
    found = [("veille", "--version")]
    for name, command in commands():
        for parameter in command.params:
            found += [(name, option) for option in parameter.opts if option.startswith("--") and option != "--help"]
    return found


def model_keys(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, str]]:
    """(table, key) of every key of a configuration model, by the name that is written in the file."""
    for name, field in model.model_fields.items():
        table = _table(field.annotation)
        key = field.alias or name
        if table is None:
            yield path, key
        else:
            yield from model_keys(table, f"{path}.{key}".lstrip("."))


def _table(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((table for part in get_args(annotation) if (table := _table(part)) is not None), None)


def toml_blocks(path: Path) -> list[str]:
    return re.findall(r"^```toml\n(.*?)^```", read(path), re.DOTALL | re.MULTILINE)


def completed(block: str) -> str:
    """A block of a guide made into a whole configuration: the tables that it leaves out come before it."""
    present = tomllib.loads(block).keys()
    return "\n".join([*(text for table, text in HEAD.items() if table not in present), block])


def anchors(path: Path) -> set[str]:
    """The anchors that a page's headings make, as code forges write them."""
    text = re.sub(r"^```.*?^```", "", read(path), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def links(path: Path) -> list[str]:
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", read(path), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"\]\(([^)\s]+)\)", text)


def test_commands_are_found_in_the_program() -> None:
    names = {name for name, _ in commands()}
    assert {"veille run", "veille search", "veille subscriber add"} <= names


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_is_in_a_guide_or_the_readme(name: str) -> None:
    assert re.search(rf"\b{re.escape(name)}\b", for_users())


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_in_a_guide_or_the_readme(command: str, option: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", for_users()), f"{command} {option}"


def test_no_guide_names_a_command_that_does_not_exist() -> None:
    known = {name for name, _ in commands()} | {"veille source", "veille subscriber"}
    groups = {name.split()[1] for name in known if len(name.split()) > 2}
    for path in [*PAGES, CONFIG]:
        for found in re.findall(r"(?:^|`|bin/|« )veille ((?:[a-z]+)(?: [a-z]+)?)", read(path), re.MULTILINE):
            words = found.split()
            name = " ".join(["veille", *words[: 2 if words[0] in groups else 1]])
            assert name in known, f"{path.name}: {name}"


@pytest.mark.parametrize(("table", "key"), sorted(set(model_keys(ConfigFile))))
def test_every_configuration_key_is_explained(table: str, key: str) -> None:
    """In a guide, between back quotes, or in config.toml, under its own table."""
    said = "\n".join(read(path) for path in GUIDES)
    assert f"`{key}`" in said or f"`[{key}]`" in said or in_config(table, key), f"[{table}] {key}"


def in_config(table: str, key: str) -> bool:
    """True when config.toml holds the key, or shows it in a comment, under its table."""
    here = ""
    for line in read(CONFIG).splitlines():
        if header := re.match(r"\[\[?([a-z.]+)\]", line):
            here = header[1]
        elif here == table and re.match(rf"(?:# )?{re.escape(key)}\s*=", line):
            return True
    return False


def test_the_shipped_configuration_is_valid() -> None:
    config = load(CONFIG)
    assert config.mail.backend == "folder"
    assert config.contact == "veille@asso.example"
    assert len(config.enabled) >= 10
    assert {topic.slug for topic in config.topics} == {"impact-social"}


def test_a_source_that_is_off_says_why_and_since_when() -> None:
    for source in tomllib.loads(read(CONFIG))["source"]:
        if source.get("enabled") is False:
            assert source["disabled_reason"], source["slug"]
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", source["checked_on"]), source["slug"]


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_every_block_of_a_guide_is_a_configuration_that_works(path: Path, tmp_path: Path) -> None:
    for number, block in enumerate(toml_blocks(path)):
        file = tmp_path / f"block-{number}.toml"
        file.write_text(completed(block), encoding="utf-8")
        try:
            load(file)
        except VeilleError as error:
            pytest.fail(f"{path.name}, block {number}: {error}\n{block}")


def test_the_sources_guide_shows_every_entry_kind() -> None:
    entries = [tomllib.loads(block).get("source", [{}])[0].keys() for block in toml_blocks(SOURCES_GUIDE)]
    for entry in ("feed", "sitemap", "listing", "api"):
        assert any(entry in keys for keys in entries), entry


def test_the_sources_guide_explains_every_failure_and_no_other() -> None:
    section = read(SOURCES_GUIDE).split("## Quand une source ne se lit pas")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z]+)` \|", section, re.MULTILINE)) == set(get_args(FailureKind))


def test_the_sources_guide_names_every_category() -> None:
    for category in get_args(Category):
        assert f"`{category}`" in read(SOURCES_GUIDE)


def test_exit_codes_of_errors_are_in_the_operations_guide() -> None:
    told = set(re.findall(r"^\| (\d+) \|", read(ROOT / "docs" / "guides" / "exploitation.md"), re.MULTILINE))
    raised = {str(error.exit_code) for error in _errors(VeilleError)}
    assert raised | {"0", "2", "4", "130"} == told


def _errors(kind: type[VeilleError]) -> Iterator[type[VeilleError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _errors(below)


def test_variables_read_by_the_program_are_in_the_operations_guide() -> None:
    code = "\n".join(read(path) for path in (ROOT / "veille").glob("*.py"))
    guide = read(ROOT / "docs" / "guides" / "exploitation.md")
    for name in set(re.findall(r'"(VEILLE_[A-Z_]+)"', code)):
        assert f"`{name}`" in guide, name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_internal_links_lead_somewhere(path: Path) -> None:
    for link in links(path):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = unquote(link).partition("#")
        file = (path.parent / target).resolve() if target else path
        assert file.exists(), f"{path.name} → {link}"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file), f"{path.name} → {link}"


def test_files_named_by_the_architecture_exist() -> None:
    for path in [ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md", *ADRS]:
        for name in re.findall(r"`([a-z]+/[\w/]+\.(?:py|html|toml|md))`", read(path)):
            assert (ROOT / name).exists(), f"{path.name}: {name}"


def test_the_architecture_has_a_paragraph_for_every_room() -> None:
    text = read(ROOT / "docs" / "architecture.md")
    packages = tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["mypy"]["packages"]
    for room in packages:
        assert f"| `{room}` |" in text, room
    assert len(text.splitlines()) < 150


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_has_its_four_parts(path: Path) -> None:
    text = read(path)
    assert re.match(rf"# {path.name[:4]}\. \S", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Status", "Consequences"]
    assert len(text.splitlines()) < 60


def test_decisions_are_numbered_without_gap() -> None:
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


def test_decisions_named_in_the_code_exist() -> None:
    rooms = get_rooms()
    for path in (file for room in rooms for file in (ROOT / room).rglob("*.py")):
        for number in re.findall(r"docs/adr/(\d{4})", read(path)):
            assert any(adr.name.startswith(number) for adr in ADRS), f"{path}: {number}"


def get_rooms() -> list[str]:
    packages: list[str] = tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["mypy"]["packages"]
    return packages


def test_documents_name_no_folder_of_one_machine() -> None:
    for path in [*PAGES, CONFIG]:
        assert not re.search(r"(?<![\w.])/(?:work|home|root|tmp|Users)/", read(path)), path.name
