"""The commands of `veille source`, each a few lines over a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath, DryRun, UsageError
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
    what: Annotated[
        str, typer.Argument(metavar="[SLUG|URL]", help="Une source de la configuration, ou une adresse.")
    ] = "",
    config: ConfigPath = CONFIG,
    every: Annotated[bool, typer.Option("--all", help="Toutes les sources, rangées par cause de panne.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Avec --all : écrire dans la configuration ce qui est proposé.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Essayer une source sans rien enregistrer : ses dix derniers articles, avec dates, longueurs et étiquettes."""
    if bool(what) == every or (write and not every):
        raise UsageError("Donnez une source ou une adresse, ou bien --all (seul, ou avec --write).")
    if every:
        from veille.first_day import try_all

        raise typer.Exit(try_all(config, write, as_json))
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


@sources.command("enable", cls=french.FrenchCommand)
def enable_source(
    slug: Annotated[str, typer.Argument(metavar="SLUG")], config: ConfigPath = CONFIG, dry_run: DryRun = False
) -> None:
    """Activer une source : elle sera lue à la passe suivante."""
    from veille.switching import switch

    switch(config, slug, True, "", dry_run)


@sources.command("disable", cls=french.FrenchCommand)
def disable_source(
    slug: Annotated[str, typer.Argument(metavar="SLUG")],
    config: ConfigPath = CONFIG,
    reason: Annotated[str, typer.Option(metavar="RAISON", help="Pourquoi, montré aux lecteurs.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Désactiver une source : elle n'est plus lue, et reste dans l'archive."""
    from veille.switching import switch

    switch(config, slug, False, reason, dry_run)


@sources.command("import", cls=french.FrenchCommand)
def import_sources(
    file: Annotated[Path, typer.Argument(metavar="FICHIER.opml", help="Une liste de flux d'un autre lecteur.")],
    config: ConfigPath = CONFIG,
    category: Annotated[
        str, typer.Option(metavar="SORTE", help="Celle des flux dont le groupe n'en nomme aucune.")
    ] = "",
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Ajouter les flux d'une liste OPML, désactivés en attendant d'être essayés."""
    from veille.exchanging import import_list

    import_list(config, file, category, dry_run=dry_run, as_json=as_json)


@sources.command("export", cls=french.FrenchCommand)
def export_sources(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FICHIER]", help="Où écrire ; la sortie standard par défaut.")
    ] = None,
    config: ConfigPath = CONFIG,
) -> None:
    """Donner les flux suivis à un autre lecteur, en OPML."""
    from veille.exchanging import export_list

    export_list(config, file)
