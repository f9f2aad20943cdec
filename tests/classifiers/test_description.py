"""A topic's folder: what is missing or wrong in it is one French sentence that names the file and the key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from classifiers import TOPICS, build
from classifiers.description import describe
from core.errors import TopicError
from core.sources import Topic

SHIPPED = sorted(path.name for path in TOPICS.iterdir())


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_topic_that_ships_tells_its_labels_its_sections_and_its_definition(slug: str) -> None:
    told = describe(Topic(slug, ""))
    assert {label.slug for label in told.labels} == {label for section in told.sections for label in section.labels}
    assert all(section.topic == slug for section in told.sections)
    assert told.text.startswith("# Ce que nous appelons")


def copied(folder: Path) -> Topic:
    shutil.copytree(TOPICS / "impact-social", folder / "essai")
    lexicon = folder / "essai" / "lexicon.toml"
    lexicon.write_text(lexicon.read_text("utf-8").replace('topic = "impact-social"', 'topic = "essai"'), "utf-8")
    return Topic("essai", "Essai", folder / "essai")


def test_a_group_may_keep_a_topic_in_a_folder_of_its_own(tmp_path: Path) -> None:
    assert build([copied(tmp_path)]).versions


@pytest.mark.parametrize("name", ["topic.toml", "definition.md", "lexicon.toml"])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    topic = copied(tmp_path)
    (tmp_path / "essai" / name).unlink()
    with pytest.raises(TopicError, match=f"illisible : .*{name}") as caught:
        build([topic])
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("topic.toml", "format = 1", "format = 2", "« format = 1 » attendu"),
        ("topic.toml", 'slug = "cis"', 'slug = "C I S"', r"\[\[label\]\] n° 1 : « slug » vaut « C I S »"),
        ("topic.toml", 'name = "Marchandisation"', "name = 3", r"\[\[label\]\] n° 3 : « name » manque"),
        ("topic.toml", 'name = "Marchandisation"', 'nom = "M"', "clé inconnue « nom »"),
        ("topic.toml", 'labels = ["iis"]', 'labels = "iis"', r"\[\[section\]\] n° 2 : « labels » doit être une liste"),
        ("topic.toml", 'labels = ["iis"]', 'labels = ["cis"]', "l'étiquette « cis » doit avoir un seul"),
        ("topic.toml", 'slug = "cis"', 'slug = "cis', r"ligne 6 : guillemet"),
        ("topic.toml", 'slug = "marchandisation"', 'slug = "vente"', "« vente » doit avoir un seul"),
        (
            "lexicon.toml",
            'label = "marchandisation"',
            'label = "vente"',
            "aucune règle ne pose l'étiquette « marchandisation »",
        ),
        ("lexicon.toml", 'topic = "essai"', 'topic = "autre"', "« topic » vaut « autre »"),
    ],
)
def test_what_is_wrong_is_named_with_its_file_and_its_key(
    name: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    topic = copied(tmp_path)
    path = tmp_path / "essai" / name
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(TopicError, match=f"{name}.*{said}"):
        build([topic])
