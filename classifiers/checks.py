"""Tries every rule of a lexicon on the sentences it carries, so that a dead or greedy rule is refused at start."""

from __future__ import annotations

from pathlib import Path

from classifiers.context import Candidate
from classifiers.keywords import GapJudge, Matcher
from classifiers.lexicon import Lexicon, Rule
from classifiers.words import Words
from core.errors import TopicError


def anything(words: Words, candidate: Candidate) -> bool:
    """Lets every inserted word pass: spaCy is too slow to load for a check at start (the tests use it)."""
    return True


def check(lexicon: Lexicon, path: Path) -> None:
    """Raises TopicError when an example is not accepted by its own rule, or a counterexample is."""
    matcher = Matcher(lexicon)
    for rule in lexicon.rules:
        for sentence in rule.examples:
            if not accepts(matcher, rule, sentence, anything):
                raise TopicError(f"{path} : la règle « {rule.id} » ne trouve pas son propre exemple : « {sentence} »")
        for sentence in rule.counterexamples:
            if accepts(matcher, rule, sentence, anything):
                raise TopicError(f"{path} : la règle « {rule.id} » accepte son contre-exemple : « {sentence} »")


def accepts(matcher: Matcher, rule: Rule, sentence: str, judge: GapJudge) -> bool:
    """Whether a rule accepts something in a sentence."""
    words = matcher.words("", sentence)
    found = matcher.weigh(words, matcher.candidates(words), judge)
    return any(one.accepted and one.rule.id == rule.id for one in found)
