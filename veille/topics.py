"""What each topic says of itself: the definition that readers see, a file in the topic's folder."""

from __future__ import annotations

import re
from importlib import resources

from core.errors import TopicError
from core.sources import Topic


def definition(topic: Topic) -> str:
    """The Markdown text of a topic's definition; raises TopicError when the topic has no folder."""
    file = resources.files("classifiers") / "topics" / topic.slug / "definition.md"
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        raise TopicError(f"Le sujet « {topic.slug} » n'a pas de dossier classifiers/topics/{topic.slug}/.") from None


def summary(topic: Topic) -> str:
    """The first sentence of the definition, in plain text, for the foot of the mails."""
    paragraphs = [p.strip() for p in definition(topic).split("\n\n") if p.strip() and not p.startswith("#")]
    first = re.sub(r"[*_`]", "", " ".join(paragraphs[0].split())) if paragraphs else ""
    sentence = re.split(r"(?<=[.!?])\s", first, maxsplit=1)
    return sentence[0]
