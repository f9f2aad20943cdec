"""What the followed topics say of themselves to readers, together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classifiers.description import describe
from core.errors import TopicError
from core.sources import Topic
from core.topics import Description


def descriptions(topics: Sequence[Topic]) -> tuple[Description, ...]:
    """One per topic, in order. Raises TopicError when a topic's folder is wrong, or two topics share a label."""
    found = tuple(map(describe, topics))
    owners: dict[str, str] = {}
    for topic, description in zip(topics, found, strict=True):
        for label in description.labels:
            if (owner := owners.setdefault(label.slug, topic.slug)) != topic.slug:
                raise TopicError(
                    f"Les sujets « {owner} » et « {topic.slug} » ont la même étiquette « {label.slug} » : "
                    "changez-la dans topic.toml et lexicon.toml de l'un d'eux."
                )
    return found


def summary(definition: str) -> str:
    """The first sentence of a definition, in plain text, for the foot of the mails."""
    paragraphs = [p.strip() for p in definition.split("\n\n") if p.strip() and not p.startswith("#")]
    first = re.sub(r"[*_`]", "", " ".join(paragraphs[0].split())) if paragraphs else ""
    sentence = re.split(r"(?<=[.!?])\s", first, maxsplit=1)
    return sentence[0]
