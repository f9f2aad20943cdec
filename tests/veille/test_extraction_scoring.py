"""`veille evaluate --extraction`: better than trafilatura on the gold pages, and no furniture counted as text."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from core.articles import Article
from core.gate import ALWAYS
from core.pages import FetchedPage
from demo.gold.pages import NOW, gold_pages
from pipeline.html import extract_html
from veille.cli import app

TOPIC = re.compile(
    r"(?:contrats?|investissement|obligations|finance) à impact|impact (?:bond|investing)", re.IGNORECASE
)


def evaluate(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["evaluate", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def scores() -> dict[str, Any]:
    return {row["reader"]: row for row in json.loads(evaluate("--extraction", "--json"))["readers"]}


@pytest.mark.long
def test_careful_extraction_is_clearly_above_trafilatura(scores: dict[str, Any]) -> None:
    best = max(row["f1"] for name, row in scores.items() if name.startswith("trafilatura"))
    assert scores["veille"]["f1"] >= max(0.98, best + 0.03)
    assert scores["veille"]["recall"] >= scores["trafilatura"]["recall"]
    assert scores["veille"]["furniture"] <= scores["trafilatura precision"]["furniture"] / 2


@pytest.mark.long
def test_fast_extraction_is_above_trafilatura_too(scores: dict[str, Any]) -> None:
    assert scores["veille, rapide"]["f1"] > scores["trafilatura"]["f1"]


def test_words_of_the_topic_around_an_article_do_not_enter_it() -> None:
    tried: Counter[str] = Counter()
    entered = []
    for page in gold_pages():
        traps = [line for line in page.furniture if TOPIC.search(line) and line not in page.text]
        body, address = page.html.encode(), "https://example.org/2026/un-article"
        found = extract_html(FetchedPage(1, "s", "article", address, address, 200, (), body, "h", NOW), ALWAYS)
        assert isinstance(found, Article)
        tried[page.name.split("-")[0]] += bool(traps)
        entered += [page.name for line in traps if line in found.text]
    assert sum(count > 1 for count in tried.values()) >= 8
    assert set(entered) <= {"breaks-18-campagne-radon-habitat"}  # a line on its author that nothing tells from the text


def test_a_folder_of_pages_can_be_measured(tmp_path: Path) -> None:
    page = next(gold_pages())
    (tmp_path / "une.html").write_text(page.html, encoding="utf-8")
    (tmp_path / "une.txt").write_text(page.text, encoding="utf-8")
    (tmp_path / "une.furniture.txt").write_text("\n".join(page.furniture), encoding="utf-8")
    shown = evaluate("--extraction", str(tmp_path))
    assert shown.startswith("1 page, temps de processeur")
    assert "Mobilier passé" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--extraction", "."], "ne contient pas de page"), ([], "indiquez les textes étiquetés, ou --extraction")],
)
def test_what_is_missing_is_said(arguments: list[str], said: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["evaluate", *arguments])
    assert result.exit_code != 0
    assert said in result.output + str(result.exception)


def test_a_page_without_its_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "une.html").write_text("<p>rien", encoding="utf-8")
    result = CliRunner().invoke(app, ["evaluate", "--extraction", str(tmp_path)])
    assert result.exit_code != 0
    assert "ne peut pas être lue" in str(result.exception)
