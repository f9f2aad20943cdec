"""The command-line library in French: its help through gettext, its usage errors one by one."""

from __future__ import annotations

import gettext
import os
import re
from pathlib import Path
from typing import Any

from typer.core import TyperCommand, TyperGroup

LOCALE = Path(__file__).parent / "locale"
_HELP = {
    "help": "Cette aide.",
    "install_completion": "Installer la complétion pour ce terminal.",
    "show_completion": "Montrer la complétion pour ce terminal.",
}
_SENTENCES = (
    (r"Input should be a valid integer.*", "un nombre entier est attendu"),
    (r"Input should be a valid number.*", "un nombre est attendu"),
    (r"Input should be greater than or equal to (.+)", r"au moins \1"),
    (r"Input should be less than or equal to (.+)", r"au plus \1"),
    (r"(.*) Did you mean (.*)\?", r"\1 Vouliez-vous dire \2 ?"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", r"Argument en trop : \1."),
)


def install() -> None:
    """Choose French for what the library says; before it draws anything."""
    os.environ["LANGUAGE"] = "fr"
    gettext.bindtextdomain("messages", str(LOCALE))


def _french_help(params: list[Any]) -> list[Any]:
    for param in params:
        param.help = _HELP.get(param.name or "", getattr(param, "help", None))
    return params


class FrenchCommand(TyperCommand):
    def get_params(self, ctx: Any) -> list[Any]:
        return _french_help(super().get_params(ctx))


class FrenchGroup(TyperGroup):
    command_class = FrenchCommand

    def get_params(self, ctx: Any) -> list[Any]:
        return _french_help(super().get_params(ctx))


def usage_error(error: Any) -> str:
    """One French sentence for a usage error of the library, with the way to the help."""
    kind = type(error).__name__
    if kind == "NoSuchOption":
        sentence = f"L'option {error.option_name} n'existe pas."
    elif kind == "MissingParameter":
        sentence = f"Il manque {error.param.get_error_hint() if error.param else 'un argument'}."
    elif kind == "BadOptionUsage":
        sentence = f"L'option {error.option_name} demande une valeur, ou n'en veut pas."
    elif kind == "BadParameter":
        sentence = f"{error.param.get_error_hint() if error.param else 'Une valeur'} : {_sentence(error.message)}."
    else:
        sentence = _sentence(error.message)
    path = error.ctx.command_path if error.ctx else "veille"
    return f"{sentence} Voir : {path} --help"


def _sentence(message: str) -> str:
    for pattern, french in _SENTENCES:
        if re.fullmatch(pattern, message):
            return re.sub(pattern, french, message)
    return message
