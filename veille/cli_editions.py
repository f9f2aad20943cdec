"""The commands for those who prepare an edition or a meeting."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath, DryRun, Format, typed_day


def register(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    for command in (brief, draft):
        app.command(cls=french.FrenchCommand)(command)


def brief(
    since: Annotated[
        datetime, typer.Option(parser=typed_day, metavar="DATE", help="Le jour de la dernière réunion (2026-01-31).")
    ],
    config: ConfigPath = CONFIG,
    form: Annotated[Format, typer.Option("--format", help="Pour un éditeur de texte, ou pour un wiki.")] = (
        Format.markdown
    ),
    as_json: AsJson = False,
) -> None:
    """La feuille d'une réunion : tout ce qui est arrivé depuis un jour, et les sources qui n'ont pas pu être lues."""
    from veille.pasting import brief as print_brief

    raise typer.Exit(print_brief(config, since, form, as_json=as_json))


def draft(
    introduction: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="Le texte à mettre au-dessus des articles ; - : l'entrée.")
    ] = None,
    pin: Annotated[list[int] | None, typer.Option(metavar="N", help="Mettre cet article à la une.")] = None,
    drop: Annotated[list[int] | None, typer.Option(metavar="N", help="Retirer cet article, pour de bon.")] = None,
    keep: Annotated[list[int] | None, typer.Option(metavar="N", help="Le rendre à sa place.")] = None,
    config: ConfigPath = CONFIG,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Préparer la prochaine édition, comme sur sa page de l'archive ; sans option, la montrer."""
    from veille.drafting import Asked
    from veille.drafting import draft as prepare

    asked: Asked = (
        ("epingler", pin or ()),
        ("retirer", drop or ()),
        ("remettre", keep or ()),
        ("desepingler", keep or ()),
    )
    raise typer.Exit(prepare(config, introduction, asked, dry_run=dry_run, as_json=as_json))
