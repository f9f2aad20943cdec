"""The commands.

Exit codes: 0 done, 1 failed, 2 usage, 3 configuration, 4 done in part, 75 already running, 130 interrupted.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from core.errors import VeilleError
from veille import cli_corrections, cli_editions, cli_history, cli_members, cli_sendings, console, french
from veille.arguments import CONFIG, AsJson, ConfigPath, DryRun, Format, UsageError, ordered
from veille.cli_sources import sources
from veille.cli_subscribers import subscribers

app = typer.Typer(
    name="veille",
    cls=french.FrenchGroup,
    help="La veille d'un groupe associatif : lire les sources, repérer, archiver, écrire aux abonnés.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(sources, name="source")
app.add_typer(subscribers, name="subscriber")
cli_history.register(app)
cli_editions.register(app)
cli_corrections.register(app)
cli_members.register(app)
cli_sendings.register(app)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="La version du programme.")] = False) -> None:
    if version:
        from importlib.metadata import version as installed

        console.say(f"veille {installed('veille')}")
        raise typer.Exit


@app.command(cls=french.FrenchCommand)
def run(
    config: ConfigPath = CONFIG,
    source: Annotated[str, typer.Option(metavar="SLUG", help="Une seule source.")] = "",
    recheck: Annotated[bool, typer.Option(help="Redemander tous les articles connus.")] = False,
    send: Annotated[bool, typer.Option(help="Envoyer ensuite l'édition de la semaine.")] = False,
    due: Annotated[bool, typer.Option(help="Seulement les sources dont le tour est venu.")] = False,
    quiet: Annotated[bool, typer.Option(help="Ne rien dire quand tout va bien.")] = False,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Lire les sources, repérer, archiver ; puis composer l'édition, envoyée avec --send seulement."""
    from veille.passing import one_pass

    raise typer.Exit(
        one_pass(config, source, recheck=recheck, send=send, due=due, quiet=quiet, as_json=as_json, dry_run=dry_run)
    )


