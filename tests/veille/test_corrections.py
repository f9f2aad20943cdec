"""People correct the rules, and rules are changed, by the real program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import classifiers
from classifiers import build
from core.articles import Article, Signature, Verdict
from core.sources import Topic
from core.urls import article_key
from db.models import VersionRow
from db.store import Store, open_store

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = {"VEILLE_NOW": NOW.isoformat()}
CIS = "Le département signe un contrat à impact social. Ce contrat à impact social dure cinq ans."
IIS = "Le fonds à impact lève dix millions d'euros auprès d'investisseurs privés."
OTHER = "Une caserne ouvre ses portes aux habitants dimanche prochain."
LEXICON = Path(classifiers.__file__).parent / "topics" / "impact-social" / "lexicon.toml"


@contextmanager
def archive(folder: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{folder}/var/veille.db", folder / "var") as store:
        yield store


def fill(folder: Path, texts: Sequence[tuple[str, int]], tagged: bool = True) -> None:
    """Articles, by text and age in days, tagged by the rules of today or by none."""
    classifier = build([Topic("impact-social", "Impact social")])
    with archive(folder) as store:
        for number, (text, days) in enumerate(texts, 1):
            url = f"https://exemple.fr/{number}"
            article = Article(
                0, "muette", url, article_key(url), f"Article {number}", text, NOW - timedelta(days=days), language="fr"
            )
            verdict = classifier.classify(article) if tagged else Verdict()
            store.articles.keep(article, verdict, Signature(), None, False)


def purge(folder: Path, number: int) -> None:
    with archive(folder) as store, store.articles._database.write() as connection:
        connection.execute(update(VersionRow).where(VersionRow.article_id == number).values(text=""))


def labels(folder: Path) -> list[list[str]]:
    with archive(folder) as store:
        found = [store.articles.article(each) for each in store.articles.all_ids()]
        return [[tag.label for tag in article.tags] for article in found if article]


def said(ran: Any) -> Any:
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    return json.loads(ran.stdout)


def test_a_person_corrects_and_a_doubt_waits_for_two(veille, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1), (OTHER, 1)])
    dry = said(veille("correct", "https://exemple.fr/1", "--hors-sujet", "--by", "Ana", "--dry-run", "--json"))
    assert (dry["recorded"], dry["after"], dry["states"]) == (False, [], {"impact-social": "hors-sujet"})
    assert labels(tmp_path) == [["cis"], []]
    ran = veille("correct", "1", "--hors-sujet", "--by", "Ana", "--reason", "une publicité")
    assert ran.returncode == 0 and "Jugé hors sujet." in ran.stdout and "quitte la recherche" in ran.stdout
    assert said(veille("search", "contrat", "--json"))["total"] == 0
    ran = veille("correct", "1", "--pertinent", "--by", "Bob")
    assert "En discussion." in ran.stdout
    assert said(veille("search", "contrat", "--json"))["total"] == 1
    assert said(veille("correct", "2", "--pertinent", "--label", "iis", "--passing", "--by", "Bob", "--json"))
    assert labels(tmp_path) == [["cis"], ["iis"]]
    doubts = said(veille("corrections", "list", "--doubts", "--json"))["articles"]
    assert [(each["id"], [one["by"] for one in each["opinions"]]) for each in doubts] == [(1, ["Ana", "Bob"])]
    shown = veille("corrections", "list").stdout
    assert shown.index("Article 2") < shown.index("Article 1") and "Ana : hors sujet — une publicité" in shown
    explained = veille("explain", "https://exemple.fr/1").stdout
    assert "En discussion (impact-social) ; les règles seules diraient : cis" in explained
    assert "Jusqu'au " in explained and "une personne a corrigé" in explained


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("https://exemple.fr/99", "--doute", "--by", "Ana"), 1, "n'est pas dans l'archive"),
        (("99", "--doute", "--by", "Ana"), 1, "n'est pas dans l'archive"),
        (("1", "--doute"), 2, "--by"),
        (("1", "--doute", "--by", " "), 2, "nom court"),
        (("1", "--by", "Ana"), 2, "un avis, et un seul"),
        (("1", "--pertinent", "--doute", "--by", "Ana"), 2, "un avis, et un seul"),
        (("1", "--pertinent", "--label", "sic", "--by", "Ana"), 2, "« sic » n'existe pas ; il y a : cis, iis"),
        (("1", "--pertinent", "--by", "Ana"), 2, "--label cis"),
        (("1", "--hors-sujet", "--label", "cis", "--by", "Ana"), 2, "qu'avec --pertinent"),
        (("1", "--pertinent", "--central", "--passing", "--by", "Ana"), 2, "--central ou --passing"),
    ],
)
def test_what_cannot_be_noted_is_told_in_french(veille, tmp_path: Path, arguments, code, message) -> None:
    fill(tmp_path, [(OTHER, 1)])
    ran = veille("correct", *arguments)
    assert (ran.returncode, message in ran.stderr) == (code, True), ran.stderr
    with archive(tmp_path) as store:
        assert store.corrections.article_ids() == []


def test_what_is_settled_is_exported_and_evaluated(veille, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1), (OTHER, 1), (IIS, 1), (IIS, 1), (CIS, 1)])
    purge(tmp_path, 5)
    for number, opinion in (
        (1, "--pertinent"),
        (2, "--hors-sujet"),
        (3, "--hors-sujet"),
        (4, "--doute"),
        (5, "--pertinent"),
    ):
        assert veille("correct", str(number), opinion, "--by", "Ana Secrète").returncode == 0
    gold = tmp_path / "var" / "gold.jsonl"
    ran = veille("corrections", "export", str(gold), "--json")
    assert "usage privé" in ran.stderr.splitlines()[0]
    report = json.loads(ran.stdout)
    assert (report["texts"], report["discussed"]) == (3, 1)
    assert report["purged"] == {"muette": ["https://exemple.fr/5"]}
    assert "Secrète" not in gold.read_text("utf-8") and gold.stat().st_mode & 0o077 == 0
    scores = said(veille("evaluate", str(gold), "--json"))
    assert scores["labels"]["cis"]["f1"] == 1.0
    assert [(each["label"], each["kind"]) for each in scores["errors"]] == [("iis", "wrong")]


def test_an_export_is_not_written_where_a_commit_would_take_it(veille, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1)])
    target = LEXICON.parents[2] / "gold" / "corrections.jsonl"
    ran = veille("corrections", "export", str(target))
    assert (ran.returncode, "qui se publie" in ran.stderr, target.exists()) == (3, True, False)


def test_other_rules_are_tried_on_the_archive_before_they_are_adopted(veille, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1), (IIS, 1), (OTHER, 1), (IIS, 1)])
    purge(tmp_path, 4)
    veille("correct", "1", "--pertinent", "--by", "Ana")
    rules = tmp_path / "essai"
    rules.mkdir()
    (rules / "lexicon.toml").write_text(
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
    for place in (rules, rules / "lexicon.toml"):
        report = said(veille("rules", "diff", "--lexicon", str(place), "--json", **TODAY))
        assert (report["articles"], report["read"], report["changed"], report["by_people"]) == (4, 3, 2, 1)
        assert (report["gained"], report["lost"]) == ({"cis": 1}, {"iis": 1})
        lost, gained = report["changes"]
        assert (lost["url"], lost["lost"][0]["form"]) == ("https://exemple.fr/2", "fonds à impact")
        assert (gained["url"], gained["gained"][0]["form"], gained["news"]) == ("https://exemple.fr/3", "caserne", True)
        assert [(each["source"], each["count"], each["urls"]) for each in report["unread"]] == [
            ("muette", 1, ["https://exemple.fr/4"])
        ]
    shown = veille("rules", "diff", "--lexicon", str(rules)).stdout
    assert "-iis" in shown and "« caserne »" in shown and "comme des personnes l'ont jugé" in shown
    assert "Source muette\ttexte effacé au terme de sa durée (keep_days)\t1" in shown
    assert labels(tmp_path) == [["cis"], ["iis"], [], ["iis"]]
    assert said(veille("rules", "diff", "--json"))["changed"] == 0
    ran = veille("rules", "diff", "--lexicon", str(tmp_path / "absent.toml"))
    assert (ran.returncode, "illisible" in ran.stderr) == (3, True)


def test_new_rules_tag_the_whole_archive_and_mail_this_weeks_articles_alone(veille, tmp_path: Path) -> None:
    ages = [0, 7, 9, 20, 34, 400]
    fill(tmp_path, [(f"{CIS} Ville {days}.", days) for days in ages], tagged=False)
    assert said(veille("retag", "--dry-run", "--json", **TODAY))["news"] == 2
    assert labels(tmp_path) == [[]] * 6
    ran = veille("retag", **TODAY)
    assert "6 articles changés : cis +6 -0." in ran.stdout
    assert "2, de moins de huit jours, peuvent entrer dans la prochaine édition" in ran.stdout
    assert labels(tmp_path) == [["cis"]] * 6
    with archive(tmp_path) as store:
        eligible = store.editions.eligible("weekly", NOW - timedelta(days=35), NOW + timedelta(days=1))
    assert {article.url for article, _ in eligible} == {"https://exemple.fr/1", "https://exemple.fr/2"}
    assert said(veille("retag", "--json", **TODAY))["changed"] == 0


def test_retagging_keeps_what_people_said(veille, tmp_path: Path) -> None:
    fill(tmp_path, [(CIS, 1), (CIS, 1)], tagged=False)
    veille("correct", "1", "--hors-sujet", "--by", "Ana")
    report = said(veille("retag", "--json"))
    assert (report["changed"], report["by_people"]) == (1, 1)
    assert labels(tmp_path) == [[], ["cis"]]
    ran = veille("retag", "--source", "inconnue")
    assert (ran.returncode, "inconnue" in ran.stderr) == (3, True)
