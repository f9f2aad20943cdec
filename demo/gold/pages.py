"""Builds the gold pages: our texts in templates that resemble those of real sites, and the truth of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.labelled import LabelledPage
from demo.articles import FOLDER, Article, Block, load
from demo.gold.furniture import ENGLISH, FRENCH
from demo.gold.parts import Sheet

TEXTS = Path(__file__).parent / "texts"
TEMPLATES = Path(__file__).parents[1] / "templates" / "gold"
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SPECIAL = {
    "interview": ("entretien",), "live": ("direct",), "footnotes": ("notes",), "letter": ("tableau",),
    "agency": ("breve", "en-river"), "blog": ("en-mill",), "thinktank": ("en-evidence", "en-mill", "notes"),
    "blogger": ("en-river",), "press": ("en-libraries", "tableau"), "divi": ("en-libraries", "en-evidence"),
    "drupal": ("tableau",), "wiki": ("notes", "en-mill"), "amp": ("direct", "en-evidence"), "forum": ("breve",),
}  # fmt: skip
"""Texts written for a template, beside its share of the articles of the demonstration."""
SHARE = 3
"""Articles of the demonstration in each template."""


def gold_pages() -> Iterator[LabelledPage]:
    """Every page, named <template>-<text>, in the same order and with the same bytes at each call."""
    articles = sorted(FOLDER.glob("*/*.md"))
    for number, template in enumerate(sorted(path.stem for path in TEMPLATES.glob("*.html"))):
        if template.startswith("_"):
            continue
        common = [articles[(number * SHARE + place) * 7 % len(articles)] for place in range(SHARE)]
        for path in [*(TEXTS / f"{name}.md" for name in SPECIAL.get(template, ())), *common]:
            yield _page(template, path)


def _page(template: str, path: Path) -> LabelledPage:
    name = f"{template}-{path.stem}"
    article = _article(path)
    words = ENGLISH if path.stem.startswith("en-") or article.section == "English" else FRENCH
    sheet = Sheet(name, words)
    html = _templates().get_template(f"{template}.html").render(article=article, s=sheet, english=words is ENGLISH)
    lines = [line for text in (article.lead, *_lines(article)) if text for line in text.split("\n")]
    return LabelledPage(name, html, "\n".join(lines), tuple(sheet.furniture))


def _lines(article: Article) -> Iterator[str]:
    for block in article.blocks:
        yield from block.items


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _article(path: Path) -> Article:
    article = load(path, NOW)
    return replace(article, blocks=tuple(_special(block) for block in article.blocks))


def _special(block: Block) -> Block:
    """Kinds that the articles of the demonstration have not: h3, tables, notes."""
    if block.kind != "p":
        return block
    if block.text.startswith("### "):
        return Block("h3", block.text[4:])
    if block.text.startswith("| "):
        rows = [row.strip() for row in block.text.split(" | | ")]
        return Block("table", "\n".join(row.strip("| ") for row in rows))
    if block.text.startswith("1. "):
        return Block("notes", "\n".join(part.strip() for part in re.split(r"(?:^|\s)\d\. ", block.text) if part))
    return block
