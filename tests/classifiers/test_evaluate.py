from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from classifiers.evaluate import GoldRow, Report, evaluate, read_gold
from core.articles import Article, Match, Tag, Verdict
from core.errors import TopicError
from core.ports import Classifier


class Says:
    """A classifier that gives each text the labels its own words spell."""

    def __init__(self) -> None:
        self.versions: tuple[str, ...] = ()

    def classify(self, article: Article) -> Verdict:
        words = article.text.split()
        labels = [word for word in words if word in {"cis", "iis"}]
        cards = tuple(
            Match("t", "r", "1", "c", label, "text", label.upper(), 0, 3, "", 0, 1.0, 0.5, accepted=True)
            for label in labels
        )
        return Verdict(tuple(Tag("t", label, "central" in words, 1.0) for label in labels), cards)


def test_scores_are_counted_per_label_with_and_without_borderline_rows() -> None:
    rows = [
        GoldRow("cis central", ("cis",), central=True),
        GoldRow("cis", ("cis",), central=True),
        GoldRow("iis", ("cis",)),
        GoldRow("rien", ("iis",), borderline=True),
        GoldRow("rien", ()),
    ]
    report = evaluate(Says(), rows)
    assert report.rows == 5
    cis, iis = report.labels["cis"], report.labels["iis"]
    assert (cis.precision, cis.recall, cis.f1, cis.support) == (1.0, 0.6667, 0.8, 3)
    assert (iis.precision, iis.recall, iis.f1, iis.support) == (0.0, 0.0, 0.0, 1)
    assert report.without_borderline["iis"].support == 0
    assert (report.central.precision, report.central.recall, report.central.support) == (1.0, 0.5, 2)
    assert [(error.label, error.kind, error.borderline, error.forms) for error in report.errors] == [
        ("central", "missed", False, ()),
        ("cis", "missed", False, ()),
        ("iis", "wrong", False, ("IIS",)),
        ("iis", "missed", True, ()),
    ]
    assert set(report.as_dict()) >= {"labels", "errors"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "ligne 2 : ce n'est pas du JSON"),
        ("[]", "ligne 2 : il faut « text »"),
        ('{"text": "x"}', "ligne 2"),
        ('{"text": 1, "labels": []}', "ligne 2"),
    ],
)
def test_a_wrong_gold_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"text": "x", "labels": []}\n' + line + "\n", "utf-8")
    with pytest.raises(TopicError, match=said):
        read_gold(path)
    with pytest.raises(TopicError, match="illisible"):
        read_gold(tmp_path / "absent.jsonl")


def check_goal(report: Report, precision: float, recall: float, of_marchandisation: float) -> None:
    for label, score in report.without_borderline.items():
        goal = (of_marchandisation, of_marchandisation) if label == "marchandisation" else (precision, recall)
        assert score.precision >= goal[0], (label, score, report.errors)
        assert score.recall >= goal[1], (label, score, report.errors)


def test_the_gold_set_is_read_as_people_read_it(classifier: Classifier, lexicon_path: Path) -> None:
    """On reworded excerpts of 149 real pages; see the README beside the file."""
    report = evaluate(classifier, read_gold(lexicon_path.with_name("gold.jsonl")))
    assert report.rows == 149
    check_goal(report, 0.97, 0.97, 0.9)
    assert report.central.precision >= 0.97
    assert report.central.recall >= 0.97


def test_the_gold_set_is_read_alike_among_six_hundred_words_of_other_news(
    classifier: Classifier, lexicon_path: Path, among_news: Callable[..., str]
) -> None:
    rows = read_gold(lexicon_path.with_name("gold.jsonl"))
    drowned = [
        GoldRow(among_news(row.text, number % 5), row.labels, row.title, row.lang, row.central, row.borderline)
        for number, row in enumerate(rows)
    ]
    report = evaluate(classifier, drowned)
    check_goal(report, 0.97, 0.97, 0.9)
    assert report.central.precision >= 0.97
    assert report.central.recall >= 0.9, [error.title for error in report.errors if error.label == "central"]


def test_sentences_written_apart_from_the_lexicon_are_read_as_well(classifier: Classifier) -> None:
    """278 texts with unseen wordings, inflections, typography and look-alikes, in both languages."""
    report = evaluate(classifier, read_gold(Path(__file__).with_name("unseen.jsonl")))
    assert report.rows >= 200
    check_goal(report, 0.97, 0.97, 0.97)


@pytest.mark.parametrize(("half", "goal"), [("dev", 0.97), ("held", 0.94)])
def test_texts_of_another_hand_are_read_as_well(classifier: Classifier, tmp_path: Path, half: str, goal: float) -> None:
    """Rules were changed after the errors on `dev` alone; `held` had never been looked at when it was first scored."""
    lines = Path(__file__).with_name("another_hand.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "half.jsonl").write_text("".join(line for line in lines if f'"set": "{half}"' in line), "utf-8")
    report = evaluate(classifier, read_gold(tmp_path / "half.jsonl"))
    assert report.rows >= 120
    check_goal(report, goal, goal, goal)
    assert min(report.central.precision, report.central.recall) >= 0.94
