"""Changes config.toml as a careful person would: what is not asked to change keeps every byte, comments included.

tomlkit writes the tables; each is put in its own place in the text, because a whole document written again by tomlkit
moves tables that stand between two `[[source]]`.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from veille import config as configuration
from veille.config_lines import key_lines

Table = Mapping[str, Any]
Changes = Mapping[str, str | bool | None]
"""Key → value; None takes the key away."""
_HEADER_RE = re.compile(r"^\s*\[")
_IDLE_RE = re.compile(r"^\s*(?:#.*)?$")


def read(path: Path) -> str:
    """The text of a configuration that is valid, its line ends as they are; raises ConfigError otherwise."""
    configuration.load(path)
    return path.read_bytes().decode("utf-8")


def block(table: Table, comment: str = "") -> str:
    """One `[[source]]` block; values that are tables become `[source.…]`, last."""
    import tomlkit

    written = tomlkit.table()
    for key, value in sorted(table.items(), key=lambda pair: isinstance(pair[1], Mapping)):
        written[key] = {name: _legible(each) for name, each in value.items()} if isinstance(value, Mapping) else value
    sources = tomlkit.aot()
    sources.append(written)
    document = tomlkit.document()
    document["source"] = sources
    text = tomlkit.dumps(document).replace("\n\n[source.", "\n[source.")
    return f"# {comment}\n{text}" if comment else text


def _legible(value: Any) -> Any:
    """A selector such as `a[rel="next"]` between single quotes, as one would write it."""
    from tomlkit import string

    return string(value, literal=True) if isinstance(value, str) and '"' in value and "'" not in value else value


def with_blocks(text: str, blocks: Sequence[str]) -> str:
    """A configuration with blocks added at its end."""
    ending = "\r\n" if "\r\n" in text else "\n"
    text += "" if text.endswith("\n") else ending
    text += "" if text.endswith(ending * 2) else ending
    return text + "\n".join(blocks).replace("\n", ending)


def with_changes(text: str, slug: str, changes: Changes) -> str:
    """A configuration where some keys of one source have other values; raises ConfigError when it cannot be done."""
    tables = tomllib.loads(text).get("source", [])
    place = next((number for number, table in enumerate(tables) if table.get("slug") == slug), None)
    if place is None:
        raise ConfigError(f"Aucune source ne s'appelle « {slug} » (voir : veille source list).")
    lines = text.splitlines(keepends=True)
    start, end = _span(text, lines, place)
    changed = "".join([*lines[:start], _edited("".join(lines[start:end]), changes), *lines[end:]])
    wanted = tomllib.loads(text)
    _apply(wanted["source"][place], changes)
    if _loaded(changed) != wanted:
        raise ConfigError(
            f"Le bloc de « {slug} » n'a pas une forme que le programme sait changer : faites-le à la main."
        )
    return changed


def _edited(written: str, changes: Changes) -> str:
    """The own keys of one source, changed; as they were when they are not written in the usual form."""
    import tomlkit

    document: Any = tomlkit.parse(written)
    if "source" not in document:
        return written
    _apply(document["source"][0], changes)
    edited = tomlkit.dumps(document)
    return re.sub(r"(?<!\r)\n", "\r\n", edited) if "\r\n" in written else edited


def _span(text: str, lines: list[str], place: int) -> tuple[int, int]:
    """From the header of a source to the end of its own keys: not the comments that announce what follows."""
    start = key_lines(text).get(("source", place), 0) - 1
    if start < 0:
        return 0, 0
    end = next((n for n in range(start + 1, len(lines)) if _HEADER_RE.match(lines[n])), len(lines))
    while end > start + 1 and _IDLE_RE.match(lines[end - 1].rstrip("\r\n")):
        end -= 1
    return start, end


def _apply(table: Any, changes: Changes) -> None:
    for key, value in changes.items():
        if value is not None:
            table[key] = value
        elif key in table:
            del table[key]


def _loaded(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def check(path: Path, text: str) -> None:
    """Raises ConfigError, with the line and the key, when a text could not be the configuration of this folder."""
    configuration.check(text, path.name)


def replace(path: Path, old: str, new: str) -> None:
    """Put a text in the place of a configuration, whole or not at all, once it is known to be valid.

    Raises ConfigError when the new text is not valid, when the file changed since it was read, or cannot be written.
    """
    check(path, new)
    target = path.resolve()
    if target.read_bytes().decode("utf-8") != old:
        raise ConfigError(f"{path.name} a changé pendant ce temps : rien n'est écrit, recommencez.")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(new.encode("utf-8"))
                file.flush()
                os.fchmod(file.fileno(), target.stat().st_mode & 0o7777)
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"{path.name} ne peut pas être écrit : {error.strerror}.") from error
