"""Turns weighed candidates into the match cards that are stored and shown."""

from __future__ import annotations

from collections.abc import Sequence

from classifiers.keywords import Found
from classifiers.lexicon import THRESHOLD
from classifiers.sentences import Sentence, page_of, sentence_of
from classifiers.words import Words
from core.articles import Article, Match

MOST = 40
"""Cards of one article, at most."""
_MOST_A_RULE = 12
_SUPPORTING = 3


def cards(article: Article, topic: str, words: Words, found: Sequence[Found]) -> tuple[Match, ...]:
    """The best cards first: accepted before refused, tagging before supporting, then by score and place."""
    return tuple(_card(article, topic, words, one) for one in _best(found))


def _best(found: Sequence[Found]) -> list[Found]:
    ordered = sorted(
        found, key=lambda f: (not f.accepted, not f.rule.label, -f.evidence.score, f.candidate.first, f.rule.id)
    )
    kept: list[Found] = []
    taken: dict[str, int] = {}
    for one in ordered:
        number = taken[one.rule.id] = taken.get(one.rule.id, 0) + 1
        if number <= (_MOST_A_RULE if one.rule.label else _SUPPORTING):
            kept.append(one)
    proofs = list({one.rule.label: one for one in reversed(kept) if one.accepted and one.rule.label}.values())
    rest = [one for one in kept if one not in proofs]
    chosen = proofs + rest[: MOST - len(proofs)]
    return sorted(chosen, key=ordered.index)


def _card(article: Article, topic: str, words: Words, found: Found) -> Match:
    candidate, rule = found.candidate, found.rule
    field = words.field_of(candidate.first)
    source = article.title if field == "title" else article.text
    start, end = words.pieces[candidate.first].start, words.pieces[candidate.last].end
    shown = Sentence(source, 0) if field == "title" else sentence_of(article, start, end)
    return Match(
        topic=topic,
        rule=rule.id,
        rule_version=str(rule.version),
        concept=rule.concept,
        label=rule.label,
        field=field,
        form=words.written(candidate.first, candidate.last),
        start=start,
        end=end,
        sentence=shown.text,
        sentence_start=shown.start,
        score=found.evidence.score,
        threshold=THRESHOLD,
        accepted=found.accepted,
        page=page_of(article, start) if field == "text" else None,
        confirmed_by=found.evidence.confirmed_by,
        refuted_by=found.evidence.refuted_by,
    )
