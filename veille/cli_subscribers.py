"""The commands of those who receive the edition."""

from __future__ import annotations

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
    dry_run: DryRun = False,
) -> None:
    """Inscrire une personne, ou une liste de diffusion avec --list."""
    from veille import people
    from veille.wiring import House

    with House(config) as house:
        people.add(house, address, is_list=is_list, way_out=unsubscribe, sender=sender, again=again, dry_run=dry_run)


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
