"""What an editor is shown of people's word on an article: who said what, and the form of their own opinion; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from archive.names import Names, TagName
from core.corrections import Correction, Judged, Opinion, is_discussed
from core.members import Member
from core.saying import Saying, by_member, told_name
from core.topics import Section

OPINIONS: dict[Opinion, str] = {"pertinent": "pertinent", "hors-sujet": "hors sujet", "doute": "un doute"}
"""The opinion, as a form sends it → its name."""
WEIGHTS: dict[str, tuple[bool | None, str]] = {
    "regles": (None, "comme les règles le disent"),
    "central": (True, "sujet principal"),
    "passage": (False, "simple mention"),
}
LABEL = "etiquette-"
"""Before the slug of a label, in the fields of a form."""


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion, as editors read it."""

    name: str
    at: datetime
    opinion: str
    labels: tuple[TagName, ...]
    weight: str
    """Empty when it is as the rules say."""
    reason: str
    copy: int | None
    """The article that was read, when it is a copy of this one."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The opinions on a story, and what the form of one article holds."""

    number: int
    text_hash: str
    said: tuple[Said, ...]
    labels: tuple[TagName, ...]
    ticked: frozenset[str]
    opinion: str
    weight: str
    reason: str
    open: bool
    """Under discussion."""
    spoken: bool
    """The editor who asks has already given an opinion."""


class Unclear(Exception):
    """A form from which no opinion can be made; its message, in French, says why."""


def desk_of(
    judged: Judged, names: Names, members: Iterable[Member], viewer: Member, given: Mapping[str, str] | None = None
) -> Desk:
    """`given`: what was sent, to be shown again; without it, the labels that the article bears are ticked."""
    people = {member.id: member.name for member in members}
    borne = (tag.label for tag in judged.article.tags)
    sent = given or {}
    return Desk(
        number=judged.article.id,
        text_hash=judged.text_hash,
        said=tuple(_said(each, judged.article.id, names, people) for each in judged.opinions),
        labels=names.tags(names.labels),
        ticked=frozenset(borne if given is None else _ticked(sent, names)),
        opinion=sent.get("avis", ""),
        weight=sent.get("poids", "regles"),
        reason=sent.get("motif", ""),
        open=is_discussed(judged.opinions),
        spoken=any(each.by == by_member(viewer.id) for each in judged.opinions),
    )


def _ticked(form: Mapping[str, str], names: Names) -> tuple[str, ...]:
    return tuple(slug for slug in names.labels if LABEL + slug in form)


def _said(each: Correction, number: int, names: Names, people: Mapping[int, str]) -> Said:
    weight = next(name for value, name in WEIGHTS.values() if value is each.central)
    return Said(
        name=told_name(each.by, people),
        at=each.at,
        opinion=OPINIONS[each.opinion],
        labels=names.tags(each.labels),
        weight="" if each.central is None else weight,
        reason=each.reason,
        copy=each.article_id if each.article_id != number else None,
    )


def saying_of(form: Mapping[str, str], judged: Judged, names: Names, viewer: Member) -> Saying:
    """Raises Unclear."""
    if form.get("texte", "") != judged.text_hash:
        raise Unclear("Le texte de l’article a changé depuis que vous avez ouvert la page : relisez-le.")
    opinion = next((each for each in OPINIONS if each == form.get("avis")), None)
    if opinion is None:
        raise Unclear("Choisissez un avis : pertinent, hors sujet ou un doute.")
    if opinion != "pertinent":
        return Saying(opinion, by_member(viewer.id), reason=form.get("motif", ""))
    labels = _ticked(form, names)
    if not labels:
        raise Unclear("Cochez au moins une étiquette, ou dites « hors sujet ».")
    weight, _ = WEIGHTS.get(form.get("poids", "regles"), (None, ""))
    return Saying(opinion, by_member(viewer.id), labels, weight, form.get("motif", ""))


def topics_of(sections: Iterable[Section]) -> dict[str, str]:
    """Label → the topic that has it."""
    return {label: section.topic for section in sections for label in section.labels}
