"""The commands that print what the watch found, for people to paste or to bring to a meeting."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath, Format, typed_day


def register(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    app.command(cls=french.FrenchCommand)(brief)


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
