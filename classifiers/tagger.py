"""Reads an article for one topic: filter, forms, context, relevance, cards."""

from __future__ import annotations

from classifiers.cards import cards
from classifiers.filter import Filter
from classifiers.gaps import one_expression
from classifiers.keywords import Found, Matcher
from classifiers.lexicon import Lexicon
from classifiers.relevance import relevance
from classifiers.sections import sections
from classifiers.words import Words
from core.articles import Article, Tag, Verdict
from core.sources import Topic


class Tagger:
    """A topic's classifier. Deterministic, without threads, and usable on both sides of a fork."""

    def __init__(self, topic: Topic, lexicon: Lexicon) -> None:
        self.topic = topic.slug
        self._central_from = topic.central_from
        self.versions = tuple(rule.tag for rule in lexicon.rules)
        self._labels = lexicon.labels
        self._filter = Filter(lexicon)
        self.gate = self._filter.gate
        self._matcher = Matcher(lexicon)

    def may_match(self, article: Article) -> bool:
        """False when no core rule can have a candidate in the article."""
        return self._filter.may_match(article.title, article.text)

    def classify(self, article: Article) -> Verdict:
        """Tags and cards of an article, empty when no rule of the topic has a candidate in it."""
        if not self._filter.may_match(article.title, article.text):
            return Verdict()
        parts = sections(article.title, article.text, self._filter, self._matcher)
        words = self._matcher.words(article.title, article.text, parts)
        found = self._matcher.find(words, one_expression)
        return Verdict(self._tags(words, found, len(article.text)), cards(article, self.topic, words, found))

    def _tags(self, words: Words, found: list[Found], length: int) -> tuple[Tag, ...]:
        named = {one.rule.label for one in found if one.accepted}
        tags = []
        for label in self._labels:
            if label in named:
                about = relevance(words, found, label, length, self._central_from)
                tags.append(Tag(self.topic, label, about.central, about.score))
        return tuple(tags)
