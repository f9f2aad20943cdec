"""The commands that go back over the past: ask a source for its history, read the archive again, purge."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath, DryRun, Since, typed_day


def register(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    for command in (backfill, reprocess, purge):
        app.command(cls=french.FrenchCommand)(command)


def backfill(
    source: Annotated[str, typer.Argument(metavar="SLUG", help="La source.")],
    since: Annotated[
        datetime, typer.Option(parser=typed_day, metavar="DATE", help="Jusqu'où remonter (2019-01-31, 2019).")
    ],
    config: ConfigPath = CONFIG,
    most: Annotated[
        int, typer.Option("--max", min=1, max=100_000, metavar="N", help="Nouveaux articles demandés au plus.")
    ] = 2_000,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Demander à une source son historique : cherchable dans l'archive, jamais envoyé. Arrêtée, elle reprend."""
    from veille.backfilling import backfill as walk

    raise typer.Exit(walk(config, source, since, most, dry_run=dry_run, as_json=as_json))


def reprocess(
    source: Annotated[str, typer.Argument(metavar="SLUG", help="Une seule source ; toutes par défaut.")] = "",
    config: ConfigPath = CONFIG,
    since: Since = None,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Relire l'archive dans les pages enregistrées, quand l'extraction ou les règles sont meilleures."""
    from veille.reprocessing import reprocess as replay

    raise typer.Exit(replay(config, source, since, dry_run=dry_run, as_json=as_json))


def purge(
    config: ConfigPath = CONFIG,
    quiet: Annotated[bool, typer.Option(help="Ne rien dire quand il n'y a rien à effacer.")] = False,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Effacer les textes et les pages dont la durée est passée (keep_days) ; fiches et recherche restent."""
    from veille.purging import purge as take_away

    raise typer.Exit(take_away(config, quiet=quiet, dry_run=dry_run, as_json=as_json))
