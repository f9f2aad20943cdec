"""The topic « philanthropie et alliances »: its labelled texts, and ordinary press with look-alikes of it."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from classifiers import TOPICS, build
from classifiers.evaluate import evaluate, read_gold
from classifiers.plain import article_from_text
from core.ports import Classifier
from core.sources import Topic

CAMPAIGNS = Path(__file__).parents[1] / "campaigns"
sys.path.append(str(CAMPAIGNS))

from press_year import Press, filled  # noqa: E402

MAIN, SECOND = Topic("impact-social", "Impact social"), Topic("philanthropie-alliances", "Philanthropie et alliances")
GOLD = TOPICS / SECOND.slug / "gold.jsonl"
LOOKALIKES = CAMPAIGNS / "press" / "philanthropie" / "lookalikes.txt"
FLOORS = {"philanthropie": 0.97, "alliances": 0.97}
"""F1, borderline texts aside."""
TRUE = "Le mécénat de compétences séduit les entreprises"
"""A look-alike of the main topic that is about this one."""


@pytest.fixture(scope="module")
def second() -> Classifier:
    return build([SECOND])


@pytest.fixture(scope="module")
def both() -> Classifier:
    return build([MAIN, SECOND])


def test_the_labelled_texts_hold_enough_of_each_kind() -> None:
    rows = read_gold(GOLD)
    assert len(rows) >= 60
    assert sum(not row.labels for row in rows) >= 30
    assert sum(bool(row.labels) and not row.central for row in rows) >= 5
    for label in FLOORS:
        assert sum(label in row.labels for row in rows) >= 10
    assert len({row.text for row in rows}) == len(rows)


def test_no_score_drops_below_its_floor(second: Classifier) -> None:
    report = evaluate(second, read_gold(GOLD))
    assert set(report.without_borderline) == set(FLOORS)
    for label, floor in FLOORS.items():
        assert report.without_borderline[label].f1 >= floor, report.errors
    assert report.central.f1 >= 0.95, report.errors


@pytest.mark.parametrize("count", [600, pytest.param(10_000, marks=pytest.mark.long)])
def test_the_press_with_look_alikes_is_left_alone_and_the_filter_lets_little_more_through(
    count: int, both: Classifier, second: Classifier
) -> None:
    alone, draw = build([MAIN]), random.Random(7)
    lines, press = LOOKALIKES.read_text("utf-8").splitlines(), Press(7)
    false, opened, opened_alone = [], 0, 0
    for _ in range(count):
        written = press.ordinary()
        paragraphs = [*written.text.split("\n\n"), *draw.sample(lines, draw.randint(0, 1))]
        draw.shuffle(paragraphs)
        text = "\n\n".join(filled(line, draw, "Marsac") for line in paragraphs)
        article = article_from_text(written.title, text, "fr")
        opened += both.may_match(article)
        opened_alone += alone.may_match(article)
        if second.classify(article).tags and TRUE not in written.text:
            false.append(text)
    assert len(false) <= max(2, count // 1_000), false
    assert opened <= opened_alone + 0.15 * count


def test_a_text_of_both_topics_bears_the_labels_of_both_and_each_card_names_its_topic(both: Classifier) -> None:
    text = "Après la réforme du mécénat, l'association signe un contrat à impact social."
    verdict = both.classify(article_from_text("", text, "fr"))
    assert {(tag.topic, tag.label) for tag in verdict.tags} == {
        (MAIN.slug, "cis"),
        (SECOND.slug, "philanthropie"),
    }
    assert {card.topic for card in verdict.matches} == {MAIN.slug, SECOND.slug}
