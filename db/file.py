"""The SQLite file, whoever opens it: where it is, how long to wait for it, what is said of its faults."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from core.errors import ConfigError, StoreError

BUSY_SECONDS = 30
CACHE_KIB = 32_768

_URL = re.compile(r"(?P<backend>\w+)(?:\+\w+)?://(?P<rest>.*)", re.DOTALL)
_MESSAGES = {
    "SQLITE_NOTADB": "ce n'est pas une base de veille, ou elle est abîmée ; remettez une sauvegarde (voir le guide).",
    "SQLITE_CORRUPT": "elle est abîmée ; remettez une sauvegarde (guide d'exploitation).",
    "SQLITE_READONLY": "elle est en lecture seule ; vérifiez les droits du fichier et de son dossier.",
    "SQLITE_CANTOPEN": "elle ne peut pas être ouverte ; vérifiez que son dossier existe et que vous pouvez y écrire.",
    "SQLITE_PERM": "vous n'avez pas le droit de la lire ; vérifiez les droits du fichier.",
    "SQLITE_FULL": "le disque est plein ; rien n'est perdu de ce qui était déjà enregistré.",
    "SQLITE_IOERR": "le disque ne répond pas bien (erreur d'entrée-sortie).",
    "SQLITE_BUSY": f"un autre programme l'occupe depuis plus de {BUSY_SECONDS} secondes.",
    "SQLITE_LOCKED": f"un autre programme l'occupe depuis plus de {BUSY_SECONDS} secondes.",
}


def database_path(url: str) -> Path:
    """The file that `sqlite:///path` names; raises ConfigError, in French, on any other URL, which is never repeated.

    The form is SQLAlchemy's, percent-encoding and options after a question mark included: options are left aside.
    """
    match = _URL.fullmatch(url)
    if match is None:
        # The URL itself may hold a password.
        raise ConfigError("L'adresse de la base n'est pas comprise : exemple, database = \"sqlite:///var/veille.db\".")
    slash, name = match["rest"][:1], unquote(match["rest"][1:].partition("?")[0])
    if match["backend"] != "sqlite" or slash != "/" or name in ("", ":memory:"):
        raise ConfigError(
            'La base est un fichier SQLite (database = "sqlite:///var/veille.db" dans config.toml) ou une base '
            "PostgreSQL (postgresql://…)."
        )
    return Path(name)


def french_error(error: BaseException | None, path: Path) -> StoreError | None:
    """The sentence for a file that cannot be used; None for an error that is not about the file."""
    name = getattr(error, "sqlite_errorname", "")
    for code, message in _MESSAGES.items():
        if name.startswith(code):
            return StoreError(f"Base {path} : {message}")
    return None