@app.command(cls=french.FrenchCommand)
def digest(  # noqa: PLR0913  a command has the options that people need
    config: ConfigPath = CONFIG,
    week: Annotated[str, typer.Option(metavar="2026-W47", help="La semaine ; celle-ci par défaut.")] = "",
    month: Annotated[str, typer.Option(metavar="2026-11", help="L'édition du mois, à la place.")] = "",
    preview: Annotated[
        Path | None, typer.Option(metavar="DOSSIER", help="Y écrire le mail tel qu'il partirait.")
    ] = None,
    send: Annotated[bool, typer.Option(help="Figer l'édition et l'envoyer, ou finir l'envoi commencé.")] = False,
    resend: Annotated[
        bool, typer.Option(help="Envoyer, et renvoyer les mails incertains (un double est possible).")
    ] = False,
    form: Annotated[
        Format | None, typer.Option("--format", help="L'écrire pour un éditeur de texte ou un wiki.")
    ] = None,
    due: Annotated[bool, typer.Option(help="Seulement si l'édition est due (pour le minuteur).")] = False,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Composer, montrer, figer et envoyer une édition."""
    from veille.issuing import issue

    if week and month:
        raise typer.BadParameter("une semaine ou un mois, pas les deux", param_hint="--month")
    if form:
        from veille.pasting import paste

        raise typer.Exit(paste(config, (week, month), form))
    raise typer.Exit(
        issue(config, (week, month), preview, send=send, resend=resend, due=due, dry_run=dry_run, as_json=as_json)
    )


@app.command(cls=french.FrenchCommand)
def search(
    query: Annotated[
        str,
        typer.Argument(metavar="RECHERCHE", help='Mots, "forme exacte", -exclu, OR, tag:cis, source:…, after:2026-01.'),
    ],
    config: ConfigPath = CONFIG,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Nombre de résultats.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="Aussi les articles sans étiquette.")] = False,
    as_json: AsJson = False,
) -> None:
    """Chercher dans l'archive."""
    from veille import reading
    from veille.wiring import House

    with House(config) as house:
        result = reading.search(house, query, limit, everything)
        if as_json:
            console.say_json({"total": result.total, "results": [reading.hit_json(house, hit) for hit in result.hits]})
        else:
            reading.say_hits(house, result)


@app.command("add", cls=french.FrenchCommand)
def add_article(
    address: Annotated[str, typer.Argument(metavar="URL", help="La page d'un article, ou un PDF.")],
    config: ConfigPath = CONFIG,
    as_json: AsJson = False,
    dry_run: DryRun = False,
) -> None:
    """Ajouter un article à la main ; pour suivre un site : veille source add."""
    from veille.by_hand import add

    raise typer.Exit(add(config, address, dry_run=dry_run, as_json=as_json))


@app.command(cls=french.FrenchCommand)
def explain(
    what: Annotated[
        str, typer.Argument(metavar="URL|FICHIER|-", help="Un article de l'archive, un fichier, ou l'entrée standard.")
    ],
    config: ConfigPath = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Pourquoi un article, ou n'importe quel texte, est retenu : les cartes, candidats écartés compris."""
    from veille import reading
    from veille.wiring import House

    with House(config) as house:
        found = reading.explain(house, what)
        if as_json:
            console.say_json(found)
        else:
            reading.say_explained(found)


@app.command(cls=french.FrenchCommand)
def evaluate(
    gold: Annotated[
        Path | None,
        typer.Argument(metavar="GOLD.jsonl", help="Textes étiquetés, ou dossier de pages (NOM.html, NOM.txt)."),
    ] = None,
    config: ConfigPath = CONFIG,
    extraction: Annotated[bool, typer.Option("--extraction", help="Mesurer la lecture de pages entières.")] = False,
    topic: Annotated[str, typer.Option(metavar="SUJET", help="Un seul sujet, même inactif.")] = "",
    as_json: AsJson = False,
) -> None:
    """Précision, rappel et F1 de chaque étiquette, et les erreurs une à une ; ou ceux de la lecture des pages."""
    if extraction:
        from veille.extraction_scoring import score_extraction

        return score_extraction(gold, as_json)
    if gold is None:
        raise typer.BadParameter("indiquez les textes étiquetés, ou --extraction", param_hint="GOLD.jsonl")
    from veille.scoring import score

    return score(config, gold, topic, as_json)


@app.command(cls=french.FrenchCommand)
def web(
    config: ConfigPath = CONFIG,
    listen: Annotated[str, typer.Option(metavar="ADRESSE:PORT", help="Où écouter (défaut : « listen » de web).")] = "",
) -> None:
    """Ouvrir l'archive."""
    from veille.serving import serve_archive
    from veille.wiring import House

    with House(config) as house:
        serve_archive(house, listen or house.config.listen)


@app.command(cls=french.FrenchCommand)
def watch(config: ConfigPath = CONFIG) -> None:
    """Le minuteur : lire les sources à leur rythme, envoyer l'édition à son heure."""
    from veille.serving import watch as run_watch

    run_watch(config)


@app.command(cls=french.FrenchCommand)
def serve(
    config: ConfigPath = CONFIG,
    listen: Annotated[str, typer.Option(metavar="ADRESSE:PORT", help="Où écouter (défaut : « listen » de web).")] = "",
) -> None:
    """Le minuteur et l'archive ensemble."""
    from veille.serving import serve as run_both

    run_both(config, listen)


@app.command(cls=french.FrenchCommand)
def demo(
    folder: Annotated[Path, typer.Option(metavar="DOSSIER", help="Où tout écrire ; vidé au début.")] = Path("var/demo"),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port de l'archive ; 0 : un port libre.")] = 8765,
) -> None:
    """Toute la veille, sur un petit web de démonstration servi par cette machine."""
    from veille.demonstration import demonstrate

    raise typer.Exit(demonstrate(folder, port))


@app.command(cls=french.FrenchCommand)
def backup(
    target: Annotated[Path, typer.Argument(metavar="FICHIER", help="Où écrire la copie de la base.")],
    config: ConfigPath = CONFIG,
) -> None:
    """Copier la base pendant qu'elle sert, et vérifier la copie."""
    from veille.wiring import House

    with House(config) as house:
        house.store.backup(target)
        console.say(f"Copie vérifiée : {target}")


def _usage(error: Any) -> int:
    """Say a usage error in French; a command without arguments shows its help instead."""
    if type(error).__name__ == "NoArgsIsHelpError":
        console.warn(error.format_message())
    else:
        console.warn(french.usage_error(error))
    return 2


def main() -> None:
    """Run a command; an expected error is one French sentence on stderr and its exit code."""
    # Fewer passes of the collector while thousands of objects that will stay are made: a tenth of a start.
    gc.set_threshold(50_000)
    # We use no plugin of pydantic; looking for one reads the metadata of every installed package.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    french.install()
    try:
        code = app(args=ordered(sys.argv[1:]), prog_name="veille", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except UsageError as error:
        sys.exit(_usage(error))
    except typer.Abort:
        sys.exit(130)
    except VeilleError as error:
        if "--json" in sys.argv:
            console.say(json.dumps({"error": str(error)}, ensure_ascii=False))
        console.warn(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone (`veille … | head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
