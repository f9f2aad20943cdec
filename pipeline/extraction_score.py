"""How well articles are read from pages whose text is known, beside trafilatura on the same pages.

The measure is that of the article-extraction-benchmark of Scrapinghub (2020): precision and recall on shingles of four
words, per page, then their means over pages; F1 is the harmonic mean of the two means.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.gate import ALWAYS, NEVER, Gate
from core.labelled import LabelledPage
from core.pages import Failure, FetchedPage

SHINGLE = 4
REFERENCE = "trafilatura"
"""The reader whose time is the unit: trafilatura as it is by default, without metadata."""
_WORD = re.compile(r"\w+")
_ADDRESS = "https://example.org/2026/11/un-article"
_AT = datetime(2026, 11, 25, tzinfo=UTC)

Reader = Callable[[str], str]
"""HTML → the article's text, empty when none is found."""


@dataclass(frozen=True, slots=True)
class ReaderScore:
    """One reader over all pages; every figure but `time` is between 0 and 1."""

    reader: str
    precision: float
    recall: float
    f1: float
    furniture: float
    """Share of the words of furniture that it let through, in the mean of pages."""
    time: float
    """Processor time as a multiple of the reference's."""
    pages: dict[str, float]
    """F1 of each page."""


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words of a text, with their counts; a shorter text is one run."""
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - SHINGLE + 1)) if words else ()
    return Counter(tuple(words[start : start + SHINGLE]) for start in starts)


def precision_recall(found: str, truth: str) -> tuple[float | None, float]:
    """Precision (None when nothing was found) and recall of one page."""
    got, wanted = shingles(found), shingles(truth)
    right = (got & wanted).total()
    return (right / got.total() if got else None), (right / wanted.total() if wanted else float(not got))


def furniture_share(found: str, page: LabelledPage) -> float:
    """Share of the words of the page's furniture found in a text, save the lines that the article says too."""
    truth, got = _spaced(page.text), _spaced(found)
    lines = [line for line in map(_spaced, page.furniture) if line not in truth]
    whole = sum(len(line.split()) for line in lines)
    return sum(len(line.split()) for line in lines if line in got) / whole if whole else 0.0


def _spaced(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.lower()))} "


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def readers() -> dict[str, Reader]:
    """Ours with care and fast, and trafilatura's three settings, by name."""
    return {
        "veille": lambda html: _ours(html, ALWAYS),
        "veille, rapide": lambda html: _ours(html, NEVER),
        REFERENCE: _trafilatura,
        "trafilatura fast": lambda html: _trafilatura(html, fast=True),
        "trafilatura precision": lambda html: _trafilatura(html, favor_precision=True),
    }


def _ours(html: str, gate: Gate) -> str:
    from pipeline.html import extract_html

    headers = (("content-type", "text/html; charset=utf-8"),)
    body = html.encode("utf-8", "replace")
    found = extract_html(FetchedPage(1, "essai", "article", _ADDRESS, _ADDRESS, 200, headers, body, "", _AT), gate)
    return "" if isinstance(found, Failure) else found.text


def _trafilatura(html: str, **settings: Any) -> str:
    from trafilatura import bare_extraction

    found = bare_extraction(html, include_comments=False, with_metadata=False, **settings)
    return "" if found is None or isinstance(found, dict) else found.text or ""


def measure(pages: Sequence[LabelledPage]) -> list[ReaderScore]:
    """Every reader on every page, page by page so that a slower moment of the machine slows all of them. Raises
    ValueError when there is no page."""
    if not pages:
        raise ValueError("no page to read")
    every = readers()
    for read in every.values():
        read(pages[0].html)  # what is loaded on the first page is nobody's time
    found: dict[str, list[str]] = {name: [] for name in every}
    spent = dict.fromkeys(every, 0.0)
    for page in pages:
        for name, read in every.items():
            start = time.process_time()
            found[name].append(read(page.html))
            spent[name] += time.process_time() - start
    return [_score(name, pages, texts, spent[name] / spent[REFERENCE]) for name, texts in found.items()]


def _score(name: str, pages: Sequence[LabelledPage], texts: Sequence[str], ratio: float) -> ReaderScore:
    pairs = [precision_recall(text, page.text) for page, text in zip(pages, texts, strict=True)]
    precisions = [precision for precision, _ in pairs if precision is not None]
    precision = sum(precisions) / len(precisions) if precisions else 0.0
    recall = sum(recall for _, recall in pairs) / len(pairs)
    furniture = sum(furniture_share(text, page) for page, text in zip(pages, texts, strict=True)) / len(pages)
    by_page = {page.name: f1(pair[0] or 0.0, pair[1]) for page, pair in zip(pages, pairs, strict=True)}
    return ReaderScore(name, precision, recall, f1(precision, recall), furniture, ratio, by_page)
