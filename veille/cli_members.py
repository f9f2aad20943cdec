"""The commands about members, what they propose, their alerts, what was changed, and what is taken down on request."""

from __future__ import annotations

from typing import Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath, DryRun

Address = Annotated[str, typer.Argument(metavar="ADRESSE", help="Son adresse électronique.")]
_ROLES = "reader, member, editor ou maintainer."
members = typer.Typer(
    cls=french.FrenchGroup, help="Les membres du groupe, qui se connectent à l'archive.", no_args_is_help=True
)
proposals = typer.Typer(cls=french.FrenchGroup, help="Les adresses que les membres proposent.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    app.add_typer(members, name="member")
    app.add_typer(proposals, name="proposals")
    for command in (audit, forget, alerts):
        app.command(cls=french.FrenchCommand)(command)


@members.command("add", cls=french.FrenchCommand)
def add_member(
    address: Address,
    name: Annotated[str, typer.Option("--name", metavar="NOM", help="Le nom montré aux autres membres.")],
    config: ConfigPath = CONFIG,
    role: Annotated[str, typer.Option("--role", metavar="RÔLE", help=_ROLES)] = "member",
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Ajouter un membre ; il se connecte ensuite par un lien envoyé à son adresse."""
    from veille import membership
    from veille.wiring import House

    with House(config) as house:
        membership.add(house, address, name, role, as_json=as_json, dry_run=dry_run)


@members.command("list", cls=french.FrenchCommand)
def list_members(config: ConfigPath = CONFIG, as_json: AsJson = False) -> None:
    """Les membres."""
    from veille import membership
    from veille.wiring import House

    with House(config) as house:
        membership.show(house, as_json)


@members.command("role", cls=french.FrenchCommand)
def set_role(
    address: Address,
    role: Annotated[str, typer.Argument(metavar="RÔLE", help=_ROLES)],
    config: ConfigPath = CONFIG,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Changer le rôle d'un membre, aussitôt."""
    from veille import membership
    from veille.wiring import House

    with House(config) as house:
        membership.change(house, address, role, as_json=as_json, dry_run=dry_run)


@members.command("remove", cls=french.FrenchCommand)
def remove_member(
    address: Address, config: ConfigPath = CONFIG, as_json: AsJson = False, dry_run: DryRun = False
) -> None:
    """Retirer un membre : ses appareils sont déconnectés, son nom et son adresse effacés."""
    from veille import membership
    from veille.wiring import House

    with House(config) as house:
        membership.remove(house, address, as_json=as_json, dry_run=dry_run)


@proposals.command("list", cls=french.FrenchCommand)
def list_proposals(config: ConfigPath = CONFIG, as_json: AsJson = False) -> None:
    """Celles qui attendent, les plus anciennes d'abord."""
    from veille import proposing
    from veille.wiring import House

    with House(config) as house:
        proposing.show(house, as_json)


@proposals.command("take", cls=french.FrenchCommand)
def take_proposals(
    config: ConfigPath = CONFIG,
    quiet: Annotated[bool, typer.Option(help="Ne rien dire (pour le minuteur).")] = False,
    as_json: AsJson = False,
) -> None:
    """Lire celles qui attendent, comme le ferait veille add ; le minuteur le fait à chaque passage."""
    from veille import proposing
    from veille.wiring import House

    with House(config) as house:
        proposing.take(house, quiet=quiet, as_json=as_json)


def audit(
    config: ConfigPath = CONFIG,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Nombre de lignes.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Qui a changé quoi et quand, le plus récent d'abord ; les membres y sont des numéros."""
    from veille import membership
    from veille.wiring import House

    with House(config) as house:
        membership.show_audit(house, limit, as_json)


def alerts(
    config: ConfigPath = CONFIG,
    send: Annotated[bool, typer.Option(help="Les envoyer, et finir les envois commencés.")] = False,
    resend: Annotated[
        bool, typer.Option(help="Envoyer, et renvoyer les mails incertains (un double est possible).")
    ] = False,
    quiet: Annotated[bool, typer.Option(help="Ne rien dire quand il n'y a rien (pour le minuteur).")] = False,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Les alertes des membres qui sont dues : les montrer, ou les envoyer."""
    from veille import alerting

    raise typer.Exit(alerting.run(config, send=send, resend=resend, dry_run=dry_run, quiet=quiet, as_json=as_json))


def forget(
    what: Annotated[str, typer.Argument(metavar="URL|NUMÉRO", help="L'article à retirer.")] = "",
    config: ConfigPath = CONFIG,
    reason: Annotated[
        str, typer.Option("--reason", metavar="MOTIF", help="Pourquoi, sans nommer personne ; pour vous seuls.")
    ] = "",
    address: Annotated[
        str, typer.Option("--address", metavar="ADRESSE", help="Effacer une personne : abonnée, membre, ou les deux.")
    ] = "",
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Retirer un article pour de bon, ou effacer une personne."""
    from veille import forgetting
    from veille.wiring import House

    if bool(what) == bool(address):
        raise typer.BadParameter("indiquez un article, ou une personne avec --address", param_hint="URL|NUMÉRO")
    if what and not reason.strip():
        raise typer.BadParameter("dites pourquoi l'article est retiré", param_hint="--reason")
    with House(config) as house:
        if address:
            forgetting.forget_person(house, address, as_json=as_json, dry_run=dry_run)
        else:
            forgetting.forget_article(house, what, reason.strip(), as_json=as_json, dry_run=dry_run)
