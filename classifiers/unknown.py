"""Looks for actors that no list knows, by spaCy's named entities, in a few passages only.

Entities cost five times what sentences cost, and err: they are asked only where words give somebody a part in a
contract, and after the lists.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from classifiers.gazetteer import Mention, Name, slug
from classifiers.nlp import entities
from classifiers.roles import is_cue
from classifiers.sentences import passage
from classifiers.words import Words
from core.french import STOP_WORDS

MOST_PASSAGES = 8
_KINDS = {"ORG": "organisation", "PER": "somebody", "MISC": "something"}
"""Labels of the model that may be an actor: it takes many associations for persons or works."""
_LONGEST = 80
_NAME = re.compile(r"[^\W\d_]{3}")


def unknown(words: Words, places: Iterable[tuple[int, int]], known: Sequence[Mention], pdf: bool) -> list[Mention]:
    """Names in the passages around these places of the text that overlap no known mention."""
    passages = list(dict.fromkeys(passage(words.text, start, end, pdf) for start, end in places))[:MOST_PASSAGES]
    taken = {i for mention in known if mention.name.kind == "actor" for i in range(mention.first, mention.last + 1)}
    starts = [piece.start for piece in words.pieces[words.title_count :]]
    found: list[Mention] = []
    for low, high in sorted(passages):
        with entities(words.text[low:high]) as doc:
            spans = [(low + e.start_char, low + e.end_char, e.label_) for e in doc.ents if e.label_ in _KINDS]
        for start, end, label in spans:
            mention = _mention(words, starts, (start, end), _KINDS[label])
            if mention is not None and not taken & set(range(mention.first, mention.last + 1)):
                taken |= set(range(mention.first, mention.last + 1))
                found.append(mention)
    return found


def _mention(words: Words, starts: Sequence[int], span: tuple[int, int], kind: str) -> Mention | None:
    """The pieces of an entity, its first articles aside; None when it cannot be a name."""
    shift = words.title_count
    first, last = shift + bisect_left(starts, span[0]), shift + bisect_left(starts, span[1]) - 1
    while first <= last and words.pieces[first].key in STOP_WORDS:
        first += 1
    written = words.written(first, last) if first <= last else ""
    if len(written) > _LONGEST or not _NAME.search(written) or is_cue(words.pieces[first].key) or written.islower():
        return None
    shown = " ".join(written.split())
    return Mention(Name("actor", slug(written), shown[0].upper() + shown[1:], written, False, (), kind), first, last)
