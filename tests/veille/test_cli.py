"""Commands: French, one object with --json, exit codes, nothing heavy loaded by light commands."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.main import get_command

from core.articles import Article, Match, Signature, Tag, Verdict
from core.urls import article_key
from db.store import open_store
from veille.cli import app


def commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in get_command(app).commands.items():
        children = getattr(command, "commands", None)
        found += [(name, child) for child in children] if children else [(name,)]
    return found


EVERY_HELP = """
import sys
from veille.french import install
install()
from typer.testing import CliRunner
from veille.cli import app
for command in sys.argv[1:]:
    ran = CliRunner().invoke(app, [*command.split(), "--help"])
    print("exit", ran.exit_code, command, ran.output)
"""


def test_help_is_french(veille) -> None:
    own = veille("--help")
    # One process for the others: they would take half a minute one by one.
    names = [" ".join(command) for command in commands()]
    ran = subprocess.run([sys.executable, "-c", EVERY_HELP, *names], capture_output=True, text=True, check=True)
    assert own.returncode == 0 and own.stdout.count("Options") == 1
    assert ran.stdout.count("\nexit 0 ") + ran.stdout.startswith("exit 0 ") == len(names)
    for english in ("Show this message", "Commands ", "required", "default:"):
        assert english not in own.stdout + ran.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("cherche",), "n'existe pas"),
        (("search",), "Il manque"),
        (("search", "x", "--limit", "z"), "nombre entier"),
        (("search", "x", "--limit", "0"), "au moins 1"),
        (("search", "x", "--nope"), "--nope n'existe pas"),
        (("web", "a"), "Argument en trop"),
    ],
)
def test_usage_errors_are_french_and_exit_2(veille, arguments: tuple[str, ...], said: str) -> None:
    ran = veille(*arguments)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_bad_configuration_exits_3_with_one_sentence_and_changes_nothing(veille, tmp_path: Path) -> None:
    """C14."""
    config = tmp_path / "config.toml"
    config.write_text(config.read_text() + "\nsurprise = 1\n", encoding="utf-8")
    ran = veille("run")
    assert ran.returncode == 3
    assert ran.stderr.count("\n") == 1
    assert "ligne" in ran.stderr
    assert "surprise" in ran.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == ["config.toml"]


def test_all_sources_failing_exits_1_with_a_table(veille) -> None:
    ran = veille("run")
    assert ran.returncode == 1, ran.stderr
    assert "0 source lue sur 1" in ran.stdout
    assert "Source muette" in ran.stdout
    assert "127.0.0.1" in ran.stdout


def test_json_is_one_object_and_the_config_option_may_come_first(veille, tmp_path: Path) -> None:
    ran = veille("--config", str(tmp_path / "config.toml"), "run", "--json")
    report = json.loads(ran.stdout)
    assert report["sources_failed"] == 1
    assert [(f["source"], f["kind"]) for f in report["failures"]] == [("muette", "guard")]


def test_dry_run_writes_nothing(veille, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    assert veille("run", "--dry-run").returncode == 0
    assert sorted(tmp_path.iterdir()) == before


def test_search_never_fails_on_a_naughty_query(veille) -> None:
    for query in ('"', "l'élection AND (", "C++", "-", "tag:", "*", "NEAR(", "\u202e"):
        ran = veille("search", "--json", "--", query)
        assert ran.returncode == 0, query
        assert json.loads(ran.stdout) == {"total": 0, "results": []}


@pytest.mark.parametrize("query", ["-impact", "-", "-haut", '-"contrat à impact"', "-tag:cis"])
def test_a_query_may_begin_with_an_exclusion(veille, query: str) -> None:
    ran = veille("search", query, "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {"total": 0, "results": []}


LOADED = """\
import sys
from veille.cli import main
try:
    main()
except SystemExit:
    pass
