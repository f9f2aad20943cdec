"""The names that searches add to each other are names that the lexicon knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers import build
from classifiers.plain import article_from_text
from core.errors import TopicError
from core.sources import Topic
from core.synonyms import Synonyms
from veille.synonyms import synonyms

TOPIC = Topic("impact-social", "Impact social")
GROUPS = synonyms([TOPIC])


def test_a_topic_without_synonyms_has_none() -> None:
    assert synonyms([Topic("inconnu", "Inconnu")]) == ()


def test_a_folder_of_the_group_gives_its_own_and_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    (tmp_path / "synonyms.toml").write_text('[[group]]\nnames = ["régie de l\'eau"]\n', encoding="utf-8")
    for slug in ("regie-eau", TOPIC.slug):
        assert synonyms([Topic(slug, "", tmp_path)]) == (Synonyms(("régie de l'eau",)),)


@pytest.mark.parametrize(
    "text",
    [
        "[[group]",
        "group = 3",
        'group = ["x"]',
        "[[group]]",
        '[[group]]\nnames = "x"',
        '[[group]]\nnames = ["x"]\nother = 1',
    ],
)
def test_a_file_badly_written_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "synonyms.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TopicError, match=r"Fichier de synonymes mal écrit : .*synonyms\.toml"):
        synonyms([Topic("regie-eau", "", tmp_path)])


def test_every_synonym_with_a_label_is_tagged_so() -> None:
    classifier = build([TOPIC])
    for group in GROUPS:
        for name in group.names if group.label else ():
            verdict = classifier.classify(article_from_text("", f"La région étudie : {name}. Un bilan suivra."))
            assert group.label in {tag.label for tag in verdict.tags}, name


def test_every_acronym_with_a_label_is_tagged_once_developed() -> None:
    classifier = build([TOPIC])
    for group in GROUPS:
        for acronym in group.acronyms if group.label else ():
            text = f"Un {group.names[0]} ({acronym}) est signé. Le {acronym} lie une association et un investisseur."
            verdict = classifier.classify(article_from_text("", text))
            found = {match.form for match in verdict.matches if match.accepted and match.label == group.label}
            assert acronym in found, acronym


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.names[0])
def test_no_name_stands_in_two_groups(group: Synonyms) -> None:
    others = {name for each in GROUPS if each is not group for name in each.names + each.acronyms}
    assert not others & {*group.names, *group.acronyms}
