"""The commands on what became of the mails: those that were due, those that came back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath, DryRun


def register(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    for command in (bounces, deliveries):
        app.command(cls=french.FrenchCommand)(command)


def bounces(
    what: Annotated[str, typer.Argument(metavar="[-]", help="« - » : un mail sur l'entrée standard.")] = "",
    config: ConfigPath = CONFIG,
    maildir: Annotated[
        Path | None, typer.Option(metavar="DOSSIER", help="Le Maildir des retours ; par défaut, celui de mail.")
    ] = None,
    quiet: Annotated[bool, typer.Option(help="Ne rien dire (pour le minuteur).")] = False,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Lire les mails revenus et suspendre les adresses mortes ; sans retours à lire, dire qui est suspendu."""
    from veille.returning import command

    raise typer.Exit(command(config, what, maildir, dry_run=dry_run, quiet=quiet, as_json=as_json))


def deliveries(
    config: ConfigPath = CONFIG,
    count: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="Nombre d'éditions.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Ce qui était dû et ce qui a été accepté, édition par édition ; aucune adresse."""
    from veille.accounting import show

    raise typer.Exit(show(config, count, as_json))
