"""The command `veille source health`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def health(
    config: Annotated[Path, typer.Option("--config", metavar="FICHIER", help="La configuration.")] = Path(
        "config.toml"
    ),
    everything: Annotated[bool, typer.Option("--all", help="Aussi les sources qui vont bien.")] = False,
    mail: Annotated[bool, typer.Option("--mail", help="Envoyer le mail des mainteneurs.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Seulement si c'est son heure (pour le minuteur).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Un objet JSON sur la sortie standard.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Montrer le mail, sans rien envoyer ni écrire.")] = False,
) -> None:
    """Comment vont les sources, les pires d'abord : depuis quand, pourquoi, que faire."""
    from veille.source_health import show

    raise typer.Exit(show(config, as_json=as_json, everything=everything, mail=mail or due, due=due, dry_run=dry_run))
