"""The commands by which people correct the rules: judge an article, export what was judged, compare and apply rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veille import french
from veille.arguments import CONFIG, AsJson, ConfigPath, DryRun, Since, UsageError

if TYPE_CHECKING:
    from core.corrections import Opinion

corrections = typer.Typer(cls=french.FrenchGroup, help="Ce que des personnes ont dit d'articles.", no_args_is_help=True)
rules = typer.Typer(cls=french.FrenchGroup, help="Les règles qui donnent les étiquettes.", no_args_is_help=True)

OneSource = Annotated[str, typer.Option("--source", metavar="SLUG", help="Une seule source ; toutes par défaut.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program's."""
    app.command(cls=french.FrenchCommand)(correct)
    app.command(cls=french.FrenchCommand)(retag)
    app.add_typer(corrections, name="corrections")
    app.add_typer(rules, name="rules")


def correct(  # noqa: PLR0913  a command has the options that people need
    article: Annotated[str, typer.Argument(metavar="URL|NUMÉRO", help="Un article de l'archive.")],
    by: Annotated[str, typer.Option("--by", metavar="NOM", help="Votre nom, court ; jamais montré aux visiteurs.")],
    config: ConfigPath = CONFIG,
    pertinent: Annotated[bool, typer.Option("--pertinent", help="Il parle du sujet.")] = False,
    off_topic: Annotated[bool, typer.Option("--hors-sujet", help="Il n'en parle pas.")] = False,
    doubt: Annotated[bool, typer.Option("--doute", help="À discuter : deux personnes devront s'accorder.")] = False,
    label: Annotated[
        list[str] | None,
        typer.Option("--label", metavar="ÉTIQUETTE", help="Avec --pertinent : ses étiquettes, toutes (cis, iis…)."),
    ] = None,
    central: Annotated[bool, typer.Option("--central", help="C'est son sujet principal.")] = False,
    passing: Annotated[bool, typer.Option("--passing", help="C'est une simple mention.")] = False,
    reason: Annotated[str, typer.Option(metavar="TEXTE", help="Pourquoi, en quelques mots.")] = "",
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Dire d'un article qu'il est pertinent ou hors sujet, ou en douter : votre avis l'emporte sur les règles."""
    from core.saying import Saying
    from veille.correcting import correct as say

    opinion = _opinion(pertinent, off_topic, doubt)
    if opinion != "pertinent" and (label or central or passing):
        raise UsageError("--label, --central et --passing ne vont qu'avec --pertinent.")
    if central and passing:
        raise UsageError("Choisissez : --central ou --passing.")
    weight = True if central else False if passing else None
    saying = Saying(opinion, by, tuple(dict.fromkeys(label or ())), weight, reason)
    raise typer.Exit(say(config, article, saying, dry_run=dry_run, as_json=as_json))


def _opinion(pertinent: bool, off_topic: bool, doubt: bool) -> Opinion:
    """The one that was chosen; raises a usage error unless there is exactly one."""
    if pertinent + off_topic + doubt != 1:
        raise UsageError("Donnez un avis, et un seul : --pertinent, --hors-sujet ou --doute.")
    return "pertinent" if pertinent else "hors-sujet" if off_topic else "doute"


@corrections.command("list", cls=french.FrenchCommand)
def list_corrections(
    config: ConfigPath = CONFIG,
    doubts: Annotated[bool, typer.Option("--doubts", help="Seulement ce qui est en discussion.")] = False,
    as_json: AsJson = False,
) -> None:
    """Les articles jugés, les derniers d'abord : qui a dit quoi, et ce qu'il en est."""
    from veille.judgements import show

    show(config, doubts, as_json)


@corrections.command("export", cls=french.FrenchCommand)
def export_corrections(
    file: Annotated[Path, typer.Argument(metavar="FICHIER.jsonl", help="Où écrire, hors du dossier du programme.")],
    config: ConfigPath = CONFIG,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Écrire les articles jugés comme textes étiquetés, pour « veille evaluate » ; ceux en discussion n'en sont pas."""
    from veille.judgements import export

    raise typer.Exit(export(config, file, dry_run=dry_run, as_json=as_json))


@rules.command("diff", cls=french.FrenchCommand)
def rules_diff(
    config: ConfigPath = CONFIG,
    lexicon: Annotated[
        Path | None,
        typer.Option(
            metavar="LEXIQUE", help="Un lexicon.toml à essayer, ou son dossier ; celui du programme par défaut."
        ),
    ] = None,
    source: OneSource = "",
    since: Since = None,
    as_json: AsJson = False,
) -> None:
    """Ce que d'autres règles feraient gagner et perdre dans l'archive, article par article, sans rien y changer."""
    from veille.retagging import diff

    raise typer.Exit(diff(config, lexicon, source, since, as_json=as_json))


def retag(
    config: ConfigPath = CONFIG,
    source: OneSource = "",
    since: Since = None,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Juger à nouveau les textes de l'archive par les règles d'aujourd'hui ; le passé n'entre dans aucune édition."""
    from veille.retagging import retag as judge_again

    raise typer.Exit(judge_again(config, source, since, dry_run=dry_run, as_json=as_json))
