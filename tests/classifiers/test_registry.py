from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from classifiers import CLASSIFIERS, build, build_with, labels
from classifiers.plain import article_from_text
from core.articles import Verdict
from core.errors import TopicError
from core.sources import Topic


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_registered_classifier_keeps_the_port(name: str) -> None:
    member = CLASSIFIERS[name](Topic("impact-social", "Impact social"))
    assert member.versions
    assert all("@" in version for version in member.versions)
    assert member.classify(article_from_text("", "")) == Verdict()
    assert [tag.topic for tag in member.classify(article_from_text("Un contrat à impact social", "")).tags] == [
        "impact-social"
    ]


POOLS = """
format = 1
topic = "piscines"
[[rule]]
id = "piscine"
version = 4
concept = "Piscine"
label = "eau"
role = "core"
languages = ["fr"]
score = 1
forms = ["piscine municipale"]
examples = ["La piscine municipale."]
counterexamples = ["La piscine."]
"""


def test_several_topics_are_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "definition.md").write_text("# Piscines\n\nL'eau de la commune.\n", "utf-8")
    (tmp_path / "topic.toml").write_text(
        """
        format = 1
        label = [{ slug = "eau", name = "Piscines" }]
        section = [{ title = "Piscines", about = "sur les piscines", labels = ["eau"] }]
        """,
        "utf-8",
    )
    (tmp_path / "lexicon.toml").write_text(POOLS, "utf-8")
    both = build([Topic("piscines", "", tmp_path), Topic("impact-social", "")])
    assert both.versions[0] == "piscine@4"
    assert any(version.startswith("cis-contrat@") for version in both.versions)
    verdict = both.classify(article_from_text("", "Une piscine municipale par contrat à impact social."))
    assert [(tag.topic, tag.label) for tag in verdict.tags] == [("piscines", "eau"), ("impact-social", "cis")]


def test_a_lexicon_read_elsewhere_takes_the_place_of_its_topics_own(tmp_path: Path) -> None:
    (tmp_path / "lexicon.toml").write_text(POOLS.replace('"piscines"', '"impact-social"'), "utf-8")
    topics = [Topic("impact-social", "")]
    for place in (tmp_path, tmp_path / "lexicon.toml"):
        verdict = build_with(topics, place).classify(article_from_text("", "Une piscine municipale."))
        assert [(tag.topic, tag.label) for tag in verdict.tags] == [("impact-social", "eau")]
    with pytest.raises(TopicError, match="« impact-social », sujet absent"):
        build_with([Topic("piscines", "")], tmp_path)


def test_every_label_has_its_topic() -> None:
    assert labels([Topic("impact-social", "")]) == dict.fromkeys(("cis", "iis", "marchandisation"), "impact-social")


def test_an_unknown_topic_is_a_french_error() -> None:
    with pytest.raises(TopicError, match="n'a pas de dossier"):
        build([Topic("absent", "")])


def test_without_topic_nothing_is_tagged() -> None:
    assert build([]).classify(article_from_text("Un contrat à impact social", "")) == Verdict()


def test_who_looks_at_tags_alone_gets_the_same_verdict_without_facts() -> None:
    topics = [Topic("impact-social", "")]
    article = article_from_text("Un contrat à impact social", "Le contrat à impact social de Rouen vaut 2 M€.")
    verdict = build(topics).classify(article)
    assert verdict.tags and verdict.facts
    assert build(topics, with_facts=False).classify(article) == replace(verdict, facts=())
