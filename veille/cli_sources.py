"""The commands of `veille source`, each a few lines over a file of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath, DryRun
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


@sources.command("add", cls=french.FrenchCommand)
def add_source(
    address: Annotated[str, typer.Argument(metavar="URL", help="L'accueil d'un site, une de ses pages, ou un flux.")],
    config: ConfigPath = CONFIG,
    name: Annotated[str, typer.Option(metavar="NOM", help="Le nom montré aux lecteurs ; sinon celui du site.")] = "",
    category: Annotated[str, typer.Option(metavar="SORTE", help="ministere, agence, presse… ; demandée sinon.")] = "",
    slug: Annotated[str, typer.Option(metavar="SLUG", help="Le nom court ; tiré de l'adresse par défaut.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Écrire sans demander.")] = False,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Trouver le flux, le plan ou la liste d'un site, l'essayer, et l'ajouter à la configuration."""
    from veille.adding import Wishes, add

    wishes = Wishes(name, category, slug)
    raise typer.Exit(add(config, address, wishes, yes=yes, dry_run=dry_run, as_json=as_json))
