"""Reads the TOML files of a topic's folder; what is wrong is a French sentence that names the file and the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import TopicError


def table(path: Path, kind: str) -> dict[str, Any]:
    """A whole file; `kind` names it in the TopicError that is raised when it is missing or no TOML."""
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise TopicError(f"{kind} illisible : {path} ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise TopicError(f"{kind} mal écrit : {path} n'est pas enregistré en UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = f"ligne {at[1]}" if at else "à la fin"
        reason = "guillemet, crochet ou signe « = » manquant, ou clé donnée deux fois"
        raise TopicError(f"{kind} mal écrit : {path}, {line} : {reason}") from error


def text(given: Mapping[str, Any], key: str, where: str) -> str:
    """A text that must be there and say something. Raises TopicError."""
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise TopicError(f"{where} : « {key} » manque ou n'est pas un texte entre guillemets")
    return value.strip()


def known(given: Mapping[str, Any], keys: set[str], where: str) -> None:
    """Raises TopicError on a key that is not among those that are known."""
    if unknown := set(given) - keys:
        raise TopicError(f"{where} : clé inconnue « {min(unknown)} » ; clés possibles : {', '.join(sorted(keys))}")
