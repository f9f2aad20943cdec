"""The commands of those who receive the edition."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath, DryRun

subscribers = typer.Typer(
    cls=french.FrenchGroup, help="Les personnes et les listes qui reçoivent l'édition.", no_args_is_help=True
)


@subscribers.command("add", cls=french.FrenchCommand)
def add_subscriber(
    address: Annotated[str, typer.Argument(metavar="ADRESSE")],
    config: ConfigPath = CONFIG,
    is_list: Annotated[bool, typer.Option("--list", help="C'est l'adresse d'une liste de diffusion.")] = False,
    unsubscribe: Annotated[
        str, typer.Option(metavar="ADRESSE", help="Liste : son adresse ou sa page de désinscription.")
    ] = "",
    sender: Annotated[
        str, typer.Option("--from", metavar="ADRESSE", help="Liste : l'expéditeur autorisé à y écrire.")
    ] = "",
    again: Annotated[bool, typer.Option("--again", help="La personne s'était désinscrite, et redemande.")] = False,
    proof: Annotated[
        str, typer.Option("--proof", metavar="TEXTE", help="Personne : d'où vient son accord (« mail du 3 mars »).")
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Inscrire une personne, ou une liste de diffusion avec --list."""
    from veille import people
    from veille.wiring import House

    with House(config) as house:
        people.add(house, people.Asked(address, is_list, unsubscribe, sender, again, proof), dry_run)


@subscribers.command("list", cls=french.FrenchCommand)
def list_subscribers(config: ConfigPath = CONFIG, as_json: AsJson = False) -> None:
    """Les inscrits."""
    from veille import people
    from veille.wiring import House

    with House(config) as house:
        people.show(house, as_json)


@subscribers.command("remove", cls=french.FrenchCommand)
def remove_subscriber(
    address: Annotated[str, typer.Argument(metavar="ADRESSE")], config: ConfigPath = CONFIG, dry_run: DryRun = False
) -> None:
    """Retirer une adresse."""
    from veille import people
    from veille.wiring import House

    with House(config) as house:
        people.remove(house, address, dry_run)


@subscribers.command("import", cls=french.FrenchCommand)
def import_subscribers(
    path: Annotated[Path, typer.Argument(metavar="FICHIER", help="CSV : adresse;preuve, et depuis si on le sait.")],
    config: ConfigPath = CONFIG,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Inscrire des personnes qui ont donné leur accord, preuve à l'appui ; jamais qui est parti."""
    from veille import importing
    from veille.wiring import House

    with House(config) as house:
        raise typer.Exit(importing.bring(house, path, as_json=as_json, dry_run=dry_run))


@subscribers.command("export", cls=french.FrenchCommand)
def export_subscribers(
    address: Annotated[
        str, typer.Argument(metavar="[ADRESSE]", help="Tout ce qui est gardé d'une personne, en JSON.")
    ] = "",
    config: ConfigPath = CONFIG,
) -> None:
    """Écrire les inscrits en CSV, ou tout ce qui est gardé d'une seule adresse."""
    from veille import importing, people
    from veille.wiring import House

    with House(config) as house:
        if address:
            people.show_one(house, address)
        else:
            sys.stdout.write(importing.take(house))


@subscribers.command("leave", cls=french.FrenchCommand)
def leave(config: ConfigPath = CONFIG, as_json: AsJson = False, dry_run: DryRun = False) -> None:
    """Lire un mail sur l'entrée standard ; s'il demande de partir, comme le lien d'en-tête, c'est fait."""
    from veille import people
    from veille.wiring import House

    with House(config) as house:
        people.leave_by_mail(house, sys.stdin.buffer.read(), as_json=as_json, dry_run=dry_run)
