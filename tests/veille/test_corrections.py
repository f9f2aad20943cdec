"""People correct the rules, and rules are changed, by the real program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import classifiers
from classifiers import build
from core.articles import Article, Signature, Tag, Verdict
from core.corrections import Correction
from core.errors import ConfigError, TopicError, VeilleError
from core.ports import Classifier
from core.sources import Topic
from core.urls import article_key
from db.models import VersionRow
from db.store import Store, open_store
from veille.arguments import UsageError
from veille.cli import app

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CIS = "Le département signe un contrat à impact social. Ce contrat à impact social dure cinq ans."
IIS = "Le fonds à impact lève dix millions d'euros auprès d'investisseurs privés."
OTHER = "Une caserne ouvre ses portes aux habitants dimanche prochain."
LEXICON = Path(classifiers.__file__).parent / "topics" / "impact-social" / "lexicon.toml"


@contextmanager
def archive(folder: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{folder}/var/veille.db", folder / "var") as store:
        yield store


@cache
def rules() -> Classifier:
    return build([Topic("impact-social", "Impact social")])


def named(article: Article) -> Verdict:
    """The tags of these texts without their proofs, at no cost."""
    found = [label for label, text in (("cis", CIS), ("iis", IIS)) if text in article.text]
    return Verdict(tuple(Tag("impact-social", label, True, 1.0) for label in found))


def fill(folder: Path, texts: Sequence[tuple[str, int]], judge: Callable[[Article], Verdict] = named) -> None:
    """Articles, by text and age in days."""
    with archive(folder) as store:
        for number, (text, days) in enumerate(texts, 1):
            url = f"https://exemple.fr/{number}"
            article = Article(
                0, "muette", url, article_key(url), f"Article {number}", text, NOW - timedelta(days=days), language="fr"
            )
            store.articles.keep(article, judge(article), Signature(), None, False)


def untagged(article: Article) -> Verdict:
    return Verdict()


def purge(folder: Path, number: int) -> None:
    with archive(folder) as store, store.articles._database.write() as connection:
        connection.execute(update(VersionRow).where(VersionRow.article_id == number).values(text=""))


def labels(folder: Path) -> list[list[str]]:
    with archive(folder) as store:
        found = [store.articles.article(each) for each in store.articles.all_ids()]
        return [[tag.label for tag in article.tags] for article in found if article]


@pytest.fixture
def told(veille, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`told("retag")` in this process, which has loaded the language already: gives what is said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VEILLE_NOW", NOW.isoformat())

    def run(*arguments: str) -> str:
        assert not app(args=[*arguments], standalone_mode=False)
        return capsys.readouterr().out

    return run


@pytest.fixture
def here(told) -> Any:
    """The same with --json: gives the object."""
    return lambda *arguments: json.loads(told(*arguments, "--json"))


def test_a_person_corrects_and_a_doubt_waits_for_two(veille, here, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1), (OTHER, 1)])
    dry = here("correct", "https://exemple.fr/1", "--hors-sujet", "--by", "Ana", "--dry-run")
    assert (dry["recorded"], dry["after"], dry["states"]) == (False, [], {"impact-social": "hors-sujet"})
    assert labels(tmp_path) == [["cis"], []]
    ran = veille("correct", "1", "--hors-sujet", "--by", "Ana", "--reason", "une publicité")
    assert ran.returncode == 0 and "Jugé hors sujet." in ran.stdout and "quitte la recherche" in ran.stdout
    assert here("search", "contrat")["total"] == 0
    ran = veille("correct", "1", "--pertinent", "--by", "Bob")
    assert "En discussion." in ran.stdout
    assert here("search", "contrat")["total"] == 1
    assert here("correct", "2", "--pertinent", "--label", "iis", "--passing", "--by", "Bob")
    assert labels(tmp_path) == [["cis"], ["iis"]]
    doubts = here("corrections", "list", "--doubts")["articles"]
    assert [(each["id"], [one["by"] for one in each["opinions"]]) for each in doubts] == [(1, ["Ana", "Bob"])]
    shown = veille("corrections", "list").stdout
    assert shown.index("Article 2") < shown.index("Article 1") and "Ana : hors sujet — une publicité" in shown
    explained = veille("explain", "https://exemple.fr/1").stdout
    assert "En discussion (impact-social) ; les règles seules diraient : cis" in explained
    assert "Jusqu'au " in explained and "une personne a corrigé" in explained


REFUSED = (
    (("https://exemple.fr/99", "--doute", "--by", "Ana"), 1, "n'est pas dans l'archive"),
    (("99", "--doute", "--by", "Ana"), 1, "n'est pas dans l'archive"),
    (("1", "--doute", "--by", " "), 2, "nom court"),
    (("1", "--doute", "--by", "Membér:3"), 2, "membre connecté"),
    (("1", "--by", "Ana"), 2, "un avis, et un seul"),
    (("1", "--pertinent", "--doute", "--by", "Ana"), 2, "un avis, et un seul"),
    (("1", "--pertinent", "--label", "sic", "--by", "Ana"), 2, "« sic » n'existe pas ; il y a : cis, iis"),
    (("1", "--pertinent", "--by", "Ana"), 2, "--label cis"),
    (("1", "--hors-sujet", "--label", "cis", "--by", "Ana"), 2, "qu'avec --pertinent"),
    (("1", "--pertinent", "--central", "--passing", "--by", "Ana"), 2, "--central ou --passing"),
)


def test_what_cannot_be_noted_is_told_in_french(veille, here, tmp_path: Path) -> None:
    fill(tmp_path, [(OTHER, 1)])
    for arguments, code, message in REFUSED:
        with pytest.raises(VeilleError if code == 1 else UsageError, match=message):
            here("correct", *arguments)
    for arguments, code, message in (REFUSED[0], (("1", "--doute"), 2, "Il manque '--by'"), REFUSED[3]):
        ran = veille("correct", *arguments)
        assert (ran.returncode, message in ran.stderr) == (code, True), ran.stderr
    with archive(tmp_path) as store:
        assert store.corrections.article_ids() == []


def test_what_is_settled_is_exported_and_evaluated(veille, here, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1), (OTHER, 1), (IIS, 1), (IIS, 1), (CIS, 1)])
    purge(tmp_path, 5)
    for number, opinion in (
        (1, "--pertinent"),
        (2, "--hors-sujet"),
        (3, "--hors-sujet"),
        (4, "--doute"),
        (5, "--pertinent"),
    ):
        here("correct", str(number), opinion, "--by", "Ana Secrète")
    gold = tmp_path / "var" / "gold.jsonl"
    ran = veille("corrections", "export", str(gold), "--json")
    assert "usage privé" in ran.stderr.splitlines()[0]
    report = json.loads(ran.stdout)
    assert (report["texts"], report["discussed"]) == (3, 1)
    assert report["purged"] == {"muette": ["https://exemple.fr/5"]}
    assert "Secrète" not in gold.read_text("utf-8") and gold.stat().st_mode & 0o077 == 0
    scores = here("evaluate", str(gold))
    assert scores["labels"]["cis"]["f1"] == 1.0
    assert [(each["label"], each["kind"]) for each in scores["errors"]] == [("iis", "wrong")]


def test_an_export_is_not_written_where_a_commit_would_take_it(veille, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1)])
    target = LEXICON.parents[2] / "gold" / "corrections.jsonl"
    ran = veille("corrections", "export", str(target))
    assert (ran.returncode, "qui se publie" in ran.stderr, target.exists()) == (3, True, False)


def test_other_rules_are_tried_on_the_archive_before_they_are_adopted(told, here, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1), (IIS, 1), (OTHER, 1), (IIS, 1)], rules().classify)
    purge(tmp_path, 4)
    here("correct", "1", "--pertinent", "--by", "Ana")
    trial = tmp_path / "essai"
    trial.mkdir()
    (trial / "lexicon.toml").write_text(
        """
        format = 1
        topic = "impact-social"
        [[rule]]
        id = "caserne"
        version = 1
        concept = "Caserne"
        label = "cis"
        role = "core"
        languages = ["fr"]
        score = 1
        forms = ["caserne"]
        examples = ["Une caserne."]
        counterexamples = ["Une école."]
        """
    )
    for place in (trial, trial / "lexicon.toml"):
        report = here("rules", "diff", "--lexicon", str(place))
        assert (report["articles"], report["read"], report["changed"], report["by_people"]) == (4, 3, 2, 1)
        assert (report["gained"], report["lost"]) == ({"cis": 1}, {"iis": 1})
        lost, gained = report["changes"]
        assert (lost["url"], lost["lost"][0]["form"]) == ("https://exemple.fr/2", "fonds à impact")
        assert (gained["url"], gained["gained"][0]["form"], gained["news"]) == ("https://exemple.fr/3", "caserne", True)
        assert [(each["source"], each["count"], each["urls"]) for each in report["unread"]] == [
            ("muette", 1, ["https://exemple.fr/4"])
        ]
    shown = told("rules", "diff", "--lexicon", str(trial))
    assert "-iis" in shown and "« caserne »" in shown and "comme des personnes l'ont jugé" in shown
    assert "Source muette\ttexte effacé au terme de sa durée (keep_days)\t1" in shown
    assert labels(tmp_path) == [["cis"], ["iis"], [], ["iis"]]
    assert here("rules", "diff")["changed"] == 0
    with pytest.raises(TopicError, match="illisible"):
        here("rules", "diff", "--lexicon", str(tmp_path / "absent.toml"))


def test_new_rules_tag_the_whole_archive_and_mail_this_weeks_articles_alone(told, here, tmp_path: Path) -> None:
    ages = [0, 7, 9, 20, 34, 400]
    fill(tmp_path, [(f"{CIS} Ville {days}.", days) for days in ages], untagged)
    assert here("retag", "--dry-run")["news"] == 2
    assert labels(tmp_path) == [[]] * 6
    shown = told("retag")
    assert "6 articles changés : cis +6 -0." in shown
    assert "2, de moins de huit jours, peuvent entrer dans la prochaine édition" in shown
    assert labels(tmp_path) == [["cis"]] * 6
    with archive(tmp_path) as store:
        eligible = store.editions.eligible("weekly", NOW - timedelta(days=35), NOW + timedelta(days=1))
    assert {article.url for article, _ in eligible} == {"https://exemple.fr/1", "https://exemple.fr/2"}
    assert here("retag")["changed"] == 0


def test_retagging_keeps_what_people_said(here, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1), (CIS, 1)], untagged)
    here("correct", "1", "--hors-sujet", "--by", "Ana")
    report = here("retag")
    assert (report["changed"], report["by_people"]) == (1, 1)
    assert labels(tmp_path) == [[], ["cis"]]
    with pytest.raises(ConfigError, match="inconnue"):
        here("retag", "--source", "inconnue")


def test_facts_found_by_other_lists_are_written_though_no_tag_changes(here, tmp_path: Path) -> None:
    text = f"{CIS} Le contrat à impact social est doté de 1,3 M€."
    fill(tmp_path, [(text, 1)], lambda article: replace(rules().classify(article), facts=()))
    report = here("retag")
    assert (report["changed"], report["proofs"]) == (0, 1)
    with archive(tmp_path) as store:
        article = store.articles.article(1)
    assert article and "1,3 M€" in [fact.form for fact in article.facts]
    assert here("retag")["proofs"] == 0


def test_the_list_names_members_who_spoke_in_the_archive(told, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1)])
    with archive(tmp_path) as store:
        member = store.members.add("ana@asso.example", "Ana du Test", "editor", NOW, "command")
        judged = store.corrections.judged(1)
        assert judged
        said = Correction(1, judged.text_hash, "impact-social", "doute", f"member:{member.id}", NOW)
        store.corrections.record([said], said.by)
    assert "Ana du Test : doute" in told("corrections", "list")
    with archive(tmp_path) as store:
        store.members.remove("ana@asso.example", NOW, "command")
    assert f"membre n° {member.id} : doute" in told("corrections", "list")