print("LOADED", *sorted({name.split(".")[0] for name in sys.modules}))
"""
HEAVY = {"scrapy", "twisted", "trafilatura", "spacy", "alembic", "fastapi", "apscheduler", "feedparser"}


def loaded(folder: Path, *arguments: str) -> tuple[str, set[str]]:
    """What a command says, and the libraries that it has loaded."""
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    said, _, names = ran.stdout.partition("LOADED ")
    return said, set(names.split())


def test_light_commands_load_nothing_heavy(tmp_path: Path, veille) -> None:
    """`--help` and the lists start without Scrapy, trafilatura, spaCy or alembic."""
    veille("search", "x")
    for arguments in (["--help"], ["search", "impact"], ["source", "list"], ["subscriber", "list"]):
        _, names = loaded(tmp_path, *arguments)
        assert not HEAVY & names, arguments


def keep_an_article(folder: Path) -> None:
    url, text = "https://exemple.fr/a", "Les contrats à impact social reviennent."
    card = Match("cis", "r", "r@1", "cis", "cis", "text", "contrats", 4, 12, text, 0, 1.0, 0.5, True)
    article = Article(0, "muette", url, article_key(url), "Un contrat", text, datetime.now(UTC), language="fr")
    with open_store(f"sqlite:///{folder}/var/veille.db", folder / "var") as store:
        store.articles.keep(article, Verdict((Tag("cis", "cis", True, 1.0),), (card,)), Signature(), None, False)


@pytest.mark.parametrize("query", ["contrat", '"contrats à impact" tag:cis source:muette', "central:oui after:2020"])
def test_a_search_of_an_archive_does_not_load_sqlalchemy(tmp_path: Path, veille, query: str) -> None:
    keep_an_article(tmp_path)
    said, names = loaded(tmp_path, "search", query)
    assert said.startswith("1 résultat\n\nUn contrat [cis]\n  Source muette, ")
    assert not (HEAVY | {"sqlalchemy"}) & names


def test_a_search_says_what_is_wrong_with_the_database(tmp_path: Path, veille) -> None:
    keep_an_article(tmp_path)
    path = tmp_path / "var" / "veille.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    newer = veille("search", "contrat")
    path.write_bytes(b"ceci n'est pas une base " * 500)
    damaged = veille("search", "contrat", "--json")
    for ran, said in ((newer, "plus récente"), (damaged, "abîmée")):
        assert ran.returncode == 1
        assert said in ran.stderr
        assert ran.stderr.count("\n") == 1
    assert "abîmée" in json.loads(damaged.stdout)["error"]


def test_subscribers_are_added_listed_and_removed(veille) -> None:
    assert veille("subscriber", "add", "abonnee@asso.example").returncode == 0
    assert veille("subscriber", "add", "abonnee@asso.example").returncode == 1
    refused = veille("subscriber", "add", "liste@asso.example", "--list")
    assert refused.returncode == 3
    assert "--unsubscribe" in refused.stderr
    added = veille(
        "subscriber", "add", "liste@asso.example", "--list", "--unsubscribe", "liste-unsubscribe@asso.example"
    )
    assert added.returncode == 0
    listed = json.loads(veille("subscriber", "list", "--json").stdout)["subscribers"]
    assert {row["address"]: row["kind"] for row in listed} == {
        "abonnee@asso.example": "person",
        "liste@asso.example": "list",
    }
    assert veille("subscriber", "remove", "abonnee@asso.example").returncode == 0
    assert veille("subscriber", "remove", "abonnee@asso.example").returncode == 3


def test_tricky_addresses_are_refused(veille) -> None:
    """B14."""
    for address in ("a@b,c@d", "x", "a@b\r\nBcc: c@d", "Nom <a@b.fr>", "a" * 320 + "@b.fr"):
        assert veille("subscriber", "add", address).returncode in (1, 3), address
    assert json.loads(veille("subscriber", "list", "--json").stdout) == {"subscribers": []}


def test_an_empty_week_sends_nothing(veille) -> None:
    """B16."""
    veille("subscriber", "add", "abonnee@asso.example")
    ran = veille("digest", "--send")
    assert ran.returncode == 0
    assert "aucun mail" in ran.stdout


@pytest.mark.parametrize("week", ["2026-99", "demain", "2031-W02"])
def test_a_bad_week_is_refused(veille, week: str) -> None:
    ran = veille("digest", "--week", week)
    assert ran.returncode == 3
    assert "semaine" in ran.stderr


def test_explain_reads_any_text(veille) -> None:
    ran = veille("explain", "-", "--json", stdin="Un contrat à impact social a été signé par la Maif.")
    verdict = json.loads(ran.stdout)
    assert [tag["label"] for tag in verdict["tags"]] == ["cis"]
    assert verdict["matches"][0]["form"] == "contrat à impact social"
    assert [(fact["kind"], fact["value"]) for fact in verdict["facts"]] == [("actor", "maif")]


def test_explain_tells_who_takes_part_and_for_how_much(veille) -> None:
    text = "Un contrat à impact social, structuré par BNP Paribas, de 1,3 M€ à Rouen sur cinq ans dès le 1er juin 2021."
    said = veille("explain", "-", stdin=text).stdout.replace("\u202f", " ")
    for line in ("[acteur] BNP Paribas (structureur)", "[lieu] Rouen", "[montant] « 1,3 M€ » : 1 300 000 EUR",
                 "[durée] « cinq ans » : 60 mois", "[date] « 1er juin 2021 » : 2021-06-01"):  # fmt: skip
        assert line in said


def test_a_backup_can_be_opened(veille, tmp_path: Path) -> None:
    """C11."""
    veille("subscriber", "add", "abonnee@asso.example")
    assert veille("backup", "copie.db").returncode == 0
    assert (tmp_path / "copie.db").stat().st_size > 0


def test_a_simulated_clock_never_mails_outside(veille, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    smtp = '[mail]\nbackend = "smtp"\nhost = "mail.example.org"\n'
    config.write_text(config.read_text().replace("[mail]\n", smtp), encoding="utf-8")
    from veille.wiring import House, is_loopback

    assert not is_loopback("mail.example.org")
    assert is_loopback("127.0.0.1")
    program = "import sys, pathlib\nfrom veille.wiring import House\nHouse(pathlib.Path(sys.argv[1])).channel()"
    environment = {"VEILLE_NOW": "2026-11-23T08:00:00+01:00", "PATH": ""}
    ran = subprocess.run(
        [sys.executable, "-c", program, str(config)], env=environment, capture_output=True, text=True, check=False
    )
    assert "ne partent que vers cette machine" in ran.stderr
    assert House(config).channel() is not None
