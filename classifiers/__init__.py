"""The tagging room: an article goes in, tags and match cards come out.

Light to import: rules are read by `build`, spaCy is loaded by the first candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING

from classifiers.description import TOPICS, describe, folder
from core.articles import Article, Match, Verdict
from core.errors import TopicError
from core.facts import Fact
from core.gate import NEVER
from core.sources import Topic

if TYPE_CHECKING:
    from core.ports import Classifier


__all__ = ["CLASSIFIERS", "TOPICS", "build", "build_with", "labels"]


def _lexicon(topic: Topic) -> Classifier:
    from classifiers.lexicon import load
    from classifiers.tagger import Tagger

    described = {label.slug for label in describe(topic).labels}
    path = folder(topic) / "lexicon.toml"
    lexicon = load(path)
    if lexicon.topic != topic.slug:
        raise TopicError(f"{path} : « topic » vaut « {lexicon.topic} », et le sujet s'appelle « {topic.slug} »")
    if differing := described ^ set(lexicon.labels):
        lacking = "topic.toml n'a pas de [[label]] pour" if min(differing) not in described else "aucune règle ne pose"
        raise TopicError(f"{path} : {lacking} l'étiquette « {min(differing)} »")
    return Tagger(topic, lexicon)


CLASSIFIERS: dict[str, Callable[[Topic], Classifier]] = {"lexicon": _lexicon}
"""Name → builder of a classifier for one topic."""


class _All:
    """Several classifiers read as one."""

    def __init__(self, members: Sequence[Classifier], with_facts: bool = True) -> None:
        self._members = tuple(members)
        self._with_facts = with_facts
        self.gate = reduce(or_, (member.gate for member in members), NEVER)
        self.versions = tuple(dict.fromkeys(version for member in members for version in member.versions))

    def may_match(self, article: Article) -> bool:
        return any(member.may_match(article) for member in self._members)

    def classify(self, article: Article) -> Verdict:
        verdicts = [member.classify(article) for member in self._members]
        tags = tuple(tag for verdict in verdicts for tag in verdict.tags)
        matches = tuple(match for verdict in verdicts for match in verdict.matches)
        return Verdict(tags, matches, self._facts(article, matches) if tags and self._with_facts else ())

    def _facts(self, article: Article, matches: Sequence[Match]) -> tuple[Fact, ...]:
        from classifiers.facts import facts

        return facts(article, matches)


def build(topics: Sequence[Topic], *, with_facts: bool = True) -> Classifier:
    """A classifier that reads articles for every topic. Raises TopicError when a topic's data is missing or wrong.

    Facts take more than half of the time of a tagged article: who looks at tags alone leaves them out.
    """
    return _All([builder(topic) for topic in topics for builder in CLASSIFIERS.values()], with_facts)


def build_with(topics: Sequence[Topic], place: Path) -> Classifier:
    """The same, the lexicon of one topic being read elsewhere: a file, or a folder that holds lexicon.toml.

    Raises TopicError when it is wrong, or of a topic that is not among these.
    """
    from classifiers.lexicon import load
    from classifiers.tagger import Tagger

    lexicon = load(place / "lexicon.toml" if place.is_dir() else place)
    chosen = [topic for topic in topics if topic.slug == lexicon.topic]
    if not chosen:
        raise TopicError(f"{place} : le lexique est celui de « {lexicon.topic} », sujet absent de la configuration.")
    others = [topic for topic in topics if topic.slug != lexicon.topic]
    return _All([Tagger(chosen[0], lexicon), build(others)])


def labels(topics: Sequence[Topic]) -> dict[str, str]:
    """Label → slug of the topic that gives it. Raises TopicError when a topic's data is missing or wrong."""
    return {label.slug: topic.slug for topic in topics for label in describe(topic).labels}
