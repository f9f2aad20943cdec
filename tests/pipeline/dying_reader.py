"""The shipped classifier in a process that some texts kill or hold: what a bug of a library would do to it."""

from __future__ import annotations

import os

from classifiers import build
from core.articles import Article, Verdict
from core.sources import Topic

TOPICS = [Topic("impact-social", "Impact social")]


class Dying:
    def __init__(self) -> None:
        self._own = build(TOPICS)
        self.gate, self.versions = self._own.gate, self._own.versions

    def may_match(self, article: Article) -> bool:
        return self._own.may_match(article)

    def classify(self, article: Article) -> Verdict:
        if "meurs" in article.text:
            os._exit(9)
        while "sans fin" in article.text:
            pass
        return self._own.classify(article)
