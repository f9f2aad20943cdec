"""The commands of `veille source`, each a few lines over a file of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath
from veille.cli_health import health

sources = typer.Typer(cls=french.FrenchGroup, help="Les sources suivies.", no_args_is_help=True)


@sources.command("list", cls=french.FrenchCommand)
def list_sources(config: ConfigPath = CONFIG, as_json: AsJson = False) -> None:
    """Chaque source, sa dernière lecture et sa dernière erreur."""
    from veille.listing import say_sources
    from veille.wiring import House

    with House(config) as house:
        say_sources(house, as_json)


sources.command("health", cls=french.FrenchCommand)(health)


@sources.command("try", cls=french.FrenchCommand)
def try_source(
    what: Annotated[str, typer.Argument(metavar="SLUG|URL", help="Une source de la configuration, ou une adresse.")],
    config: ConfigPath = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Essayer une source sans rien enregistrer : ses dix derniers articles, avec dates, longueurs et étiquettes."""
    from veille.trying import try_one

    raise typer.Exit(try_one(config, what, as_json))
