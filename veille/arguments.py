"""What every command line shares: its usual options, and the order in which it may be written."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

ConfigPath = Annotated[Path, typer.Option("--config", metavar="FICHIER", help="La configuration.")]
AsJson = Annotated[bool, typer.Option("--json", help="Un objet JSON sur la sortie standard.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Dire ce qui serait fait, sans rien écrire ni envoyer.")]
CONFIG = Path("config.toml")
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""The library's usage errors; it does not export their base."""


class Format(StrEnum):
    """Of a text to paste."""

    markdown = "markdown"
    wiki = "wiki"


def article_number(written: str) -> int | None:
    """The number of an article as typed; None for what must be its address."""
    return int(written) if re.fullmatch(r"[1-9][0-9]{0,17}", written) else None


def typed_day(written: str) -> datetime:
    """A day, a month or a year as typed; the first day of what is left out. Raises a usage error, in French."""
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(written, form)
        except ValueError:
            continue
    raise typer.BadParameter(f"« {written} » n'est pas une date : écrivez 2026-01-31, 2026-01 ou 2026")


Since = Annotated[
    datetime | None,
    typer.Option(parser=typed_day, metavar="DATE", help="Seulement les articles de ce jour ou d'après (2026-01-31)."),
]


def ordered(arguments: list[str]) -> list[str]:
    """The arguments as the library wants them."""
    return _query_last(_config_last(arguments))


def _config_last(arguments: list[str]) -> list[str]:
    """`veille --config FILE command` is the same as `veille command --config FILE`."""
    if len(arguments) > 2 and arguments[0] == "--config":
        return [*arguments[2:], "--config", arguments[1]]
    if len(arguments) > 1 and arguments[0].startswith("--config="):
        return [*arguments[1:], arguments[0]]
    return arguments


def _query_last(arguments: list[str]) -> list[str]:
    """`veille search -impact`: after one dash comes a word to exclude, not an option."""
    if arguments[:1] != ["search"] or "--" in arguments:
        return arguments
    words = [each for each in arguments if each.startswith("-") and not each.startswith("--") and each != "-h"]
    return [*(each for each in arguments if each not in words), "--", *words] if words else arguments
