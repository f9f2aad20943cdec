"""What is said of a mistake in config.toml: one French sentence, with the line and the key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from veille.config_lines import key_lines, locate

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def syntax(message: str, text: str, name: str) -> str:
    """One French sentence for a file that is no TOML, with its line."""
    at = re.search(r"at line (\d+), column (\d+)", message)
    line = int(at[1]) if at else len(text.splitlines())
    known = {
        "Cannot overwrite a value": "la clé est donnée deux fois",
        "Cannot declare": "la table est déclarée deux fois",
        "Unclosed": "un crochet ou une accolade n'est pas fermé",
        "Unterminated string": "un guillemet n'est pas fermé",
        "Illegal character": "un caractère interdit, souvent un guillemet non fermé",
        "Expected '='": "il manque un « = » après la clé",
        "Invalid value": "la valeur n'est pas valable (un texte se met entre guillemets)",
        "Expected newline": "il y a quelque chose en trop à la fin de la ligne",
        "Invalid statement": "la ligne n'est ni une table ni une clé",
        "Invalid initial character": "la ligne commence par un caractère interdit",
    }
    reason = next(
        (french for english, french in known.items() if english in message), "la syntaxe TOML n'est pas valable"
    )
    return f"{name}, ligne {line} : {reason}."


_MESSAGES = {
    "extra_forbidden": "la clé « {key} » est inconnue",
    "missing": "la clé « {key} » manque",
    "string_type": "« {key} » doit être un texte entre guillemets",
    "int_type": "« {key} » doit être un nombre entier",
    "int_parsing": "« {key} » doit être un nombre entier",
    "int_from_float": "« {key} » doit être un nombre entier",
    "float_type": "« {key} » doit être un nombre",
    "float_parsing": "« {key} » doit être un nombre",
    "bool_type": "« {key} » doit être true ou false",
    "bool_parsing": "« {key} » doit être true ou false",
    "list_type": "« {key} » doit être une liste, entre crochets",
    "model_type": "« {key} » doit être une table",
    "string_too_short": "« {key} » ne peut pas être vide",
    "string_too_long": "« {key} » est trop long",
    "too_short": "il faut au moins une table [[{key}]]",
    "literal_error": "« {key} » vaut {input} ; valeurs possibles : {expected}",
    "string_pattern_mismatch": "« {key} » vaut {input} ; minuscules sans accent, chiffres et tirets seulement",
    "greater_than_equal": "« {key} » vaut {input} ; au moins {ge}",
    "greater_than": "« {key} » vaut {input} ; plus de {gt}",
    "less_than_equal": "« {key} » vaut {input} ; au plus {le}",
    "less_than": "« {key} » vaut {input} ; moins de {lt}",
    "finite_number": "« {key} » vaut {input} ; nombre fini attendu",
    "value_error": "« {key} » vaut {input} : {error}",
}


def explain(error: ErrorDetails, text: str, name: str) -> str:
    """One French sentence for a value that the model refuses, with its line and its key."""
    path = [part for part in error["loc"] if not (isinstance(part, str) and "[" in part)]
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "?")
    context: dict[str, Any] = dict(error.get("ctx") or {})
    template = _MESSAGES.get(error["type"], "« {key} » n'est pas valable")
    shown = repr(error["input"])
    expected = str(context.pop("expected", "")).replace(" or ", ", ").replace("'", "")
    context.pop("input", None)
    reason = template.format(
        key=key, input=shown if len(shown) < 80 else shown[:77] + "…", expected=expected, **context
    )
    line = locate(key_lines(text), path)
    where = f"ligne {line}" if line else "fichier"
    return f"{name}, {where} : {reason}{_table(path)}."


def _table(path: list[str | int]) -> str:
    if len(path) > 1 and isinstance(path[0], str):
        number = f" n° {path[1] + 1}" if isinstance(path[1], int) else ""
        return f" (dans {'[[' if number else '['}{path[0]}{']]' if number else ']'}{number})"
    return ""
