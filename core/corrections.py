"""What people say of an article, and what it comes to: their word beats the rules for good (product decision 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from core.articles import ArticleVersion, StoredArticle, Tag
from core.text import fold

Opinion = Literal["pertinent", "hors-sujet", "doute"]
State = Literal["", "pertinent", "hors-sujet", "discussion"]
"""Empty: nobody has said anything."""
Cause = Literal["version", "reprocess", "retag", "correction"]
"""Why tags were replaced: the publisher's edit, a better reading, other rules, a person."""
KEYS = 2
"""People who must agree to close a doubt."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One opinion of one person on one article, for one topic; kept for ever."""

    article_id: int
    text_hash: str
    """SHA-256 of the text that was judged, as `version` keeps it."""
    topic: str
    opinion: Opinion
    by: str
    """`member:12`, or a short name that was typed; never shown to visitors."""
    at: datetime
    labels: tuple[str, ...] = ()
    """« pertinent »: all the labels that the article bears for the topic; empty otherwise."""
    central: bool | None = None
    """None: as the rules say."""
    reason: str = ""
    id: int = 0
    """Given by the store, in the order of arrival."""

    @property
    def person(self) -> str:
        """Whose opinion it is, however the name was typed; two members of one name are two."""
        return " ".join(fold(self.by).split())


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the opinions on a story come to, for one topic."""

    state: State
    at: datetime | None = None
    """Of the last opinion."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why and when tags are replaced."""

    cause: Cause
    at: datetime
    news_since: datetime | None = None
    """An older article that gains its first label is history: searched, never mailed."""


@dataclass(frozen=True, slots=True)
class PastTag:
    """A tag that an article no longer bears, or no longer bears in the same way."""

    topic: str
    label: str
    central: bool
    score: float
    rule_versions: tuple[str, ...]
    """The rules that gave it, `cis-contrat@3` and the like; empty when a person had."""
    ended_at: datetime
    cause: Cause


@dataclass(frozen=True, slots=True)
class Judged:
    """An article with what the rules say of it and what people say of its story."""

    article: StoredArticle
    machine: tuple[Tag, ...]
    """What the rules say; `article.tags` is what it bears."""
    opinions: tuple[Correction, ...]
    """On the article and on its copies, in the order of arrival."""
    text_hash: str
    purged: bool
    """True when its text is gone (product decision 9)."""


class CorrectionStore(Protocol):
    def record(self, opinions: Sequence[Correction], who: str = "command") -> None:
        """In one transaction, add opinions, give the story of each the tags that follow, and note it in the audit.

        `who`: as `core.members.Change.who` says.
        """
        ...

    def judged(self, article_id: int) -> Judged | None: ...

    def article_ids(self) -> list[int]:
        """The articles on which somebody has said something, the last judged first."""
        ...

    def by_story(self) -> dict[int, list[Correction]]:
        """Every opinion in the order of arrival, by story, the story last judged first."""
        ...

    def version_judged(self, opinion: Correction) -> ArticleVersion | None:
        """The version that has the text of an opinion; None when no version has it any more."""
        ...

    def past_tags(self, article_id: int) -> list[PastTag]:
        """The last ended first."""
        ...


def standing(opinions: Iterable[Correction]) -> list[Correction]:
    """The last opinion of each person: who speaks again has changed their mind."""
    last: dict[str, Correction] = {}
    for each in sorted(opinions, key=lambda one: (one.at, one.id)):
        last[each.person] = each
    return list(last.values())


def ruling(opinions: Sequence[Correction]) -> Ruling:
    """What opinions on one story and one topic come to, in whatever order they are given.

    One person is enough. Once somebody has doubted, or two people disagree, KEYS people must agree, and be more than
    those who say the opposite.
    """
    if not opinions:
        return Ruling("")
    said = [each.opinion for each in standing(opinions)]
    yes, no = said.count("pertinent"), said.count("hors-sujet")
    doubted = any(each.opinion == "doute" for each in opinions)
    needed = KEYS if doubted or (yes and no) else 1
    at = max(each.at for each in opinions)
    if max(yes, no) < needed or yes == no:
        return Ruling("discussion", at)
    return Ruling("pertinent" if yes > no else "hors-sujet", at)


def rulings(opinions: Iterable[Correction]) -> dict[str, Ruling]:
    """By topic."""
    topics: dict[str, list[Correction]] = {}
    for each in opinions:
        topics.setdefault(each.topic, []).append(each)
    return {topic: ruling(own) for topic, own in topics.items()}


def states(opinions: Iterable[Correction]) -> dict[str, State]:
    """By topic."""
    return {topic: each.state for topic, each in rulings(opinions).items()}


def is_discussed(opinions: Iterable[Correction]) -> bool:
    """Whether people still discuss a story, whatever the topic."""
    return "discussion" in states(opinions).values()


def open_doubts(stories: Mapping[int, Sequence[Correction]]) -> set[int]:
    """The stories under discussion."""
    return {story for story, said in stories.items() if is_discussed(said)}


def decided(machine: Sequence[Tag], opinions: Sequence[Correction], article_id: int) -> tuple[Tag, ...]:
    """The tags that an article bears, from those of the rules and from the opinions on its story.

    « hors sujet » holds for every copy of a story; the labels of « pertinent » are those of the article that was read.
    While a doubt is open, and for topics that nobody judged, the rules decide.
    """
    tags = list(machine)
    for topic, found in rulings(opinions).items():
        own = [each for each in opinions if each.topic == topic and each.article_id == article_id]
        given = [each for each in standing(own) if each.opinion == "pertinent"]
        if found.state == "hors-sujet":
            tags = [tag for tag in tags if tag.topic != topic]
        elif found.state == "pertinent" and given:
            tags = [tag for tag in tags if tag.topic != topic] + _given(topic, given, machine)
    return tuple(tags)


def _given(topic: str, opinions: Sequence[Correction], machine: Sequence[Tag]) -> list[Tag]:
    """The labels of those who agree, together; central when one of them says so, passing when one says only that."""
    known = {tag.label: tag for tag in machine if tag.topic == topic}
    said = {each.central for each in opinions}
    tags = []
    for label in sorted({label for each in opinions for label in each.labels}):
        tag = known.get(label, Tag(topic, label, True, 1.0))
        tags.append(Tag(topic, label, True in said or (False not in said and tag.central), tag.score))
    return tags
